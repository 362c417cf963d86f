"""Publishing streets with another process about: killed in the middle it leaves nothing."""

import os
import signal
import subprocess
import sys

import psycopg
from django.utils import timezone

from gis.accounts.scope import applied
from gis.models import Area, AreaVersion, Building, CellVersion, Plan, Posting, Redrawing, User
from gis.planning import stepping
from gis.planning.streets.opening import open_streets
from gis.planning.streets.publishing import publish_streets
from gis.statistics.recounting import wrong_areas
from tests.cast import DISTRICT, STREET
from tests.databases import address_of
from tests.gis.planning.borders.test_killed import wait_until_stuck

_PROGRAM = """
import sys, django; django.setup()
from gis.models import Plan
from gis.planning.streets.publishing import publish_streets
publish_streets(Plan.objects.get(pk=int(sys.argv[1])), user=None)
"""


def a_merging_plan() -> Plan:
    """The district's two streets become one."""
    Posting.objects.filter(user__username="zhao").update(area=DISTRICT)
    planner = User.objects.get(username="zhao")
    with applied(planner.access.which("people.count")):
        plan = open_streets(DISTRICT, "街道合并", user=planner, access=planner.access)
        return stepping.step(plan.uuid, "merge", {"cells": [1, 2]}, user=planner, access=planner.access, seen=0)


def publisher(name: str, plan: Plan) -> subprocess.Popen:
    env = os.environ | {"DATABASE_URL": address_of(name), "DATABASE_RUNTIME_URL": "", "WANGGE_SERVING": ""}
    env["DJANGO_SETTINGS_MODULE"] = "web.settings"
    return subprocess.Popen([sys.executable, "-c", _PROGRAM, str(plan.pk)], env=env)


def state():
    areas = Area.objects.filter(code__startswith=DISTRICT).order_by("code")
    versions = CellVersion.objects.filter(code__startswith=DISTRICT).order_by("pk")
    return [
        [(one.code, one.name, one.ends, one.geometry and one.geometry.wkb.tobytes()) for one in areas],
        list(versions.values_list("pk", "code", "valid")),
        list(Building.objects.filter(area__startswith=DISTRICT).order_by("pk").values_list("area", "cell_id")),
    ]


def test_killed_in_the_middle_it_leaves_nothing_and_run_again_it_finishes(own_town):
    plan, before = a_merging_plan(), state()
    with psycopg.connect(address_of(own_town)) as other:
        other.execute("SELECT FROM grid_dwelling WHERE area LIKE %s FOR UPDATE", [f"{DISTRICT}%"])
        running = publisher(own_town, plan)
        wait_until_stuck(own_town)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert state() == before
    assert not Redrawing.objects.exists()
    assert not AreaVersion.objects.exists()
    publish_streets(Plan.objects.get(pk=plan.pk), user=None)
    streets = Area.objects.filter(level="street", code__startswith=DISTRICT, ends=None)
    assert [one.starts for one in streets.exclude(code=STREET)] in ([], [timezone.localdate()])
    assert streets.count() == 1
    assert not wrong_areas()
