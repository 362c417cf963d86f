"""The gate: every address of the product × everyone of the cast and nobody. Closed unless `PUBLIC` says so; and what
lies in another street is nowhere: not by its id, not in a list, a figure, a tile, a search, a panel.

A new view is walked without being named here. The last tests show that one without scope would not get through.
"""

import gzip
import json

import pyogrio
import pytest
from django.contrib.gis.geos import Polygon
from django.db.models import F, Value
from django.db.models.functions import Concat, Replace
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse

from gis import crs
from gis.models import Area, Block, Building, CellVersion, Compound, Incident, Residence, Resident
from gis.places.blocks import make_all_blocks
from layers.indicators import INDICATORS
from layers.packing import unpacked
from layers.places import LAYERS
from layers.tiles import HOUSES_FROM, Frame
from tests.browsing import Browser
from tests.cast import CELL, COMMUNITY, DISTRICT, EVERYONE, OTHER_STREET, POSTINGS, STREET
from tests.web.inline import inline
from tests.web.walking import KNOWN, Belongings, Page, addresses, pages, tiles_of, told
from web.scope import FOR_ALL, PERSONAL, PUBLIC
from web.urls import urlpatterns as every_pattern

ALL = pages()
#: Entered with a token and with no session: walked in `tests/web/api/test_scope.py`.
BY_TOKEN = [page for page in ALL if page.name.startswith("api:") and page.name not in PUBLIC]
#: Entered by everybody, each seeing what they may: also walked in `tests/web/ogc`.
FOR_EVERYBODY = [page for page in ALL if page.name.startswith(f"{FOR_ALL}:")]
CLOSED = [page for page in ALL if page.name not in PUBLIC and page not in BY_TOKEN and page not in FOR_EVERYBODY]
OPEN = [page for page in ALL if page.name in PUBLIC]
#: Open pages that name places, because they are about them.
OF_A_COMMUNITY = {name for name in PUBLIC if name.startswith(("community", "open311:request"))}
OURS = [page for page in CLOSED if not page.name.startswith("admin:")]
SCRIPT = {"HTTP_ACCEPT": "*/*"}
#: Says of a text that it came from 胜利街道; no code of digits, so nothing is numbered like it by chance.
SECRET = "密䶮"
#: The records whose address is an id, and the capability each needs.
RECORDS = {
    "area": "area.read", "area-panel": "area.read", "cell": "area.read", "cell-panel": "area.read",
    "building": "area.read", "building-panel": "area.read", "resident": "people.read", "incident": "incident.read",
    "incident-panel": "incident.read",
}  # fmt: skip


@pytest.fixture
def things(db) -> Belongings:
    """One of everything in 胜利街道, each text of which carries the secret sign."""
    mark = dict.fromkeys((Area, CellVersion, Compound, Building, Resident), "name") | {Incident: "description"}
    for model, column in mark.items():
        key = "code" if model in (Area, CellVersion) else "area"
        inside = model.objects.filter(**{f"{key}__startswith": STREET})
        inside.update(**{column: Concat(F(column), Value(SECRET))})
    Area.objects.filter(code__startswith=STREET).update(short_name=F("name"))
    Area.objects.update(source="")  # no demonstration, whose accounts and their areas are offered to everyone
    Residence.objects.filter(area__startswith=STREET).update(relation="01")
    return Belongings.of(STREET)


def ids(page: Page) -> str:
    return page.name


# Nobody


def test_every_open_address_is_there_once_and_named_with_a_reason():
    names = [page.name for page in ALL]
    assert {name: names.count(name) for name in PUBLIC} == dict.fromkeys(PUBLIC, 1)
    assert all(PUBLIC.values())
    assert set(names) >= PERSONAL


def test_the_walk_knows_how_to_fill_every_parameter():
    unknown = {(page.name, name) for page in ALL for name in page.parameters if name not in KNOWN}
    assert not unknown, f"Teach tests/web/walking.py to fill {unknown}."


@pytest.mark.parametrize("entry", CLOSED, ids=ids)
def test_nobody_enters_without_signing_in(entry, things):
    visitor, script = Browser(), Browser(**SCRIPT)
    for address in addresses(entry, things)[:6]:
        for method in ("get", "post", "put", "delete", "head", "options"):
            assert getattr(visitor, method)(address).headers["Location"].startswith("/sign-in/"), address
            assert getattr(script, method)(address).status_code == 401, address


@pytest.mark.parametrize("entry", [page for page in OPEN if page.name in OF_A_COMMUNITY], ids=ids)
def test_a_page_for_residents_tells_names_of_places_and_nothing_else(entry, things):
    """Names of communities and compounds are told by design; whose mark is on anything else is told nowhere."""
    for model in (Area, Compound):
        model.objects.update(name=Replace("name", Value(SECRET), Value("")))
    Area.objects.update(short_name="")
    for address in addresses(entry, things):
        for method in ("get", "post"):
            answer = getattr(Browser(), method)(address)
            assert SECRET not in told(answer)
            assert answer.status_code < 500


