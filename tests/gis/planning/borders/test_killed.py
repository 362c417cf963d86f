"""Publishing communities with another process about: killed in the middle it leaves nothing."""

import os
import signal
import subprocess
import sys
import time

import psycopg
from django.utils import timezone

from gis.accounts.scope import applied
from gis.models import Area, AreaVersion, Building, CellVersion, Plan, Redrawing
from gis.planning import stepping
from gis.planning.borders.publishing import publish_communities
from gis.statistics.recounting import wrong_areas
from tests.cast import STREET, read_cast
from tests.databases import address_of
from tests.gis.planning.borders.drafts import a_border_plan

_PROGRAM = """
import sys, django; django.setup()
from gis.models import Plan
from gis.planning.borders.publishing import publish_communities
publish_communities(Plan.objects.get(pk=int(sys.argv[1])), user=None)
"""
_PATIENCE_S = 180


def a_merging_plan() -> Plan:
    cast = read_cast()
    plan = a_border_plan(cast)
    with applied(cast.zhao.access.which("people.count")):
        return stepping.step(
            plan.uuid, "merge", {"cells": [1, 2]}, user=cast.zhao, access=cast.zhao.access, seen=0
        )  # fmt: skip


def publisher(name: str, plan: Plan) -> subprocess.Popen:
    env = os.environ | {"DATABASE_URL": address_of(name), "DATABASE_RUNTIME_URL": "", "WANGGE_SERVING": ""}
    env["DJANGO_SETTINGS_MODULE"] = "web.settings"
    return subprocess.Popen([sys.executable, "-c", _PROGRAM, str(plan.pk)], env=env)


def wait_until_stuck(name: str) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    until = time.monotonic() + _PATIENCE_S
    with psycopg.connect(address_of(name), autocommit=True) as looking:
        while not looking.execute(waiting, [name]).fetchone()[0]:
            assert time.monotonic() < until, "nothing ever waited"


def state():
    areas = Area.objects.filter(code__startswith=STREET).order_by("code")
    versions = CellVersion.objects.filter(code__startswith=STREET).order_by("pk")
    houses = Building.objects.filter(area__startswith=STREET).order_by("pk")
    return [
        [(one.code, one.name, one.ends, one.geometry and one.geometry.wkb.tobytes()) for one in areas],
        list(versions.values_list("pk", "code", "valid")),
        list(houses.values_list("area", "cell_id")),
    ]


def test_killed_in_the_middle_it_leaves_nothing_and_run_again_it_finishes(own_town):
    plan, before = a_merging_plan(), state()
    with psycopg.connect(address_of(own_town)) as other:
        other.execute("SELECT FROM grid_dwelling WHERE area LIKE %s FOR UPDATE", [f"{STREET}%"])
        running = publisher(own_town, plan)
        wait_until_stuck(own_town)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert state() == before
    assert not Redrawing.objects.exists()
    assert not AreaVersion.objects.exists()
    publish_communities(plan, user=None)
    merged = Area.objects.get(code=STREET + "601")
    assert merged.starts == timezone.localdate()
    assert Building.objects.filter(area__startswith=merged.code).exists()
    assert not wrong_areas()
