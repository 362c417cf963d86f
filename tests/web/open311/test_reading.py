"""Open311 read: what is public, coarsely, in both forms, a page after the other, and nothing else."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.incidents.coarse import SIDE, half_day_begins
from gis.incidents.public_request import Asked, find_requests
from gis.models import Category, Incident, Publication, Step
from tests.browsing import Browser
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET
from tests.gis.incidents.reported import report

REQUESTS = "/open311/v2/requests"
FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


@pytest.fixture
def category(db) -> Category:
    found = Category.objects.filter(kind="community", is_public=True, retired=False).order_by("code").first()
    assert found
    return found


@pytest.fixture
def hidden(db) -> Category:
    return Category.objects.filter(kind="community", is_public=False, retired=False).order_by("code").first()


def a_request(category: Category, **facts) -> Incident:
    incident = report(category=category, **{"at": timezone.now() - timedelta(hours=3)} | facts)
    Incident.objects.filter(pk=incident.pk).update(
        description="密䶮描述", place="密䶮门牌3单元402", position=incident.position
    )
    return incident


def asked(address: str = f"{REQUESTS}.json", expected: int = 200, **query):
    answer = Browser().get(f"{address}?{urlencode(query)}" if query else address)
    assert answer.status_code == expected, answer.content.decode()
    return answer


def read_xml(content: bytes) -> Element:
    return fromstring(content)  # noqa: S314 - our own answer, not a stranger's


def named(incident: Incident) -> dict | None:
    found = asked(service_request_id=incident.uuid).json()
    return found[0] if found else None


# What is told


def test_a_request_has_the_fields_of_the_standard(category):
    told = named(a_request(category))
    assert set(told) == FIELDS
    assert (told["status"], told["service_code"], told["service_name"]) == ("open", category.code, category.name)
    assert datetime.fromisoformat(told["requested_datetime"]).tzinfo


def test_it_says_nothing_of_what_was_written_who_exactly_where_or_when(category, cast):
    incident = a_request(category)
    Step.objects.create(incident=incident, at=timezone.now(), after=incident.state, note="密䶮内部", actor=cast.li)
    for form in ("json", "xml"):
        for address in (f"{REQUESTS}.{form}", f"{REQUESTS}/{incident.uuid}.{form}"):
            told = asked(address).content.decode()
            assert str(incident.uuid) in told
            assert "密䶮" not in told
            assert incident.number not in told
            assert incident.area not in told
            assert f"{incident.position.x:.5f}" not in told
            assert "李主任" not in told
            assert str(incident.pk) not in re.findall(r"\d+", re.sub(r"[0-9a-f-]{36}", "", told))


def test_its_time_is_half_a_day_and_its_place_a_square(category):
    incident = a_request(category)
    told = named(incident)
    assert datetime.fromisoformat(told["requested_datetime"]) == half_day_begins(incident.reported_at)
    north, east = (told["lat"] - incident.position.y) * 111_000, (told["long"] - incident.position.x) * 85_000
    assert abs(north) <= SIDE / 2 + 2
    assert abs(east) <= SIDE / 2 + 2


def test_all_that_lie_in_one_square_are_told_at_one_place(category):
    """So that no number of reports around a house gives the house away."""
    first, second = a_request(category), a_request(category)
    one, other = named(first), named(second)
    assert (one["lat"], one["long"]) == (other["lat"], other["long"])


@pytest.mark.parametrize("change", ["rejected", "duplicate"])
def test_what_was_rejected_or_merged_is_not_there(change, category):
    incident = a_request(category)
    Incident.objects.filter(pk=incident.pk).update(state=change)
    assert named(incident) is None
    asked(f"{REQUESTS}/{incident.uuid}.json", 404)


def test_what_staff_hide_and_what_is_no_public_kind_is_not_there(category, hidden, cast):
    incident, other = a_request(category), a_request(hidden)
    Publication.objects.create(incident=incident, hidden=True, at=timezone.now(), by=cast.li)
    for one in (incident, other):
        assert named(one) is None
        answer = asked(f"{REQUESTS}/{one.uuid}.json", 404)
        missing = asked(f"{REQUESTS}/{uuid4()}.json", 404)
        assert answer.content == missing.content
    assert not {str(incident.uuid), str(other.uuid)} & {one["service_request_id"] for one in asked().json()}


def test_a_text_that_xml_cannot_hold_is_told_without_it(category, cast):
    incident = a_request(category)
    text = "a\x0b<b>&\ud7ff\ufffe\U0001f6a7"
    Publication.objects.create(incident=incident, text=text, at=timezone.now(), by=cast.li)
    told = read_xml(asked(f"{REQUESTS}/{incident.uuid}.xml").content)
    assert told.findtext("request/description") == "a<b>&\ud7ff\U0001f6a7"


def test_both_forms_say_the_same(category):
    incident = a_request(category)
    told = read_xml(asked(f"{REQUESTS}/{incident.uuid}.xml").content)
    assert told.tag == "service_requests"
    read = {part.tag: part.text for part in told.find("request")}
    assert read == {
        name: None if value in (None, "") else str(value) for name, value in named(incident).items()
    }  # fmt: skip


# Asking


def test_a_filter_keeps_what_fits(category):
    incident = a_request(category)
    code, other = category.code, Category.objects.filter(kind="community").exclude(pk=category.pk).first().code
    for query, there in (
        ({"service_code": code}, True),
        ({"service_code": f"nothing,{code}"}, True),
        ({"service_code": other}, False),
        ({"status": "open"}, True),
        ({"status": "closed"}, False),
        ({"status": "open,closed"}, True),
        ({"jurisdiction_id": COMMUNITY}, True),
        ({"jurisdiction_id": STREET}, True),
        ({"jurisdiction_id": OTHER_STREET}, False),
        ({"end_date": "2001-01-01T00:00:00Z"}, False),
        ({"start_date": "2001-01-01T00:00:00+08:00", "end_date": "2199-01-01T00:00:00Z"}, True),
    ):
        found = asked(page_size=200, **query).json()
        assert (str(incident.uuid) in {one["service_request_id"] for one in found}) == there, query


def test_without_a_date_it_looks_back_ninety_days(category):
    old = a_request(category, at=timezone.now() - timedelta(days=92))
    query = {"service_code": category.code, "page_size": 200}
    assert str(old.uuid) not in asked(**query).content.decode()
    assert (
        str(old.uuid) in asked(**query, start_date=(timezone.now() - timedelta(days=94)).isoformat()).content.decode()
    )


def test_a_plus_sign_that_was_not_encoded_is_understood(category):
    assert Browser().get(f"{REQUESTS}.json?start_date=2026-01-01T00:00:00+08:00").status_code == 200


@pytest.mark.parametrize(("query", "status"), [
    ({"status": "asleep"}, 400),
    ({"start_date": "yesterday"}, 400),
    ({"start_date": "2026-01-01"}, 400),
    ({"start_date": "0001-01-01T00:00:00Z"}, 400),
    ({"end_date": "9999-12-31T23:59:59-12:00"}, 400),
    ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
    ({"page": "0"}, 400),
    ({"page": "-1"}, 400),
    ({"page": "9" * 30}, 400),
    ({"page": "900", "page_size": "200"}, 400),
    ({"page_size": "201"}, 400),
    ({"page": "²"}, 400),
    ({"jurisdiction_id": "999999"}, 404),
    ({"jurisdiction_id": CELL}, 404),
    ({"service_request_id": "20260101-000001"}, 404),
    ({"service_request_id": ",".join(["0" * 32] * 101)}, 400),
    ({"after": "x"}, 404),
])  # fmt: skip
@pytest.mark.parametrize("form", ["json", "xml"])
def test_nonsense_is_refused_in_the_standards_form(form, query, status, db):
    answer = asked(f"{REQUESTS}.{form}", status, **query)
    if form == "json":
        (error,) = json.loads(answer.content)
        assert error["code"] == status
        assert error["description"]
    else:
        root = read_xml(answer.content)
        assert (root.tag, root.findtext("error/code")) == ("errors", str(status))
        assert root.findtext("error/description")


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_range_of_dates_is_held_against_what_is_told_of_a_time(data, category):
    """Whoever asks with ever narrower ranges learns the half day and never the minute."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    at = start + timedelta(seconds=data.draw(st.integers(0, 4 * 86400)))
    incident = Incident.objects.filter(category=category).first() or a_request(category)
    Incident.objects.filter(pk=incident.pk).update(reported_at=at, state="reported", area=CELL)
    told = half_day_begins(at)
    first = start + timedelta(seconds=data.draw(st.integers(0, 4 * 86400)))
    last = data.draw(st.sampled_from([told, first, start + timedelta(days=2), told - timedelta(seconds=1)]))
    found = find_requests(Asked((CELL,), first=first, last=last)).filter(pk=incident.pk).exists()
    assert found == (first <= told <= last)


