"""Everyone of the cast: no address breaks, and none tells what their posting and role do not open."""

import json

import pytest
from django.urls import reverse

from gis.models import Area, CellVersion, Resident
from layers.packing import unpacked
from tests.cast import CELL, COMMUNITY, DISTRICT, EVERYONE, OTHER_STREET, STREET
from tests.web.gate.walked import CLOSED, FOR_EVERYBODY, OURS, SCRIPT, SECRET, leaks
from tests.web.inline import inline
from tests.web.walking import Belongings, Page, addresses, told

ANSWERS = (200, 204, 301, 302, 304, 400, 403, 404, 405)
#: Outlines and names of places, asked for again by their mark each time; everything else is kept by nobody.
ASKED_AGAIN = {"tile", "tile-on", "listed", "listed-on", "plan-tiles"}
#: The records whose address is an id, and the capability each needs.
RECORDS = {
    "area": "area.read", "area-panel": "area.read", "cell": "area.read", "cell-panel": "area.read",
    "building": "area.read", "building-panel": "area.read", "resident": "people.read", "incident": "incident.read",
    "incident-panel": "incident.read",
}  # fmt: skip


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


def is_kept_nowhere(answer, page: Page) -> bool:
    """Whether neither a proxy nor the browser of somebody who has signed out would show the answer again."""
    said = answer.headers.get("Cache-Control", "")
    return "no-store" in said or (page.name in ASKED_AGAIN and said == "private, no-cache")


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


def test_json_is_never_wider_than_the_page(client_of, things):
    """Asked as a script, the map's answers are the same in scope."""
    chen = client_of("chen", **SCRIPT)
    assert STREET not in json.dumps(chen.get("/map/places/").json())
    assert STREET not in json.dumps(unpacked(chen.get("/map/listed/?layer=cells").content)[0])
