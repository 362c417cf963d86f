"""The map and the figures as of an earlier day: cells as drawn then, no number of today on other ground."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis.models import CellVersion, Incident
from gis.planning.publishing.plan_publishing import order
from gis.planning.publishing.workers import Choices
from layers.past import listed_on, values_on
from layers.then_and_now import then_and_now
from layers.values import UNKNOWN, Question, values
from tests.cast import COMMUNITY, STREET
from tests.gis.planning.publishing.approved import approved
from tests.gis.planning.publishing.paper import turn_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def redrawn(cast):
    """The first community was redrawn ten days ago."""
    plan = approved(cast)
    before = set(CellVersion.objects.on(timezone.localdate()).values_list("pk", flat=True))
    order(plan.uuid, user=cast.sun, access=cast.sun.access, choices=Choices(), seen=plan.revision)
    turn_back(10)
    return before


def back(days=11):
    return timezone.localdate() - timedelta(days=days)


QUESTION = Question("cells", "population")


def test_the_list_has_the_cells_of_that_day(redrawn, cast):
    assert set(listed_on(QUESTION, cast.sun.access, back()).ids) == redrawn
    assert set(listed_on(QUESTION, cast.sun.access, back(10)).ids) != redrawn


def test_only_cells_that_are_the_same_today_have_a_figure(redrawn, cast):
    then, now = values_on(QUESTION, cast.sun.access, back()), values(QUESTION, cast.sun.access)
    figures = dict(zip(now.places.ids.tolist(), now.values.tolist(), strict=True))
    changed = 0
    for key, value, state in zip(then.places.ids.tolist(), then.values, then.state, strict=True):
        if key in figures:
            assert value == figures[key]
        else:
            changed += 1
            assert np.isnan(value)
            assert state == UNKNOWN
    assert changed == 1


def test_the_map_asks_for_the_day_and_says_so(redrawn, client_of):
    said = client_of("sun").get("/", {"on": back().isoformat()}).content.decode()
    assert f"网格按 {back().isoformat()} 的划分显示" in said
    assert f"/tiles/cells/on/{back().isoformat()}/" in said
    assert f"/map/on/{back().isoformat()}/values/" in said


@pytest.mark.parametrize("on", ["x", "2026-13-01", "2999-01-01", "20260101x", "' OR 1=1"])
def test_no_day_is_refused(on, client_of):
    assert client_of("sun").get("/", {"on": on}).status_code == 400


def test_a_tile_of_the_past_is_another_one(redrawn, client_of):
    version = CellVersion.objects.filter(code__startswith=COMMUNITY).first()
    x, y = tile_of(version.geometry.point_on_surface)
    now = client_of("sun").get(f"/tiles/cells/14/{x}/{y}.mvt")
    then = client_of("sun").get(f"/tiles/cells/on/{back().isoformat()}/14/{x}/{y}.mvt")
    assert now.status_code == then.status_code == 200
    assert now["ETag"] != then["ETag"]
    assert now.content != then.content


def test_others_get_nothing_of_the_past_either(redrawn, cast):
    codes = listed_on(QUESTION, cast.chen.access, back()).codes.tolist()
    assert not [code for code in codes if code.startswith(STREET)]


def tile_of(point, z=14):
    x = int((point.x + 180) / 360 * 2**z)
    y = int((1 - np.arcsinh(np.tan(np.radians(point.y))) / np.pi) / 2 * 2**z)
    return x, y


def test_incidents_count_the_same_in_all_by_the_cells_of_then_and_of_today(redrawn, cast):
    first, last = back(3000), back()
    scope = cast.sun.access.which("incident.read").within(COMMUNITY)
    then, now = then_and_now(scope, scope, first, last)
    assert then.total == now.total > 0
    assert {line.version.pk for line in then.lines if line.version} >= {
        key for key in redrawn if CellVersion.objects.get(pk=key).code.startswith(COMMUNITY)
    }
    codes = {line.version.code: line.incidents for line in now.lines if line.version}
    for code, number in codes.items():
        mine = Incident.objects.filter(area=code, reported_at__date__lte=last).exclude(state="duplicate")
        assert number == mine.count()


def test_the_page_of_both_counts_tells_a_planner_no_incidents(redrawn, client_of):
    path = f"/cells/on/?on={back().isoformat()}&area={COMMUNITY}"
    assert "合计" in client_of("sun").get(path).content.decode()
    assert "合计" not in client_of("zhao").get(path).content.decode()


def test_a_cell_that_is_no_more_opens_its_panel_and_its_record(client_of, cast):
    version = CellVersion.objects.filter(code__startswith=COMMUNITY).first()
    CellVersion.objects.filter(pk=version.pk).update(valid=DateRange(date(2024, 1, 1), date(2025, 1, 1)))
    assert "不再使用" in client_of("sun").get(f"/map/panel/cell/{version.code}/").content.decode()
    assert client_of("chen").get(f"/map/panel/cell/{version.code}/").status_code == 404
