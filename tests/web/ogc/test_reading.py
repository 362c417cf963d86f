"""Reading the collections: who sees what, where, when, in which CRS, page by page; and how nonsense is refused."""

import base64
import json
from datetime import timedelta
from itertools import pairwise
from math import cos, sin
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis import crs
from gis.models import Building, CellVersion, Component, Incident
from layers.features import page
from layers.features.kinds import KINDS
from tests.browsing import Browser
from tests.cast import CELL, EVERYONE, OTHER_STREET, POSTINGS, STREET
from tests.web.api.conftest import program_of

pytestmark = pytest.mark.django_db
__all__ = ["program_of"]
CLOSED = [name for name, kind in KINDS.items() if not kind.is_open]
MODELS = {"buildings": (Building, "code"), "components": (Component, "code"), "incidents": (Incident, "number")}


def items(browser, name: str, **asked):
    return browser.get(f"/ogc/collections/{name}/items", asked)


def ids(answer) -> list:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["features"]]


@pytest.mark.parametrize("name", EVERYONE)
@pytest.mark.parametrize("kind", list(MODELS))
def test_each_finds_exactly_what_lies_in_their_scope(name, kind, client_of, program_of, cast):
    model, key = MODELS[kind]
    scope = KINDS[kind].scope(cast[name].access)
    expected = set(model.objects.inside(scope).values_list(key, flat=True))
    browsers = [client_of(name, HTTP_ACCEPT="*/*")]
    if scope:
        browsers.append(program_of(name))
    for browser in browsers:
        answer = items(browser, kind, limit=10_000)
        if scope:
            assert set(ids(answer)) == expected
            assert answer.json()["numberMatched"] == len(expected)
        else:
            assert answer.status_code == 403


@pytest.mark.parametrize("kind", CLOSED)
def test_nobody_sees_what_is_not_open(kind):
    for tail in ("", "/items", "/items/1", "/queryables", "/style"):
        answer = Browser(HTTP_ACCEPT="*/*").get(f"/ogc/collections/{kind}{tail}")
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"]
        assert Browser(HTTP_AUTHORIZATION="Bearer wg_wrong").get(f"/ogc/collections/{kind}{tail}").status_code == 401
    assert items(Browser(HTTP_ACCEPT="text/html"), kind)["Location"].startswith("/sign-in/")


def test_the_open_collection_tells_outlines_and_names_of_areas_only():
    told = Browser(HTTP_ACCEPT="*/*").get("/ogc/collections").json()
    assert [one["id"] for one in told["collections"]] == ["open-areas"]
    features = items(Browser(HTTP_ACCEPT="*/*"), "open-areas").json()["features"]
    assert features
    assert {key for one in features for key in one["properties"]} == {"code", "name", "short_name", "level"}
    assert all(len(one["id"]) <= 12 for one in features)


@pytest.mark.parametrize("kind", list(MODELS))
def test_what_lies_elsewhere_is_not_there(kind, program_of):
    model, key = MODELS[kind]
    theirs = model.objects.filter(area__startswith=STREET).order_by(key).first()
    if theirs is None:
        pytest.skip("the small town has none")
    program, name = program_of("chen"), getattr(theirs, key)
    assert program.get(f"/ogc/collections/{kind}/items/{name}").status_code == 404
    assert ids(items(program, kind, filter=f"{key} = '{name}'")) == []
    assert program_of("li").get(f"/ogc/collections/{kind}/items/{name}").json()["id"] == name
    assert program_of("li", area=OTHER_STREET).get(f"/ogc/collections/{kind}/items/{name}").status_code == 403


def test_a_token_without_the_right_to_cases_reads_none(program_of):
    program = program_of("li", capabilities=("area.read",))
    assert items(program, "incidents").status_code == 403
    assert "incidents" not in program.get("/ogc/collections").content.decode()
    assert items(program, "buildings").status_code == 200


