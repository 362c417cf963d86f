"""What every private cluster holds before the first migration: two logins, one database, the extensions."""

import re
import subprocess
from pathlib import Path

from web.start.owner import give_to_server
from web.start.postgres import Postgres
from web.start.problems import CannotStart, explain_output
from web.start.processes import is_alive

#: Raise it when the SQL below changes, and every cluster takes it in at its next start.
VERSION = 1

_ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_app') THEN
    CREATE ROLE wangge_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
END $$;
"""

# In template1 as well, so that each test database is born with them.
_EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER EXTENSION postgis UPDATE;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wangge_app;
ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO wangge_app;
"""

_DATABASE = """
SELECT 'CREATE DATABASE wangge' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'wangge') \\gexec
"""


def prepare_contents(postgres: Postgres, socket_folder: Path, mark: Path) -> None:
    """Bring a running cluster's roles, database and extensions up to date; `mark` remembers that it was done."""
    wanted = f"{VERSION} {postgres.postgis}\n"
    if mark.exists() and mark.read_text() == wanted:
        return
    for database, statements in (("template1", _ROLES + _EXTENSIONS + _DATABASE), ("wangge", _EXTENSIONS)):
        _execute(postgres, socket_folder, database, statements)
    mark.write_text(wanted)
    give_to_server(mark)


def drop_remains(postgres: Postgres, socket_folder: Path) -> int:
    """Drop the databases of test runs that were killed: they carry the number of a process that is gone.

    Another run that begins at this moment may drop them as well.
    """
    listed = _execute(postgres, socket_folder, "postgres", "SELECT datname FROM pg_database;")
    names = re.findall(r"^(test_wangge_(\d+)\w*)$", listed, re.MULTILINE)
    dead = [name for name, pid in names if not is_alive(int(pid))]
    _execute(
        postgres, socket_folder, "postgres", "".join(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);\n" for name in dead)
    )
    return len(dead)


def _execute(postgres: Postgres, socket_folder: Path, database: str, statements: str) -> str:
    """Run statements through psql, for there is no driver yet when the first cluster is made. Returns its rows.

    Raises:
        CannotStart: the server refused one of them.
    """
    command = [str(postgres.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "wangge"]
    done = subprocess.run(
        [*command, "-h", str(socket_folder), "-d", database],
        input=statements,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise explain_output(done.stderr, socket_folder) or _refused(done.stderr)
    return done.stdout


def _refused(complaint: str) -> CannotStart:
    reason = next((line for line in complaint.splitlines() if "ERROR" in line or "FATAL" in line), complaint)
    return CannotStart(
        f"The database could not be prepared: {reason.strip()}",
        "correct that, then run the same command again.",
    )
