"""Connections of the serving process's pool, which asks each whether it lives before handing it out."""

import psycopg
from django.db import connection


class PooledConnection(psycopg.Connection):
    """A dead one takes the idle ones with it.

    After a restart of the database all of them are dead. The pool would find them one by one, waiting longer after
    each, until the request that needs one gives up.
    """

    def execute(self, *args, **kwargs):
        try:
            return super().execute(*args, **kwargs)
        except psycopg.OperationalError:
            if self.closed:
                connection.pool.drain()
            raise