@pytest.mark.parametrize("entry", [page for page in OPEN if page.name not in OF_A_COMMUNITY], ids=ids)
def test_an_open_address_tells_nobody_anything_of_the_town(entry, things):
    for address in addresses(entry, things):
        for method in ("get", "post"):
            answer = getattr(Browser(), method)(address)
            assert inline(answer) == []
            assert SECRET not in told(answer)
            assert STREET not in told(answer)
            assert answer.status_code < 500


@pytest.mark.parametrize("entry", FOR_EVERYBODY, ids=ids)
def test_a_map_service_tells_nobody_more_than_names_of_areas(entry, things):
    Area.objects.update(name=Replace("name", Value(SECRET), Value("")), short_name="")
    for address in addresses(entry, things):
        for browser in (Browser(), Browser(**SCRIPT)):
            answer = browser.get(address)
            assert SECRET not in told(answer)
            assert CELL not in told(answer)
            assert answer.status_code < 500


def test_signed_in_without_a_posting_nothing_is_open(cast, things):
    cast.chen.postings.all().delete()
    browser = Browser(**SCRIPT)
    browser.force_login(cast.chen, backend="web.sign_in.PostingsBackend")
    for page in CLOSED:
        if page.name not in PERSONAL:
            assert {browser.get(address).status_code for address in addresses(page, things)[:4]} == {403}, page


# Everyone


@pytest.mark.parametrize("name", EVERYONE)
def test_no_address_breaks_for(name, things, client_of):
    person, script = client_of(name), client_of(name, **SCRIPT)
    for page in OURS if name != "admin" else CLOSED:
        address = addresses(page, things)[-1]
        shown, told_it = person.get(address), script.get(address)
        for answer in (shown, told_it):
            assert answer.status_code in ANSWERS, address
            assert is_kept_nowhere(answer, page), address
        assert inline(shown) == [], address  # a content policy without exceptions lets none of it work


ANSWERS = (200, 204, 301, 302, 304, 400, 403, 404, 405)
#: Outlines and names of places, asked for again by their mark each time; everything else is kept by nobody.
ASKED_AGAIN = {"tile", "tile-on", "listed", "listed-on", "plan-tiles"}


def is_kept_nowhere(answer, page: Page) -> bool:
    """Whether neither a proxy nor the browser of somebody who has signed out would show the answer again."""
    said = answer.headers.get("Cache-Control", "")
    return "no-store" in said or (page.name in ASKED_AGAIN and said == "private, no-cache")


def leaks(browser, walked: list[Page], things: Belongings, secrets: tuple[str, ...]) -> list[str]:
    """The addresses whose answer, asked for by get or post, holds one of the secrets."""
    found = []
    for page in walked:
        asked = addresses(page, things)
        answers = [(address, browser.get(address)) for address in asked]
        answers.append((asked[0], browser.post(asked[0], {"text": "欧", "area": STREET})))
        found += [address for address, answer in answers if any(secret in told(answer) for secret in secrets)]
    return found


def test_who_works_in_another_street_is_told_nothing_of_this_one(client_of, things):
    assert leaks(client_of("chen"), OURS, things, (SECRET, STREET)) == []


def test_a_map_service_tells_whoever_works_in_another_street_nothing_of_this_one(client_of, things):
    """But the open layer, which tells everybody the same."""
    found = leaks(client_of("chen"), FOR_EVERYBODY, things, (SECRET, STREET))
    assert [address for address in found if "/open-areas/" not in address] == []
    seen = leaks(client_of("li"), FOR_EVERYBODY, things, (SECRET,))
    assert any("/cells/items" in address for address in seen)


def test_an_administrator_of_another_street_is_told_nothing_of_this_one(client_of, cast, things):
    cast.chen.postings.update(role="administrator")
    assert leaks(client_of("chen"), CLOSED, things, (SECRET,)) == []


def test_the_walk_would_see_it_for_it_does_where_it_may(client_of, things):
    """The same walk as Li, who may: so what it does not find for Chen is not there, rather than not looked for."""
    seen = leaks(client_of("li"), OURS, things, (SECRET,))
    names = {page.name for page in OURS for address in addresses(page, things) if address in seen}
    assert names >= {*RECORDS, "listed", "places", "at", "search", "tile", "buildings", "residents", "incidents"}


