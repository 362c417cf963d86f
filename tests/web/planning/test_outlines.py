"""Outlines of communities from a file: what is other, and what is done about it."""

import json

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile

from gis.models import Area, Plan
from gis.planning.keeping import drawing_of
from tests.cast import COMMUNITY
from tests.gis.planning.borders.drafts import a_border_plan, number_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    return a_border_plan(cast)


def outline():
    return shapely.from_wkb(bytes(Area.objects.get(code=COMMUNITY).geometry.wkb))


def a_file(shape, name="boundary.geojson", **properties):
    feature = {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    return SimpleUploadedFile(name, text.encode(), content_type="application/json")


def send(client, plan, **form):
    return client.post(f"/plans/{plan.uuid}/outlines/", form)


def smaller():
    """The southern half of the community."""
    west, south, east, north = shapely.bounds(outline())
    return shapely.intersection(outline(), shapely.box(west, south, east, (south + north) / 2))


def test_a_file_like_the_plan_says_so(client_of, plan):
    answer = send(client_of("zhao"), plan, file=a_file(outline(), code=COMMUNITY))
    assert "完全相同" in answer.content.decode()
    assert Plan.objects.get(pk=plan.pk).revision == 0


def test_differences_are_told_first_and_then_laid_in(client_of, plan):
    client = client_of("zhao")
    answer = send(client, plan, file=a_file(smaller(), name="x.json", 名称=Area.objects.get(code=COMMUNITY).name))
    assert Plan.objects.get(pk=plan.pk).revision == 0
    told = answer.context["differences"]
    assert told
    assert {one["kind"] for one in told} == {"short"}
    form = {"outlines": answer.context["outlines"], "seen": 0} | {f"choice-{one['key']}": "gap" for one in told}
    assert send(client, plan, **form).status_code == 302
    after = Plan.objects.get(pk=plan.pk)
    drawing = drawing_of(after)
    left = shapely.area(drawing.shapes[drawing.cell == 0]).sum()
    assert left == pytest.approx(sum(one["m2"] for one in told), abs=len(told))
    assert (drawing.cell == number_of(drawing, COMMUNITY)).any()


def test_a_form_that_is_out_of_date_asks_for_the_file_again(client_of, plan):
    form = {"outlines": json.dumps({"1": json.loads(shapely.to_geojson(smaller()))}), "seen": 7}
    assert send(client_of("zhao"), plan, **form).status_code == 422


@pytest.mark.parametrize("form", [
    {}, {"outlines": "x", "seen": "0"}, {"outlines": "[]", "seen": "0"}, {"outlines": "{}", "seen": ""},
    {"outlines": '{"1": {"type": "Point", "coordinates": [1, 2]}}', "seen": "0"},
    {"outlines": '{"1": {"type": "Polygon", "coordinates": [[[1e9, 2], [3, 4], [5, 6], [1e9, 2]]]}}', "seen": "0"},
    {"outlines": '{"x": {"type": "Polygon", "coordinates": 3}}', "seen": "0"},
    {"outlines": '{"1": {"type": "Polygon", "coordinates": [[[null, 2]]]}}', "seen": "0"},
    {"outlines": '{"999": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 1], [1, 2]]]}}', "seen": "0"},
])  # fmt: skip
def test_nonsense_is_refused(client_of, plan, form):
    assert send(client_of("zhao"), plan, **form).status_code == 422
    assert Plan.objects.get(pk=plan.pk).revision == 0


def test_files_that_are_none_are_refused(client_of, plan):
    for file in (SimpleUploadedFile("a.geojson", b"{"), SimpleUploadedFile("a.zip", b"PK\x03\x04x"), a_file(smaller())):
        assert send(client_of("zhao"), plan, file=file).status_code == 422


def test_an_empty_file_is_said_to_be_empty(client_of, plan):
    answer = send(client_of("zhao"), plan, file=SimpleUploadedFile("空.geojson", b""))
    assert "空.geojson 是空的" in answer.content.decode()


def test_only_a_planner_of_the_street_may(client_of, plan):
    for name in ("chen", "wang", "zhou"):
        assert client_of(name).get(f"/plans/{plan.uuid}/outlines/").status_code == 404
    assert client_of("li").get(f"/plans/{plan.uuid}/outlines/").status_code == 403
