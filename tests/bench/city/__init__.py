"""A city for measuring: a million buildings, five million residents, a million incidents, 40,000 cells.

It lies in a database of its own beside the product's, is made once (about ten minutes) and used by every measurement
until the code that makes it changes. `BENCH_CITY_URL` names one that is there already, so that several checkouts share
it; migrations that it lacks are applied, so checkouts that share one must not differ in theirs.

What is not like a real city:

* Eight streets come out of the generator, the others are copies of them: the same streets, houses and names again and
  again, moved, with codes, identity numbers and phones of their own. Incidents happen at the same minutes everywhere.
* A cell has 25 buildings, as cells have, but an eighth of its people: a million buildings with as many people each as
  houses here have would hold forty million.
* The dense centre, four districts, is the same drawn half as large: its houses are too small for the people in them.
* Streets lie in a lattice with some metres between them; districts are squares of a hundred of them.
* Sun, the demonstration's district supervisor, watches all of it.
"""

import ast
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gis.models import Building, CellVersion, Incident, Resident
from tests.bench.city.making import make_city
from tests.bench.city.plan import FULL, QUICK, Size
from tests.bench.clock import seconds
from tests.bench.report import Report
from tests.databases import address_of, moved_to
from web.settings.database import read_address
from web.settings.environment import env_str
from web.start.checkout import locked
from web.start.say import step

_ROOT = Path(__file__).resolve().parent.parent.parent.parent


def measure(quick: bool) -> Report:
    """Make the city where it is missing, and say what is in it and where it is."""
    report = Report(["what", "number"])
    with city(quick) as spent:
        models = {"buildings": Building, "residents": Resident, "incidents": Incident, "cells": CellVersion}
        counted = {name: model.objects.count() for name, model in models.items()}
        report.notes.append(f"DATABASE_URL={address_of(connection.settings_dict['NAME'])}")
    report.rows = [[name, number] for name, number in counted.items()]
    report.named = [(f"city.{name}", number, "") for name, number in counted.items()]
    if spent:
        report.named.append(("city.seconds", spent, "s"))
    return report


@contextmanager
def city(quick: bool) -> Iterator[float]:
    """The default connection on the city, made if need be; the seconds that took, 0 when it was there."""
    given = env_str("BENCH_CITY_URL", "", "an address of the city for measuring; empty: one beside the product's")
    if given and not quick:
        with _at(given):
            call_command("migrate", verbosity=0, interactive=False)
            yield 0.0
        return
    name, spent = ensure_city(QUICK if quick else FULL)
    with moved_to(name):
        yield spent


@contextmanager
def _at(address: str) -> Iterator[None]:
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(read_address("BENCH_CITY_URL", address))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def ensure_city(size: Size) -> tuple[str, float]:
    """Name of the city's database, and the seconds it took to make it."""
    name = f"{connection.settings_dict['NAME']}_{size.name}"
    with locked(settings.DATA / "city.lock", "the city for measuring"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
            found = cursor.fetchone()
        if found != (_fingerprint(size),):
            return name, seconds(lambda: _make(name, size))
        with moved_to(name):
            call_command("migrate", verbosity=0, interactive=False)
        return name, 0.0


def _make(name: str, size: Size) -> None:
    step(f"making the city {name}; this is done once")
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    with moved_to(name):
        make_city(size)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{_fingerprint(size)}'")


def _fingerprint(size: Size) -> str:
    """A hash of the code that makes the city; comments and blanks do not count."""
    told = hashlib.sha256(repr(size).encode())
    for folder in ("tests/bench/city", "fixtures/town"):
        for file in sorted((_ROOT / folder).iterdir()):
            if file.suffix == ".py":
                told.update(ast.dump(ast.parse(file.read_text())).encode())
            if file.suffix == ".csv":
                told.update(file.read_bytes())
    return told.hexdigest()