def test_a_departments_token_reads_its_own_cases(program_of, cast):
    department = cast.he.postings.first().department if hasattr(cast.he.postings.first(), "department") else None
    if department is None:
        department = Incident.objects.exclude(department=None).first().department
    program = program_of("sun", department=department)
    found = set(ids(items(program, "incidents", limit=10_000)))
    whole = set(ids(items(program_of("sun"), "incidents", limit=10_000)))
    of_theirs = set(Incident.objects.filter(department=department).values_list("number", flat=True))
    assert of_theirs <= found < whole
    other = next(iter(whole - found))
    assert program.get(f"/ogc/collections/incidents/items/{other}").status_code == 404


def test_pages_skip_nothing_and_repeat_nothing(program_of):
    program, every = program_of("sun"), ids(items(program_of("sun"), "buildings", limit=10_000))
    assert len(every) > 20

    @given(st.integers(1, len(every) + 3))
    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    def walk(limit: int) -> None:
        address, seen = f"/ogc/collections/buildings/items?limit={limit}&filter=floors>0 OR NOT floors>0", []
        while address:
            answer = program.get(address)
            seen += ids(answer)
            found = [one["href"] for one in answer.json()["links"] if one["rel"] == "next"]
            address = "{0.path}?{0.query}".format(urlsplit(found[0])) if found else ""
        assert seen == sorted(set(seen))
        assert set(seen) == set(ids(items(program, "buildings", limit=10_000, filter="floors IS NOT NULL")))

    walk()


def _walk(program, address: str) -> list[dict]:
    """The features of all pages, one after the other."""
    seen: list[dict] = []
    while address:
        answer = program.get(address)
        assert answer.status_code == 200, answer.content
        seen += answer.json()["features"]
        found = [one["href"] for one in answer.json()["links"] if one["rel"] == "next"]
        address = "{0.path}?{0.query}".format(urlsplit(found[0])) if found else ""
    return seen


@pytest.mark.parametrize(
    ("kind", "order"),
    [
        ("buildings", "-floors"), ("buildings", "kind,-floors"), ("buildings", "+road"), ("buildings", "-code"),
        ("incidents", "-reported_at"), ("incidents", "department,-urgent,due_at"), ("cell-versions", "-starts,name"),
    ],
)  # fmt: skip
def test_pages_in_an_order_skip_nothing_and_repeat_nothing(kind, order, program_of):
    program = program_of("sun")
    everything = ids(items(program, kind, limit=10_000))
    names = [name.strip("+-") for name in order.split(",")]
    if kind == "buildings":  # some of them without what is sorted by
        Building.objects.filter(code__in=everything[::3]).update(floors=None)
    for limit in (37, 10_000):
        found = _walk(program, f"/ogc/collections/{kind}/items?limit={limit}&sortby={quote(order)}")
        assert sorted(one["id"] for one in found) == sorted(everything)
        places = [[_place(one["properties"][name]) for name in names] for one in found]
        for before, after in pairwise(places):
            first = next((at for at in range(len(names)) if before[at] != after[at]), None)
            if first is not None and None not in (before[first], after[first]):
                assert (before[first] > after[first]) == order.split(",")[first].startswith("-")
            elif first is not None:
                assert after[first] is None  # what has none comes last


def _place(value):
    """A value as the database compares it: texts byte by byte."""
    return value.encode() if isinstance(value, str) else value


def test_a_filter_that_takes_too_long_is_stopped_and_holds_no_connection(program_of, monkeypatch):
    program = program_of("sun")
    ring = ", ".join(f"{116.6 + cos(at / 20):.4f} {40.1 + sin(at / 20):.4f}" for at in range(125))
    hostile = f"NOT S_CROSSES(geometry, POLYGON(({ring}, {ring[:15].rstrip(',')})))"
    monkeypatch.setattr(page, "PATIENCE", 1)
    refused = items(program, "buildings", limit=10_000, filter=" OR ".join([hostile] * 2))
    assert (refused.status_code, refused.json()["title"]) == (400, "这个条件算得太久。"), refused.content
    monkeypatch.undo()
    assert items(program, "buildings", filter="floors > 0").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def _axes(served: crs.Served, west, south, east, north) -> str:
    import numpy as np

    corners = crs.move(np.array([[west, south], [east, north]]), crs.STORE, served.srid)
    corners = corners[:, ::-1] if served.flips else corners
    return ",".join(map(repr, corners.ravel().tolist()))


