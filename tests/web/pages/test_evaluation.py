"""The pages of indicators: what they say, the cases behind it, and to whom."""

import re

import pytest

from tests.cast import COMMUNITY, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db


def page(browser, **query) -> str:
    answer = browser.get("/evaluation/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_fraction_is_the_length_of_the_list_behind_it(client_of):
    browser = client_of("li")
    text = page(browser, days=365)
    links = re.findall(r'href="(/evaluation/cases/[^"]+)">([\d,]+)</a>', text)
    assert len(links) > 20
    for address, number in links[::3]:
        listed = browser.get(address.replace("&amp;", "&")).context["page"]
        assert listed.total == int(number.replace(",", ""))


def test_places_below_add_up(client_of):
    answer = client_of("li").get("/evaluation/", {"days": 365, "show": "closing_rate"})
    row = next(one for one in answer.context["rows"] if one.indicator.code == "closing_rate")
    assert sum(part.rate.judged for part in answer.context["groups"]) == row.rate.judged > 0
    inside = client_of("li").get("/evaluation/", {"days": 365, "show": "closing_rate", "area": COMMUNITY})
    mine = next(part for part in answer.context["groups"] if part.key == COMMUNITY)
    row = next(one for one in inside.context["rows"] if one.indicator.code == "closing_rate")
    assert row.rate == mine.rate


def test_departments_are_named(client_of):
    text = page(client_of("li"), days=365, by="department")
    assert "城市管理委员会" in text
    assert "网格员0" not in text


def test_a_period_may_be_any(client_of):
    browser = client_of("li")
    for query in (
        {"first": "2026-01-01", "last": "2026-03-31"},
        {"first": "2026-03-31", "last": "2026-01-01"},
        {"first": "x", "last": "9999-99-99"},
        {"days": "-1", "show": "nonsense", "department": "99999999", "by": "person"},
        {"area": "'; --"},
        {"first": "0001-01-01", "last": "0001-01-02"},
    ):
        assert browser.get("/evaluation/", query).status_code == 200, query


def test_nothing_to_judge_is_a_dash(client_of):
    text = page(client_of("li"), first="2020-01-01", last="2020-01-31")
    assert "–" in text
    assert "0.0%" not in text


def test_an_unknown_part_is_not_found(client_of):
    assert client_of("li").get("/evaluation/cases/", {"part": "all"}).status_code == 404


def test_others_see_their_own_ground_only(client_of):
    chen = client_of("chen")
    asked = chen.get("/evaluation/", {"days": 365, "area": STREET})
    assert asked.context["code"] == OTHER_STREET
    listed = chen.get("/evaluation/cases/", {"days": 365, "show": "closing_rate", "part": "below", "area": STREET})
    assert all(one.area.startswith(OTHER_STREET) for one in listed.context["page"].rows)


@pytest.mark.parametrize("name", ["zhao", "admin"])
def test_who_reads_no_incidents_reads_no_indicators(client_of, name):
    assert client_of(name).get("/evaluation/").status_code == 403
    assert client_of(name).get("/evaluation/cases/", {"part": "below"}).status_code == 403
