"""Publishing with other processes about: killed in the middle, done by two at once, a row written with an old code."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis.models import Building, CellVersion, Dwelling, Plan, Redrawing
from gis.planning.publishing.mending import mend
from gis.planning.publishing.plan_publishing import publish_due
from gis.statistics.recounting import wrong_areas
from tests.cast import COMMUNITY, read_cast
from tests.databases import address_of
from tests.gis.planning.publishing.approved import approved

_PROGRAM = (
    "import django; django.setup(); from gis.planning.publishing.plan_publishing import publish_due; publish_due()"
)
_PATIENCE_S = 180


def a_due_plan() -> Plan:
    plan = approved(read_cast(), starts=timezone.localdate())
    plan.notes.update(at=timezone.now() - timedelta(days=1))
    return plan


def publisher(name: str) -> subprocess.Popen:
    env = os.environ | {"DATABASE_URL": address_of(name), "DATABASE_RUNTIME_URL": "", "WANGGE_SERVING": ""}
    env["DJANGO_SETTINGS_MODULE"] = "web.settings"
    return subprocess.Popen([sys.executable, "-c", _PROGRAM], env=env)


@contextmanager
def holding(name: str, table: str):
    """Another session that has the rows of a table locked: a publication comes as far as that, and no further."""
    with psycopg.connect(address_of(name)) as other:
        other.execute(f"SELECT FROM {table} FOR UPDATE")
        yield other


def wait_until_stuck(name: str, count: int = 1) -> None:
    """Until so many sessions wait for a row or a lock of somebody else's."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    until = time.monotonic() + _PATIENCE_S
    with psycopg.connect(address_of(name), autocommit=True) as looking:
        while looking.execute(waiting, [name]).fetchone()[0] < count:
            assert time.monotonic() < until, "nothing ever waited"


def wait_until_alone(name: str) -> None:
    """Until the session of a killed process has ended, one way or the other."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle' AND pid <> pg_backend_pid()"
    until = time.monotonic() + _PATIENCE_S
    with psycopg.connect(address_of(name), autocommit=True) as looking:
        while looking.execute(others, [name]).fetchone()[0]:
            assert time.monotonic() < until, "it never ended"


def state():
    versions = CellVersion.objects.filter(code__startswith=COMMUNITY).order_by("pk")
    houses = Building.objects.filter(area__startswith=COMMUNITY).order_by("pk")
    return [list(versions.values_list("pk", "code", "valid")), list(houses.values_list("area", "cell_id"))]


#: Where it is stopped: at the first write, after the cells, and after the houses and cases, in what is in them.
@pytest.mark.parametrize("table", ["grid_cellversion", "grid_incident", "grid_dwelling"])
def test_killed_in_the_middle_it_leaves_nothing_and_run_again_it_finishes(own_town, table):
    plan, before = a_due_plan(), state()
    with holding(own_town, table):
        running = publisher(own_town)
        wait_until_stuck(own_town)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert state() == before
    assert not Redrawing.objects.exists()
    assert publish_due() == 1
    plan.refresh_from_db()
    assert plan.state == Plan.State.PUBLISHED
    assert state() != before
    assert not wrong_areas()


def test_killed_while_it_commits_it_is_done_or_not_and_never_half(own_town):
    """What names a user is checked at the very end: it waits there for whoever has the users locked."""
    plan, before = a_due_plan(), state()
    with holding(own_town, "grid_user"):
        running = publisher(own_town)
        wait_until_stuck(own_town)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert state() == before
    wait_until_alone(own_town)
    was_done = Redrawing.objects.exists()
    assert (state() != before) == was_done
    assert publish_due() == (0 if was_done else 1)
    plan.refresh_from_db()
    assert plan.state == Plan.State.PUBLISHED
    assert Redrawing.objects.count() == 1
    assert not wrong_areas()


def test_two_at_once_publish_it_once(own_town):
    a_due_plan()
    with holding(own_town, "grid_dwelling"):
        both = [publisher(own_town) for _ in range(2)]
        wait_until_stuck(own_town, 2)
    assert [one.wait(_PATIENCE_S) for one in both] == [0, 0]
    assert Redrawing.objects.count() == 1
    assert not wrong_areas()


def test_what_is_written_with_a_code_that_has_ended_finds_its_cell(own_town):
    a_due_plan()
    publish_due()
    door = Dwelling.objects.filter(area__startswith=COMMUNITY).first()
    right = door.area
    with transaction.atomic(), connection.cursor() as cursor:
        retired = CellVersion.objects.create(
            cell_id=CellVersion.objects.first().cell_id, code=f"{COMMUNITY}777", name="旧", valid=DateRange(empty=True),
            geometry=CellVersion.objects.first().geometry,
        )  # fmt: skip
        cursor.execute("UPDATE grid_dwelling SET area = %s WHERE id = %s", [retired.code, door.pk])
    assert mend([COMMUNITY])
    door.refresh_from_db()
    assert door.area == right
    assert not mend([COMMUNITY])