@pytest.mark.parametrize("uri", list(crs.SERVED))
def test_a_box_and_an_answer_are_in_the_axes_of_their_crs(uri, program_of):
    program, served = program_of("sun"), crs.SERVED[uri]
    house = Building.objects.filter(area__startswith=STREET).first()
    west, south, east, north = house.geometry.extent
    pad = 0.0002
    box = (west - pad, south - pad, east + pad, north + pad)
    found = set(ids(items(program, "buildings", bbox=_axes(served, *box), **{"bbox-crs": uri, "limit": 10_000})))
    plain = set(ids(items(program, "buildings", bbox=",".join(map(str, box)), limit=10_000)))
    assert house.code in found & plain
    answer = program.get(f"/ogc/collections/buildings/items/{house.code}", {"crs": uri})
    assert answer["Content-Crs"] == f"<{uri}>"
    shape = GEOSGeometry(json.dumps(answer.json()["geometry"]))
    moved = house.geometry.transform(served.srid, clone=True)
    centre = (moved.centroid.y, moved.centroid.x) if served.flips else (moved.centroid.x, moved.centroid.y)
    assert (shape.centroid.x, shape.centroid.y) == pytest.approx(centre, rel=1e-7)


def test_the_order_of_axes_is_that_of_the_standard():
    assert [one.flips for one in crs.SERVED.values()] == [False, True, True, False, True]


def test_a_box_across_the_antimeridian_goes_round_the_other_way(program_of):
    program = program_of("sun")
    every = ids(items(program, "buildings", limit=10_000))
    assert ids(items(program, "buildings", bbox="170,-90,-170,90")) == []
    assert ids(items(program, "buildings", bbox="110,30,-170,60", limit=10_000)) == every
    assert ids(items(program, "incidents", bbox="-180,-90,180,90", limit=1))


