"""The database engine of a serving process: Django's for PostGIS, over connections that live on in a pool."""

from django.contrib.gis.db.backends.postgis import base


class DatabaseWrapper(base.DatabaseWrapper):
    def register_geometry_adapters(self, pg_connection, clear_caches=False):
        # Once for a connection is enough. Django does it whenever one is taken out of the pool.
        if clear_caches or not pg_connection.reads_geometry:
            super().register_geometry_adapters(pg_connection, clear_caches)
            pg_connection.reads_geometry = True