# Pages


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(size=st.integers(1, 30))
def test_pages_hold_every_request_once(size, category):
    query = {"start_date": "2000-01-01T00:00:00Z", "service_code": category.code}
    for n in range(7 - Incident.objects.filter(category=category, area=CELL).count()):
        a_request(category, at=timezone.now() - timedelta(minutes=n // 2))
    wanted = find_requests(Asked(("11",), frozenset([category.code])))
    seen, page = [], 1
    while rows := asked(page=page, page_size=size, **query).json():
        seen += [one["service_request_id"] for one in rows]
        page += 1
    assert seen == [str(uuid) for uuid in wanted.values_list("uuid", flat=True)]


def test_the_linked_page_is_not_shifted_by_what_comes_in_meanwhile(category):
    for n in range(5):
        a_request(category, at=timezone.now() - timedelta(days=1 + n))
    query = {"service_code": category.code, "page_size": 2}
    wanted = [one["service_request_id"] for one in asked(service_code=category.code).json()][:4]
    first = asked(**query)
    a_request(category, at=timezone.now())
    link = re.fullmatch(r'<http://[^/]+([^>]+)>; rel="next"', first["Link"])[1]
    second = asked(link)
    assert [one["service_request_id"] for one in first.json() + second.json()] == wanted


@pytest.mark.parametrize("size", [2, 7])
def test_the_order_of_requests_tells_the_half_day_and_no_minute(category, size):
    """Four of one morning in whatever order they came, and three of the day before, over as many pages as it takes."""
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=2)
    these = [a_request(category) for _ in range(7)]
    Incident.objects.filter(category=category).exclude(pk__in=[one.pk for one in these]).delete()

    def listed(*minutes: int) -> list[str]:
        for one, passed in zip(these, minutes, strict=True):
            Incident.objects.filter(pk=one.pk).update(reported_at=morning + timedelta(minutes=passed))
        seen, page = [], asked(service_code=category.code, page_size=size)
        while link := page.headers.get("Link"):
            seen += page.json()
            page = asked(re.fullmatch(r'<http://[^/]+([^>]+)>; rel="next"', link)[1])
        return [one["service_request_id"] for one in [*seen, *page.json()]]

    before = listed(1, 2, 3, 4, -1440, -1441, -1442)
    assert before == listed(4, 3, 2, 1, -1442, -1440, -1441)
    assert set(before[:4]) == {str(one.uuid) for one in these[:4]}
    assert set(before) == {str(one.uuid) for one in these}


def test_the_last_page_links_to_none(category):
    a_request(category)
    rows = asked(service_code=category.code, page_size=200)
    assert len(rows.json()) < 200
    assert "Link" not in rows.headers


# Services


@pytest.mark.parametrize("form", ["json", "xml"])
def test_services_are_those_of_the_residents_form(form, category):
    answer = asked(f"/open311/v2/services.{form}")
    codes = (
        [one["service_code"] for one in answer.json()]
        if form == "json"
        else [one.findtext("service_code") for one in read_xml(answer.content).iter("service")]
    )
    used = Category.objects.filter(kind="community", retired=False).order_by("code")
    assert codes == list(used.values_list("code", flat=True))


def test_a_service_is_defined_and_another_is_not_there(category):
    told = asked(f"/open311/v2/services/{category.code}.json").json()
    assert told == {"service_code": category.code, "attributes": []}
    root = read_xml(asked(f"/open311/v2/services/{category.code}.xml").content)
    assert (root.tag, root.findtext("service_code"), root.find("attributes") is not None) == (
        "service_definition", category.code, True,
    )  # fmt: skip
    assert asked("/open311/v2/services/nothing.json", 404).json()[0]["code"] == 404


def test_it_is_discovered(db):
    told = asked("/open311/v2/discovery.json").json()
    assert told["endpoints"][0]["url"].endswith("/open311/v2")
    root = read_xml(asked("/open311/v2/discovery.xml").content)
    assert [one.text for one in root.iter("format")] == ["text/xml", "application/json"]


@pytest.mark.parametrize("path", ["tokens/1.json", "requests", "requests.html", "services.yaml", "x", "requests/.json"])
def test_another_address_is_refused_in_the_standards_form(path, db):
    answer = asked(f"/open311/v2/{path}", 404)
    assert b"404" in answer.content
    assert b"<html" not in answer.content


@pytest.mark.parametrize("verb", ["put", "patch", "delete", "options"])
def test_another_verb_is_refused(verb, db):
    answer = getattr(Browser(), verb)(f"{REQUESTS}.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_nothing_is_set_in_the_visitors_browser(category):
    answer = asked()
    assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"