def test_time_takes_instants_and_intervals_open_and_closed(program_of):
    program, now = program_of("sun"), timezone.now()
    middle = (now - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    whole = set(ids(items(program, "incidents", limit=10_000)))
    before = set(ids(items(program, "incidents", limit=10_000, datetime=f"../{middle}")))
    after = set(ids(items(program, "incidents", limit=10_000, datetime=f"{middle}/")))
    assert before | after == whole
    assert whole == set(ids(items(program, "incidents", limit=10_000, datetime="../..")))
    one = Incident.objects.inside(KINDS["incidents"].scope(program.token.user.access)).first()
    assert one.number in ids(items(program, "incidents", limit=10_000, datetime=one.reported_at.isoformat()))


def test_cells_of_a_day_are_those_in_force_then(program_of):
    version = CellVersion.objects.filter(code__startswith=STREET).first()
    begins = version.valid.lower
    program = program_of("sun")
    for day, there in ((begins, True), (begins - timedelta(days=1), False)):
        found = ids(items(program, "cell-versions", datetime=day.isoformat(), limit=10_000))
        assert (version.pk in found) == there


def test_a_property_in_the_address_and_a_choice_of_properties(program_of):
    program = program_of("sun")
    found = items(program, "buildings", kind="office", properties="floors,code", limit=10_000)
    assert set(ids(found)) == set(ids(items(program, "buildings", filter="kind = 'office'", limit=10_000)))
    assert all(set(one["properties"]) == {"code", "floors"} for one in found.json()["features"])


BAD = [
    {"limit": "0"}, {"limit": "x"}, {"limit": "-1"}, {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "1,9,2,3"},
    {"bbox": "0,0,400,1"}, {"bbox": "nan,0,1,1"}, {"bbox": "1,2,3,4", "bbox-crs": "EPSG:4326"}, {"crs": "x"},
    {"datetime": "yesterday"}, {"datetime": "2026-01-02/2026-01-01"}, {"datetime": "1/2/3"}, {"datetime": "2026-13-01"},
    {"filter": "nothing = 1"}, {"filter": "floors ="}, {"filter-lang": "cql2-json", "filter": "floors = 1"},
    {"filter-crs": "x"}, {"properties": "area_id"}, {"after": "%%%"}, {"after": "AA"}, {"sortby": "age"},
    {"sortby": "floors", "after": "AA"}, {"sortby": "code,code,code,code"}, {"sortby": ""}, {"sortby": "-geometry"},
    {"filters": "floors=1"}, {"f": "xml"}, {"source": "x"},
    {"bbox": "1e12,1e12,1e13,1e13", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4548"},
]  # fmt: skip


@pytest.mark.parametrize("asked", BAD, ids=str)
def test_nonsense_is_refused_with_the_fix(asked, program_of):
    answer = items(program_of("sun"), "buildings", **asked)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["fix"]


def test_what_is_hidden_makes_no_difference(program_of):
    """Who reported, what was written, and where it came from cannot be asked about, by any name."""
    for name in ("description", "place", "doubt", "source", "reporter", "i.description", "reporter__name", "uuid"):
        for text in (f"{name} = 'x'", f'"{name}" IS NULL', f"CASEI({name}) LIKE '%a%'"):
            assert items(program_of("sun"), "incidents", filter=text).status_code == 400
    before = items(program_of("sun"), "incidents", limit=50).json()["features"]
    Incident.objects.update(description="别的", place="别处", doubt="x", source="y")
    assert items(program_of("sun"), "incidents", limit=50).json()["features"] == before


def test_pages_for_people_show_the_same(client_of):
    browser = client_of("li", HTTP_ACCEPT="text/html")
    for address in ("/ogc/", "/ogc/collections", "/ogc/collections/cells", "/ogc/collections/cells/items"):
        page = browser.get(address)
        assert page.status_code == 200
        assert page["Content-Type"].startswith("text/html")
    cell = f"/ogc/collections/cells/items/{CELL}"
    assert CELL in browser.get("/ogc/collections/cells/items").content.decode()
    assert CELL in browser.get(cell).content.decode()
    assert browser.get("/ogc/collections/cells/items/1").status_code == 404
    assert "下一页" in browser.get("/ogc/collections/incidents/items?limit=1").content.decode()


def test_only_reading_is_offered(program_of):
    for verb in ("post", "put", "delete", "patch"):
        answer = getattr(program_of("sun"), verb)("/ogc/collections/buildings/items")
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"


def test_everything_is_as_its_links_say(program_of):
    """From the landing page by links alone to everything there is."""
    program, waiting, seen = program_of("sun"), ["/ogc/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or "{" in address or address.startswith("/api/"):
            continue
        seen.add(address)
        answer = program.get(address)
        assert answer.status_code == 200, address
        if "json" in answer["Content-Type"]:
            waiting += _hrefs(answer.json())
    assert len(seen) > 40


def _hrefs(value) -> list[str]:
    if isinstance(value, list):
        return [href for one in value for href in _hrefs(one)]
    if not isinstance(value, dict):
        return []
    own = [value["href"]] if "href" in value and value.get("rel") != "next" else []
    parts = [urlsplit(href) for href in own]
    below = [href for name, one in value.items() if name != "features" for href in _hrefs(one)]
    return [f"{part.path}?{part.query}" if part.query else part.path for part in parts] + below


@pytest.mark.parametrize("name", EVERYONE)
def test_every_tile_is_the_maps_own(name, client_of):
    from tests.web.walking import tiles_of

    browser = client_of(name, HTTP_ACCEPT="*/*")
    for z, x, y in tiles_of(POSTINGS[name][1]):
        for kind in ("cells", "buildings", "areas"):
            ours = browser.get(f"/ogc/collections/{kind}/tiles/WebMercatorQuad/{z}/{y}/{x}")
            maps = browser.get(f"/tiles/{kind}/{z}/{x}/{y}.mvt", headers={"Accept-Encoding": "gzip"})
            assert ours.status_code == maps.status_code
            if ours.status_code == 200:
                import gzip

                assert ours.content == gzip.decompress(maps.content)


def test_a_page_of_features_keeps_the_ways_of_the_header(client_of):
    page = client_of("li").get("/ogc/collections/cells/items?f=html").content.decode()
    assert 'href="/dashboard/"' in page
    assert "f=json" in page


@pytest.mark.parametrize("place", ['["\\ud800","x"]', "[" * 5000])
def test_a_mark_that_is_no_place_in_an_order_is_refused(place, client, db):
    mark = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    answer = client.get("/ogc/collections/open-areas/items", {"sortby": "name", "after": mark})
    assert answer.status_code == 400
