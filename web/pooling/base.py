"""The database engine of a serving process: Django's for PostGIS, over connections that live on in a pool."""

from django.contrib.gis.db.backends.postgis import base
from django.db import OperationalError

from gis.accounts.scope import RUNTIME_ROLE


class DatabaseWrapper(base.DatabaseWrapper):
    def register_geometry_adapters(self, pg_connection, clear_caches=False):
        # Once for a connection is enough. Django does it whenever one is taken out of the pool.
        if clear_caches or not pg_connection.reads_geometry:
            super().register_geometry_adapters(pg_connection, clear_caches)
            pg_connection.reads_geometry = True

    def _configure_connection(self, connection):
        changed = super()._configure_connection(connection)
        # Behind PgBouncer no role can be laid down at the start: the login must have no other rights by itself.
        if "options" not in self.settings_dict["OPTIONS"] and not connection.has_no_rights:
            (role,) = connection.execute("SELECT current_user").fetchone()
            if role != RUNTIME_ROLE:
                raise OperationalError(f"The login of DATABASE_POOLER_URL must be {RUNTIME_ROLE}.")
            connection.has_no_rights = True
        return changed
