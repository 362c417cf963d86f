"""Connections of the serving process's pool, which asks each whether it lives before handing it out."""

import select
import time

import psycopg
from django.db import connections

#: Seconds for which an answer counts, as long as nothing has come from the database since.
_TRUSTED_SECONDS = 1.0


class PooledConnection(psycopg.Connection):
    """One that answered a moment ago is looked at instead of asked; a dead one takes the idle ones with it.

    Asking is a round trip, a tenth of what a kept tile costs. A database that stops, or drops a connection, says so or
    closes it: either way there is something to read.

    After a restart of the database all of them are dead. The pool would find them one by one, waiting longer after
    each, until the request that needs one gives up.
    """

    #: Whose pool it is in.
    alias = "default"
    #: Set by the engine once it knows PostGIS's types.
    reads_geometry = False
    #: Set by the engine once it knows that the login may do no more than serve.
    has_no_rights = False
    _answered = 0.0

    def execute(self, query, *args, **kwargs):
        is_the_pools_question = query == ""
        if is_the_pools_question and self._is_quiet():
            return None
        try:
            found = super().execute(query, *args, **kwargs)
        except psycopg.OperationalError:
            if self.closed:
                connections[self.alias].pool.drain()
            raise
        if is_the_pools_question:
            self._answered = time.monotonic()
        return found

    def _is_quiet(self) -> bool:
        """Whether it answered a moment ago and nothing has come since."""
        if time.monotonic() - self._answered > _TRUSTED_SECONDS:
            return False
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return not poll.poll(0)


class ReplicaConnection(PooledConnection):
    """One to the replica, which dies by itself."""

    alias = "replica"
