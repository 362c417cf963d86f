"""Mediation: who may open it, what the database shows of it, and what a record must hold."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.codes.loading import load_table
from gis.errors import Conflict, OutOfScope, Refused
from gis.incidents.mediation.dispute import Dispute, DisputeLook, DisputeMeeting, DisputeParty
from gis.incidents.mediation.keeping import add_meeting, add_party, keep_record, phone_of, usual_kind
from gis.incidents.mediation.opening import may_open, note_look, opened, opened_within, record_of
from gis.models import Assignment, Category, Department, Incident, Step
from tests.browsing import as_server
from tests.cast import CELL, DISTRICT, OTHER_STREET, STREET
from tests.gis.incidents.reported import report

pytestmark = pytest.mark.django_db
TABLES = (Dispute, DisputeParty, DisputeMeeting, DisputeLook)
TOLD = {
    "kind": "neighbour", "brief": "楼上漏水", "people": 2, "mediator": "王调解", "method": "peoples",
    "outcome": "ongoing", "agreement": "", "agreed_on": None, "review_on": None, "review": "",
}  # fmt: skip


@pytest.fixture
def case(db, cast) -> Incident:
    load_table("dispute")
    incident = report(CELL, category=Category.objects.get(kind="community", code="C0601"))
    dispute = keep_record(incident, TOLD, cast.zhou, 0)
    add_party(dispute, side="applicant", name="甲某", phone="010-5550 1234")
    add_meeting(dispute, cast.zhou, at=timezone.now(), place="居委会", attended="甲某", summary="约定下周再谈")
    note_look(dispute, cast.zhou)
    return incident


def given_to(incident: Incident, **whom) -> None:
    step = Step.objects.create(incident=incident, at=timezone.now(), after="dispatched", act="dispatch")
    Assignment.objects.create(incident=incident, since=step, **whom)


def counted() -> list[int]:
    """How many rows of each table the runtime login sees."""
    return [model.objects.count() for model in TABLES]


@pytest.mark.parametrize(
    ("name", "may"),
    [("zhou", True), ("li", True), ("sun", False), ("wang", False), ("zhao", False), ("chen", False), ("he", False),
     ("admin", False)],
)  # fmt: skip
def test_those_open_it_who_handle_disputes_there(name, may, case, cast):
    assert may_open(case, cast[name], cast[name].access) is may


def test_whoever_has_the_case_to_deal_with_opens_it_as_long_as_they_have_it(case, cast):
    cast.he.department = Department.objects.get(code="civil")
    cast.he.save()
    given_to(case, department=cast.he.department)
    assert may_open(case, cast.he, cast.he.access)
    case.assignments.update(ended=case.steps.get())
    assert not may_open(case, cast.he, cast.he.access)


def test_a_task_that_names_somebody_opens_it_for_them_alone(case, cast):
    given_to(case, team=CELL, handler=cast.zhou)
    assert not may_open(case, cast.wang, cast.wang.access)
    case.assignments.update(handler=cast.wang)
    assert may_open(case, cast.wang, cast.wang.access)


def test_the_database_shows_nothing_until_it_is_opened(case, cast):
    with as_server(), applied(Scope((DISTRICT,))):
        assert counted() == [0, 0, 0, 0]
        with opened(case, cast.zhou, cast.zhou.access):
            assert counted() == [1, 1, 1, 1]
        assert counted() == [0, 0, 0, 0]


def test_one_opened_case_shows_no_other(case, cast):
    other = report(CELL)
    keep_record(other, TOLD, cast.zhou, 0)
    with as_server(), applied(Scope((STREET,))), opened(case, cast.zhou, cast.zhou.access):
        assert record_of(case).incident_id == case.pk
        assert record_of(other) is None


def test_it_closes_again_when_something_goes_wrong_within(case, cast):
    with as_server(), applied(Scope((STREET,))):
        with pytest.raises(ZeroDivisionError), opened(case, cast.zhou, cast.zhou.access):
            raise ZeroDivisionError
        assert counted() == [0, 0, 0, 0]


def test_an_area_opens_what_lies_in_it(case, cast):
    with as_server(), applied(Scope((DISTRICT,))):
        with opened_within(Scope((STREET,))):
            assert Dispute.objects.count() == 1
        for nothing in (Scope((OTHER_STREET,)), Scope(())):
            with opened_within(nothing):
                assert Dispute.objects.count() == 0


@pytest.mark.parametrize(
    "setting",
    ["", "case:", "case:0", "case:-1", "case:1 OR true", "*", "%", ",", "1", "110113001,", "case:1\n", "null"],
)
def test_a_setting_that_is_none_opens_nothing(setting, case):
    with as_server(), applied(Scope((DISTRICT,))), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.disputes', %s, true)", [setting])
        assert counted() == [0, 0, 0, 0]


def test_whoever_does_not_handle_it_is_told_that_nothing_is_there(case, cast):
    with pytest.raises(OutOfScope), opened(case, cast.sun, cast.sun.access):
        pytest.fail("opened")


@pytest.mark.parametrize("model", [DisputeMeeting, DisputeLook])
def test_what_was_said_and_who_looked_stays_told(model, case, cast):
    for change in (lambda rows: rows.update(dispute=None), lambda rows: rows._raw_delete(rows.db)):
        with (
            as_server(),
            applied(Scope((STREET,))),
            opened(case, cast.zhou, cast.zhou.access),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            change(model.objects.all())


def test_looking_twice_a_day_is_written_once(case, cast):
    for _ in range(3):
        note_look(case.dispute, cast.li)
    assert case.dispute.looks.filter(by=cast.li).count() == 1


def test_a_phone_is_sealed_at_rest(case):
    party = DisputeParty.objects.get()
    assert phone_of(party) == "010-5550 1234"
    assert b"5550" not in bytes(party.phone_sealed)


def test_two_who_write_do_not_overwrite_each_other(case, cast):
    keep_record(case, TOLD | {"mediator": "李调解"}, cast.li, 1)
    with pytest.raises(Conflict):
        keep_record(case, TOLD | {"mediator": "周调解"}, cast.zhou, 1)
    assert Dispute.objects.get(incident=case).mediator == "李调解"


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        ({"outcome": "agreed"}, {"agreed_on", "agreement"}),
        ({"outcome": "agreed", "agreed_on": date(2026, 3, 5), "agreement": " "}, {"agreement"}),
        ({"kind": "politics"}, {"kind"}),
        ({"method": "force"}, {"method"}),
        ({"review": "都好"}, {"review_on"}),
        ({"brief": "长" * 4001}, {"brief"}),
        ({"mediator": "长" * 81}, {"mediator"}),
    ],
)
def test_a_record_that_cannot_stand_is_refused_by_its_fields(told, fields, case, cast):
    with pytest.raises(Refused) as refused:
        keep_record(case, TOLD | told, cast.zhou, 1)
    assert set(refused.value.fields) == fields
    assert Dispute.objects.get(incident=case).revision == 1


def test_a_category_names_the_usual_type(case):
    assert usual_kind(case) == "neighbour"


def test_nothing_but_mediation_itself_reads_these_tables():
    """Lists, exports, figures, searches, the API and public pages cannot tell what they do not know of."""
    root = Path(__file__).resolve().parents[3]
    names = {model.__name__ for model in TABLES} | {model._meta.db_table for model in TABLES} | {"dispute"}
    mine = {"gis/models.py", "web/urls.py"}
    found = set()
    for path in (path for room in ("gis", "layers", "web") for path in (root / room).rglob("*.py")):
        where = path.relative_to(root).as_posix()
        if "mediation" in where or where in mine or "node_modules" in where:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "value", None)
            if isinstance(said, str) and said in names:
                found.add((where, said))
    ends = {("gis/retiring/records.py", name) for name in ("Dispute", "DisputeParty")}  # deletes them after their term
    walls = {("web/operation/doctor/server.py", "dispute")}  # asks whether its wall stands
    named = {(where, "dispute") for where in ("web/words.py", "gis/dictionary/describing.py")}  # the code table's name
    assert found <= ends | walls | named
