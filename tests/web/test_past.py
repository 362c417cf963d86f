"""The map and the figures as of an earlier day: cells as drawn then, no number of today on other ground."""

import gzip
from datetime import date, timedelta

import numpy as np
import pyogrio
import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis.models import Area, AreaVersion, CellVersion, Incident
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


@pytest.fixture
def moved():
    """Ten days ago the border of the first community was drawn anew, and another was dissolved."""
    day = timezone.localdate() - timedelta(days=10)
    area = Area.objects.get(code=COMMUNITY)
    smaller = MultiPolygon(area.geometry.buffer(-1e-4), srid=4326)
    for valid, geometry in ((DateRange(None, day), smaller), (DateRange(day, None), area.geometry)):
        AreaVersion.objects.create(area=area, name=area.name, geometry=geometry, valid=valid)
    gone = Area.objects.create(code=f"{STREET}077", level="community", name="古柳社区居委会", short_name="", ends=day)
    AreaVersion.objects.create(area=gone, name=gone.name, geometry=smaller, valid=DateRange(None, day))
    return area, gone


AREAS = Question("community", "population")


def test_communities_are_listed_as_they_were_drawn(moved, cast):
    then, now = listed_on(AREAS, cast.sun.access, back()), listed_on(AREAS, cast.sun.access, back(10))
    area, gone = moved
    assert (gone.code in then.codes, gone.code in now.codes) == (True, False)
    km2 = [places.km2[list(places.codes).index(area.code)] for places in (then, now)]
    assert km2[0] < km2[1]


def test_no_number_of_today_stands_on_a_community_drawn_otherwise(moved, cast):
    for day, unknown in ((back(), {one.pk for one in moved}), (back(10), set())):
        then = values_on(AREAS, cast.sun.access, day)
        assert set(then.places.ids[then.state == UNKNOWN].tolist()) == unknown
        assert np.isnan(then.values[then.state == UNKNOWN]).all()


@pytest.mark.parametrize("z", [11, 14])
def test_tiles_hold_communities_as_they_were_drawn(moved, client_of, tmp_path, z):
    x, y = tile_of(moved[0].geometry.point_on_surface, z)
    shown = {}
    for name, path in (("now", ""), ("then", f"on/{back().isoformat()}/")):
        file = tmp_path / f"{name}.pbf"
        answer = client_of("sun").get(f"/tiles/areas/{path}{z}/{x}/{y}.mvt", headers={"accept-encoding": "gzip"})
        file.write_bytes(gzip.decompress(answer.content))
        rows = pyogrio.read_dataframe(file, X=x, Y=y, Z=z)
        shown[name] = dict(zip(rows["mvt_id"], rows.geometry.area, strict=True))
    area, gone = (one.pk for one in moved)
    assert shown["then"][area] < shown["now"][area]
    assert (gone in shown["then"], gone in shown["now"]) == (True, False)


def test_both_drawings_show_the_communities_of_their_day(moved, client_of):
    said = client_of("sun").get(f"/cells/on/?on={back().isoformat()}&area={STREET}").content.decode()
    then, now = said.split("折算到今天的网格")
    assert "古柳" in then
    assert "古柳" not in now
    assert "outline-border" in then
    assert "outline-border" in now


def test_a_community_that_is_no_more_opens_a_panel_that_says_so(moved, client_of):
    assert "不再使用" in client_of("sun").get(f"/map/panel/area/{moved[1].code}/").content.decode()
    assert client_of("chen").get(f"/map/panel/area/{moved[1].code}/").status_code == 404


def test_the_map_asks_for_the_day_and_says_so(redrawn, client_of):
    said = client_of("sun").get("/", {"on": back().isoformat()}).content.decode()
    assert f"网格和社区按 {back().isoformat()} 的划分显示" in said
    assert f"/tiles/areas/on/{back().isoformat()}/" in said
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
