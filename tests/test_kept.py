"""The kept test databases: never stale, never half made, never many."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import contents, kept
from tests.databases import drop, moved_to, pattern_of

DAY, SERVER = "2026-03-01", "PostgreSQL 15"
#: Changes that both kinds of database must see, and such that leave the tables as they are.
OF_BOTH = (
    "gis/migrations/0001_initial.py",
    "gis/accounts/scope.sql",
    "gis/people/sounding.py",  # called by a migration
    "gis/people/surnames.py",  # imported by what a migration calls
    "gis/people/__init__.py",
    "web/settings/__init__.py",
    "requirements.lock",
    "tests/kept.py",
)
OF_THE_TOWN = ("gis/incidents/finding.py", "layers/risk.py", "fixtures/town/communities.csv", "fixtures/town/blocks.py")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of whatever is digested."""
    root = tmp_path_factory.mktemp("checkout")
    for folder in ("gis", "layers", "fixtures", "web/settings"):
        shutil.copytree(contents.ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()
    for name in ("requirements.lock", "tests/contents.py", "tests/hasher.py", "tests/kept.py"):
        shutil.copy(contents.ROOT / name, root / name)
    return root


def digests(root: Path) -> tuple[str, str]:
    return contents.of_tables(SERVER, root), contents.of_town(DAY, SERVER, root)


def test_equal_contents_have_equal_digests_wherever_they_lie(checkout):
    assert digests(checkout) == digests(contents.ROOT)


def test_any_change_of_a_file_changes_the_digest_of_what_is_made_of_it(checkout):
    tables, town = digests(checkout)
    for name in OF_BOTH + OF_THE_TOWN:
        path, before = checkout / name, (checkout / name).read_bytes()
        path.write_bytes(before + b"\n")
        now = digests(checkout)
        path.write_bytes(before)
        assert (now[0] != tables, now[1] != town) == (name in OF_BOTH, True), name


def test_a_new_migration_changes_the_digest(checkout):
    before, new = digests(checkout), checkout / "gis/migrations/9999_new.py"
    new.write_text("")
    now = digests(checkout)
    new.unlink()
    assert now[0] != before[0]
    assert now[1] != before[1]


def test_another_day_key_or_server_is_another_town(checkout, settings):
    ways = [contents.of_town(DAY, SERVER, checkout), contents.of_town("2026-03-02", SERVER, checkout)]
    ways.append(contents.of_town(DAY, "PostgreSQL 16", checkout))
    settings.PEOPLE_KEY = "another key, of more than thirty-two signs"
    ways.append(contents.of_town(DAY, SERVER, checkout))
    settings.LANGUAGE_CODE = "en"
    ways.append(contents.of_town(DAY, SERVER, checkout))
    assert len(set(ways)) == len(ways)


def test_the_database_of_this_run_has_every_migration_of_the_code(db):
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.fixture
def named(django_db_setup, django_db_blocker):
    """`named("a")`: a name for a database that is gone after the test."""
    names = []

    def name(end: str) -> str:
        names.append(f"test_wangge_{os.getpid()}_kept_{end}")
        return names[-1]

    with django_db_blocker.unblock():
        yield name
        for each in names:
            drop(each)


def town() -> str:
    return pattern_of(connection.settings_dict["NAME"])


def note() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filled ()")


def break_off() -> None:
    note()
    raise InterruptedError


def test_a_database_whose_making_breaks_off_is_never_there(named):
    name = named("broken")
    with kept.alone():
        with pytest.raises(InterruptedError):
            kept.make(name, town, break_off)
        assert not kept.exists(name)
        kept.make(name, town, note)  # not hindered by the remains
        assert kept.exists(name)
    copy = named("copy")
    kept.copy(name, copy)
    with moved_to(copy), connection.cursor() as cursor:
        cursor.execute("SELECT FROM filled")


def test_only_one_process_at_a_time_makes_or_takes_kept_databases(django_db_setup, django_db_blocker):
    def is_free() -> bool:
        return kept.rows("SELECT pg_try_advisory_lock(%s)", [kept.LOCK]) == [(True,)]

    with django_db_blocker.unblock():
        with kept.alone():
            assert not is_free()
        kept.rows("SELECT pg_advisory_lock(%s)", [kept.LOCK])  # comes through, whoever else is at it


def test_the_last_used_are_kept_and_the_others_dropped(named):
    names = [named(f"swept_{number}") for number in range(5)]
    with kept.alone():
        for name in names:
            kept.copy("template0", name)
        for name in [*names[1:], names[1]]:  # the first was made and never used
            kept.note_use(name)
        kept.sweep(names[0][:-1])
        assert [kept.exists(name) for name in names] == [False, True, False, True, True]
