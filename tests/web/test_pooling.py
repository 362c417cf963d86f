"""The pool of a serving process after a restart of the database: it …"""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests.databases import address_of

_FILL_AND_ASK = """
import django, time
django.setup()
from django.db import connection
pool = connection.pool
pool.open()
held = [pool.getconn() for _ in range(5)]
for one in held: pool.putconn(one)
print("idle", flush=True)
input()
started = time.monotonic()
with pool.connection() as one: one.execute("SELECT 1")
print(time.monotonic() - started < 10, flush=True)
"""


def test_it_gives_a_living_connection_soon_however_many_have_died(own_town):
    """Found one by one, five dead connections would cost 0 + 1 + 2 + 4 + 8 seconds: more than a request waits."""
    serving = {"WANGGE_SERVING": "1", "WANGGE_THREADS": "5", "DJANGO_SETTINGS_MODULE": "web.settings"}
    places = {"DATABASE_URL": address_of(own_town), "DATABASE_RUNTIME_URL": address_of(own_town, "wangge_app")}
    process = subprocess.Popen(
        [sys.executable, "-c", _FILL_AND_ASK],
        env=os.environ | serving | places,
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "idle\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == 5
    assert process.communicate("\n", timeout=30)[0] == "True\n"
