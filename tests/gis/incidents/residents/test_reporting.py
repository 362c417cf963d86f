"""A resident's report is taken once, whatever happens on the way, and a flood of them is one thing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gis import crs
from gis.accounts.scope import Scope, applied
from gis.errors import Conflict, Refused, TooMany
from gis.incidents.incident import State
from gis.incidents.residents.allowance import Allowance, clear_spent, network_of, visitor
from gis.incidents.residents.reporting import SURGE, SURGE_WHILE
from gis.models import Attachment, Follow, Incident, Reporter, Step
from gis.people.sealing import open_seal
from gis.written import read_phone
from tests.browsing import as_server
from tests.cast import COMMUNITY, OTHER_STREET
from tests.gis.incidents.photos import a_jpeg
from tests.gis.incidents.residents.reporting import NOW, PHONE, moved, reported, somewhere

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _photos(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def counts() -> tuple[int, int, int, int]:
    return Incident.objects.count(), Step.objects.count(), Follow.objects.count(), Reporter.objects.count()


def refused(error: type, **wanted):
    before = counts()
    with pytest.raises(error) as raised:
        reported(**wanted)
    assert counts() == before
    assert raised.value.fix
    return raised.value


def test_it_becomes_a_case_of_its_place_without_an_actor():
    receipt = reported(photos=[a_jpeg()], text="水管爆了")
    incident = Incident.objects.get(number=receipt.number)
    assert (incident.origin, incident.state, incident.description) == ("resident", State.REPORTED, "水管爆了")
    assert incident.area.startswith(COMMUNITY)
    assert incident.due_at is not None
    step = incident.steps.get()
    assert step.actor is None
    assert step.attachments.count() == 1


def test_sent_twice_it_is_stored_once_and_the_link_is_the_same():
    ticket = uuid4()
    first, before = reported(ticket=ticket, photos=[a_jpeg()]), counts()
    again = reported(ticket=ticket, photos=[a_jpeg()])
    assert (again.number, again.token, again.again) == (first.number, first.token, True)
    assert counts() == before
    assert Attachment.objects.filter(incident__number=first.number).count() == 1


def test_the_same_form_with_other_words_is_told_that_it_is_here_already():
    ticket = uuid4()
    receipt = reported(ticket=ticket)
    error = refused(Conflict, ticket=ticket, content="another")
    assert receipt.number in error.message


def test_nothing_that_is_stored_opens_the_link():
    token = reported(name="顾某").token
    assert len(token) == 32  # of base32: 160 bits
    with connection.cursor() as cursor:
        for table in ("grid_follow", "grid_reporter", "grid_step", "grid_incident", "grid_allowance"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = "\n".join(row for (row,) in cursor.fetchall())
            assert token not in text
            assert PHONE not in text


def test_the_phone_is_sealed_and_the_row_is_seen_where_the_case_lies_and_nowhere_else():
    receipt = reported(name=" 顾  某 ")
    with as_server():
        assert not Reporter.objects.exists()
        with applied(Scope.of([OTHER_STREET])):
            assert not Reporter.objects.exists()
        with applied(Scope.of([COMMUNITY])):
            found = Reporter.objects.get(incident__number=receipt.number)
    assert (found.name, found.phone_last4, open_seal(found.phone_sealed)) == ("顾 某", "1234", PHONE)
    assert "顾" not in str(found)


def test_without_name_and_phone_nothing_of_a_person_is_written():
    reported(phone="")
    assert not Reporter.objects.exists()
    assert Follow.objects.get().digits == ""


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("place", {"point": None}),
        ("place", {"point": Point(100.0, 30.0, srid=crs.STORE)}),
        ("place", {"point": None, "building": 2**40}),
        ("category", {"category": None}),
        ("phone", {"phone": "12"}),
        ("phone", {"phone": "call me"}),
        ("name", {"name": "长" * 31}),
        ("text", {"text": "水" * 2001}),
    ],
)
def test_it_names_the_field_that_cannot_be_stored(field, wanted):
    assert list(refused(Refused, **wanted).fields) == [field]


def test_other_matters_need_a_word():
    assert list(refused(Refused, code="C9999", text="").fields) == ["text"]


def test_a_file_that_is_no_photo_stores_nothing(tmp_path):
    refused(Refused, photos=[b"%PDF-1.4"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_it_joins_the_case_that_was_offered():
    first = reported()
    joined = reported(same_as=first.number, text="我家也是", phone="13900005678")
    assert (joined.number, joined.joined) == (first.number, True)
    assert joined.token != first.token
    step = Step.objects.get(follow__token__isnull=False, act="again")
    assert (step.note, step.incident.number) == ("我家也是", first.number)


def test_an_offered_case_that_ended_meanwhile_is_no_reason_to_lose_a_report():
    first = reported()
    Incident.objects.filter(number=first.number).update(state=State.CLOSED)
    assert reported(same_as=first.number).number != first.number


def test_a_flood_from_one_spot_is_a_few_cases_and_everybody_has_their_link():
    point = somewhere()
    receipts = [
        reported(point=moved(point, n % 30), at=NOW + timedelta(seconds=n * 0.3), address=f"192.0.2.{n % 9}")
        for n in range(200)
    ]
    assert len({receipt.number for receipt in receipts}) == SURGE
    assert len({receipt.token for receipt in receipts}) == Follow.objects.count() == 200
    assert Step.objects.filter(act="again", incident__number=receipts[0].number).count() == 200 - SURGE


def test_what_is_at_home_is_never_joined_by_itself():
    receipts = [reported("C0601") for _ in range(SURGE + 2)]
    assert len({receipt.number for receipt in receipts}) == SURGE + 2


def test_a_flood_is_of_one_kind_one_spot_and_one_while():
    point = somewhere()
    for _ in range(SURGE):
        reported(at=NOW)
    assert not reported("C0301", at=NOW).joined
    assert not reported(point=moved(point, 200), at=NOW).joined
    assert not reported(at=NOW + SURGE_WHILE).joined
    assert reported(at=NOW + SURGE_WHILE / 2).joined


def test_one_visitor_opens_so_many_cases_an_hour_and_joins_many_more(settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 4
    codes = ["C0301", "C0302", "C0305", "C0401"]
    for code in codes:
        first = reported(code, at=NOW)
    refused(TooMany, code="C0402", at=NOW)
    assert reported("C0402", at=NOW, address="192.0.2.8").number
    assert reported("C0401", at=NOW, same_as=first.number).joined
    assert reported("C0402", at=NOW + timedelta(hours=1)).number


def test_a_refused_report_costs_nothing(settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 1
    refused(Refused, phone="x")
    assert reported(at=NOW).number


def test_who_it_was_is_counted_and_not_kept():
    reported(at=NOW, address="192.0.2.7")
    kept = bytes(Allowance.objects.get().who)
    assert kept == visitor("192.0.2.7", NOW)
    assert kept != visitor("192.0.2.7", NOW + timedelta(days=1))
    assert clear_spent(NOW + timedelta(hours=23)) == 0
    assert clear_spent(NOW + timedelta(hours=26)) == 1


def test_of_an_address_of_ipv6_the_network_is_counted():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7")


def read_or_refused(typed: str) -> str | list[str]:
    try:
        return read_phone(typed)
    except Refused as refusal:
        return list(refusal.fields)


@given(st.text(alphabet="0123456789０１２３４５６７８９ +-()（）－x", max_size=24))
def test_a_phone_is_digits_or_refused(typed):
    read = read_or_refused(typed)
    if not typed.strip():
        assert read == ""
    elif read != ["phone"]:
        assert 7 <= len(read) <= 15
        assert read.isascii()
        assert read.isdigit()
        assert read_phone(read) == read
