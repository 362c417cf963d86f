"""The heat map's address: in scope, refusing in plain words what it cannot read."""

import gzip
import json
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from gis.models import Incident
from layers import incident_copy
from tests.cast import CELL, COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.incidents.reported import a_category, report

WHOLE = {"bbox": "115,39,118,41.5", "zoom": "8", "step": "month", "from": "2026-03-01", "to": "2026-03-31"}
OTHER_CELL = OTHER_STREET + "001001"


@pytest.fixture(autouse=True)
def _reports(db):
    """Two in Wang's cell, one elsewhere in Li's street, three in Chen's, and none of the town's."""
    incident_copy.forget()
    Incident.objects.all().delete()
    for area in [CELL, CELL, COMMUNITY, OTHER_CELL, OTHER_CELL, OTHER_CELL]:
        report(area=area)
    yield
    incident_copy.forget()


def answer(browser, **wanted):
    return browser.get(f"/map/heat/?{urlencode(WHOLE | wanted)}", HTTP_ACCEPT="*/*")


def total(browser, **wanted) -> int:
    sent = gzip.decompress(answer(browser, **wanted).content)
    length = int.from_bytes(sent[:4], "little")
    head = json.loads(sent[4 : 4 + length])
    assert sum(sent[4 + length :]) == head["total"]  # one byte a bin, as there are few
    return head["total"]


@pytest.mark.parametrize(("name", "seen"), [("li", 3), ("wang", 2), ("chen", 3), ("sun", 6), ("he", 6), ("zhou", 3)])
def test_it_counts_for_each_what_is_theirs(client_of, name, seen):
    assert total(client_of(name)) == seen


@pytest.mark.parametrize("name", ["zhao", "admin"])
def test_it_shows_nothing_to_a_role_without_cases(client_of, name):
    assert answer(client_of(name)).status_code == 403
    assert b'"heat": null' in client_of(name).get("/").content


@pytest.mark.parametrize("name", EVERYONE)
def test_it_never_counts_more_than_the_list_shows(client_of, cast, name):
    scope = cast[name].access.which("incident.read")
    if scope:
        assert total(client_of(name)) == Incident.objects.filter(scope.q()).count()


def test_it_shows_a_new_incident_at_once(client_of):
    browser = client_of("li")
    before = total(browser)
    report(area=CELL)
    assert total(browser) == before + 1


def test_it_filters_by_category_group_state_and_area(client_of):
    browser, dirty = client_of("sun"), a_category("市容", "垃圾")
    report(area=CELL, category=dirty, state="closed")
    assert total(browser, category=dirty.pk) == 1
    assert total(browser, major="市容") == 1
    assert total(browser, major="没有") == 0
    assert total(browser, state="closed") == total(browser, state="ended") == 1
    assert total(browser, state="open") == 6
    assert total(browser, area=STREET) == 4


def test_it_counts_what_the_list_finds_for_a_filter_that_is_half_nonsense(client_of):
    assert total(client_of("sun"), state="lost", late="x", first="yesterday") == 6


def test_it_answers_nothing_for_an_area_of_others(client_of):
    assert total(client_of("li"), area=OTHER_STREET) == 0


def test_it_counts_local_days(client_of):
    Incident.objects.all().delete()
    report(area=CELL, at=timezone.datetime.fromisoformat("2026-03-04T23:30:00+08:00"))
    assert total(client_of("wang"), **{"from": "2026-03-04", "to": "2026-03-04"}) == 1
    assert total(client_of("wang"), **{"from": "2026-03-05", "to": "2026-03-05"}) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"bbox": ""}, {"bbox": "a,b,c,d"}, {"bbox": "1,2,3"}, {"bbox": "nan,39,118,41"}, {"zoom": ""}, {"zoom": "-1"},
     {"zoom": "99"}, {"side": "7"}, {"from": "yesterday"}, {"from": "2026-02-30"}, {"from": "0001-01-01"},
     {"to": "9999-12-31"}, {"from": "2026-05-01"}, {"step": "century"},
     {"step": "hour", "from": "2020-01-01"}, {"zoom": "17"}],
)  # fmt: skip
def test_it_refuses_in_plain_words(client_of, wrong):
    refused = answer(client_of("li"), **wrong)
    assert refused.status_code == 400
    assert refused.json()["error"]
    assert refused.json()["fix"]