@pytest.mark.parametrize("name", EVERYONE)
def test_an_id_opens_a_record_exactly_where_the_posting_does(name, client_of, cast, db):
    """For every kind of record, in this cell, the next, another community and another street; and what does not open
    answers like what does not exist, word for word."""
    browser, access = client_of(name), cast[name].access
    cells = CellVersion.objects.filter(code__startswith=COMMUNITY).exclude(code=CELL).values_list("code", flat=True)
    community = Area.objects.filter(code__startswith=STREET, level="community").exclude(code=COMMUNITY).first().code
    for area in [CELL, *cells[:1], community, OTHER_STREET]:
        things = Belongings.of(area).objects
        for record, needed in RECORDS.items():
            thing = things.get(record.removesuffix("-panel"))
            if thing is not None:
                check_record(browser, record, thing, access.may(needed, getattr(thing, "area", None) or thing.code))


def check_record(browser, record: str, thing, may: bool) -> None:
    key, missing = _key(record, thing)
    answer = browser.get(reverse(record, args=[key]))
    if may:
        assert answer.status_code == 200, (record, key)
        return
    nothing = browser.get(reverse(record, args=[missing]))
    assert answer.status_code == nothing.status_code, (record, key)
    assert answer.status_code in (403, 404)
    assert told(answer) == told(nothing)


def _key(record: str, thing) -> tuple:
    """What names the thing in an address, and the same sort of name with nothing behind it."""
    if record.startswith(("building", "resident")):
        return thing.pk, 2**40
    return (thing.number, "19700101-000000") if record.startswith("incident") else (thing.code, "990099009")


@pytest.mark.parametrize("name", EVERYONE)
def test_the_map_lists_exactly_the_places_of_the_posting(name, client_of, cast):
    inside = POSTINGS[name][1]
    codes = {place["code"] for place in client_of(name).get("/map/places/").json()["places"]}
    assert codes
    assert all(code.startswith(inside) for code in codes)
    assert CellVersion.objects.filter(code__startswith=inside).count() == sum(len(code) == 15 for code in codes)


@pytest.mark.parametrize("name", EVERYONE)
def test_every_figure_is_of_a_place_of_the_posting_and_only_where_the_role_may(name, client_of, cast):
    browser, access = client_of(name), cast[name].access
    for layer in LAYERS:
        for code, indicator in INDICATORS.items():
            query = f"?layer={layer}&indicator={code}"
            listed, figures = (unpacked(browser.get(f"/map/{part}/{query}").content) for part in ("listed", "values"))
            told_of = listed[0]["codes"]
            assert len(figures[1]["values"]) == len(told_of)
            assert figures[0]["list"] == listed[0]["mark"]
            assert all(access.may(indicator.needs, place) for place in told_of), (layer, code)
            if not access.may_anywhere(indicator.needs):
                assert not told_of


@pytest.mark.parametrize("name", EVERYONE)
def test_the_heat_map_counts_exactly_the_incidents_of_the_posting(name, client_of, cast):
    answer = client_of(name).get("/map/heat/?bbox=116,39.5,117.5,40.8&zoom=10&side=8&from=2020-01-01&step=month")
    scope = cast[name].access.which("incident.read")
    if not scope:
        assert answer.status_code == 403
        return
    body = gzip.decompress(answer.content)
    head = json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])
    # A case that was merged into another is that other one.
    assert head["total"] == Incident.objects.inside(scope).exclude(state="duplicate").count() > 0


@pytest.mark.parametrize("name", ["li", "chen"])
def test_the_heat_map_of_another_area_is_empty_and_not_the_whole(name, client_of, cast):
    elsewhere = OTHER_STREET if name == "li" else STREET
    answer = client_of(name).get(
        f"/map/heat/?bbox=116,39.5,117.5,40.8&zoom=10&side=8&from=2020-01-01&step=month&area={elsewhere}"
    )
    body = gzip.decompress(answer.content)
    assert json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])["total"] == 0


@pytest.mark.parametrize("name", EVERYONE)
@pytest.mark.parametrize("layer", ["areas", "cells", "buildings"])
def test_every_tile_holds_places_of_the_posting_only(name, layer, client_of, tmp_path):
    inside = POSTINGS[name][1]
    model = {"areas": Area, "cells": CellVersion, "buildings": Building}[layer]
    key = "area" if layer == "buildings" else "code"
    browser, drawn = client_of(name, **SCRIPT), 0
    for z, x, y in {*tiles_of(STREET), *tiles_of(OTHER_STREET), *tiles_of(CELL)}:
        answer = browser.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt")
        assert answer.status_code in (200, 204)
        if answer.status_code == 200:
            file = tmp_path / "tile.pbf"
            file.write_bytes(gzip.decompress(answer.content))
            if layer == "buildings" and z < HOUSES_FROM:
                assert len(pyogrio.read_dataframe(file, X=x, Y=y, Z=z)) == _blocks_in(Frame.of(z, x, y), inside)
                continue
            shown = pyogrio.read_dataframe(file, X=x, Y=y, Z=z)["mvt_id"].tolist()
            found = model.objects.filter(pk__in=shown).values_list(key, flat=True)
            assert len(found) == len(set(shown))
            assert all(code.startswith(inside) for code in found)
            drawn += len(shown)
    assert drawn or (layer == "areas" and len(inside) == 15)


