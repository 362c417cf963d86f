"""Nobody, and who has no posting: what is closed, and what open pages tell."""

import pytest
from django.db.models import Value
from django.db.models.functions import Replace

from gis.models import Area, Compound
from tests.browsing import Browser
from tests.cast import CELL, STREET
from tests.web.gate.walked import ALL, CLOSED, FOR_EVERYBODY, OF_A_COMMUNITY, OPEN, SCRIPT, SECRET, ids, turned_away
from tests.web.inline import inline
from tests.web.walking import KNOWN, addresses, told
from web.scope import PERSONAL, PUBLIC


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
    turned_away(entry, things)


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
