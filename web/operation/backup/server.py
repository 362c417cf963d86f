"""PostgreSQL's own programs and connections to the database that is kept, as its owner."""

import os
import subprocess
from typing import IO

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from gis.errors import WanggeError
from web.start.postgres import find_postgres


def address(database: str = "") -> str:
    """How to reach a database of the server, without the password."""
    asked = connection.settings_dict
    options = {name: value for name, value in asked["OPTIONS"].items() if isinstance(value, str)}
    known = {"host": asked["HOST"], "port": asked["PORT"], "user": asked["USER"]}
    return make_conninfo(dbname=database or asked["NAME"], **{k: v for k, v in known.items() if v}, **options)


def connect(database: str = "", *, autocommit: bool = True) -> psycopg.Connection:
    """A connection of its own, as the owner. Raises WanggeError where there is no such database."""
    try:
        return psycopg.connect(
            address(database), password=connection.settings_dict["PASSWORD"] or None, autocommit=autocommit
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise WanggeError(f"The database cannot be reached: {reason}", fix="Run `python3 manage.py doctor`.") from None


def start(program: str, *arguments: str, major: int, stdin=None, stdout=None) -> subprocess.Popen:
    """Start pg_dump or pg_restore. Its password travels in the environment, not on the command line."""
    secret = connection.settings_dict["PASSWORD"]
    environment = os.environ | {"LC_ALL": "C.UTF-8"} | ({"PGPASSWORD": secret} if secret else {})
    command = [str(_folder(major) / program), *arguments]
    return subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)


def _folder(major: int):
    """The programs of that version or the next newer one: an older pg_dump refuses."""
    found = [one for one in find_postgres() if one.major >= major]
    if not found:
        raise WanggeError(
            f"This machine has no pg_dump of PostgreSQL {major} or newer.", fix=f"Install postgresql-client-{major}."
        )
    return found[-1].programs


def complaint(errors: IO[bytes]) -> str:
    """The first thing a program complained about. Never its data: a context may quote a row."""
    lines = errors.read().decode(errors="replace").splitlines()
    loud = [line for line in lines if "error" in line.lower() or "FATAL" in line]
    return (loud or lines or ["it gave no reason"])[0].strip()