def _blocks_in(frame: Frame, posting: str) -> int:
    """How many blocks of a posting's ground meet a tile."""
    make_all_blocks()  # a kept tile was made in another test, whose blocks went with it
    window = Polygon.from_bbox(frame.padded)
    window.srid = crs.DRAW
    return Block.objects.filter(area__startswith=posting, drawing__bboverlaps=window).count()


def test_a_tile_kept_by_the_browser_is_asked_for_again_and_not_shared(client_of):
    z, x, y = tiles_of(CELL)[-1]
    answer = client_of("li", **SCRIPT).get(f"/tiles/buildings/{z}/{x}/{y}.mvt")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    other = client_of("chen", HTTP_IF_NONE_MATCH=answer.headers["ETag"], **SCRIPT)
    assert other.get(f"/tiles/buildings/{z}/{x}/{y}.mvt").status_code in (200, 204)


@pytest.mark.parametrize("address", ["/residents/", "/residents/1/"])
@pytest.mark.parametrize("name", ["zhao", "he", "admin"])
def test_a_role_without_people_has_no_page_of_people(address, name, client_of):
    assert client_of(name).get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("li", ("䶮䶮",)),
        ("chen", ("䶮䶮",)),
        ("sun", ("䶮䶮", "739X", "8472")),
        ("zhao", ("欧阳", "739X", "8472")),
        ("he", ("欧阳", "739X", "8472")),
        ("admin", ("欧阳", "739X", "8472")),
    ],
)
def test_what_is_withheld_from_the_role_is_in_no_answer(name, hidden, client_of, things):
    """No identity number, no phone, no full name where the rule of the role hides it: on any page, however asked."""
    everyone = Resident.objects.filter(area__startswith=DISTRICT)
    everyone.update(name="欧阳䶮䶮", identity_last4="739X", phone_last4="8472")
    with_people = [page for page in OURS if page.name not in ("tile", "values", "at", "places")]
    assert leaks(client_of(name), with_people, things, hidden) == []


# That the walk would catch a view that forgets


def show_all_buildings(request):
    return HttpResponse(",".join(Building.objects.values_list("name", flat=True)))


def show_any_building(request, pk: int):
    return JsonResponse({"name": Building.objects.get(pk=pk).name if Building.objects.filter(pk=pk) else ""})


def show_all_residents(request):
    return HttpResponse(",".join(Resident.objects.values_list("name", flat=True)))


def show_all_residents_carelessly(request):
    return HttpResponse(",".join(Resident.objects.values_list("name", flat=True)))


show_all_residents_carelessly.reads_no_people = True
urlpatterns = [
    *every_pattern,
    path("forgot/buildings/", show_all_buildings, name="forgot-list"),
    path("forgot/buildings/<int:pk>/", show_any_building, name="forgot-detail"),
    path("forgot/residents/", show_all_residents, name="forgot-people"),
    path("forgot/residents/more/", show_all_residents_carelessly, name="forgot-people-more"),
]


@pytest.fixture
def forgotten(settings) -> dict[str, Page]:
    """The product with four views whose author forgot the scope."""
    settings.ROOT_URLCONF = __name__
    return {page.name: page for page in pages(__name__) if page.name.startswith("forgot")}


def test_a_new_view_is_closed_to_nobody_by_itself(forgotten, things):
    for page in forgotten.values():
        test_nobody_enters_without_signing_in(page, things)


@pytest.mark.parametrize("name", ["forgot-list", "forgot-detail"])
def test_a_view_that_forgets_the_scope_does_not_get_through(name, forgotten, things, client_of):
    assert leaks(client_of("chen"), [forgotten[name]], things, (SECRET, STREET))


@pytest.mark.parametrize("name", ["forgot-people", "forgot-people-more"])
def test_people_are_behind_the_second_wall_even_so(name, forgotten, things, client_of):
    assert Resident.objects.filter(name__contains=SECRET).exists()
    assert not leaks(client_of("chen"), [forgotten[name]], things, (SECRET,))
    for reader in ("admin", "chen"):
        answer = client_of(reader).get(forgotten[name].template)
        assert SECRET not in told(answer)


def test_json_is_never_wider_than_the_page(client_of, things):
    """Asked as a script, the map's answers are the same in scope."""
    chen = client_of("chen", **SCRIPT)
    assert STREET not in json.dumps(chen.get("/map/places/").json())
    assert STREET not in json.dumps(unpacked(chen.get("/map/listed/?layer=cells").content)[0])
