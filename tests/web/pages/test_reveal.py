"""What is masked is shown in full with a reason, and noted; the log is seen by whoever answers for an area."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count

from gis.accounts.scope import applied
from gis.models import Department, Field, LifeEvent, Reading, Residence, Resident, User
from gis.people.masking import revealable
from gis.people.sealing import blind_index, seal
from tests.cast import CELL
from tests.gis.collection.test_known import say
from tests.web.pages.street import STREET, A

pytestmark = pytest.mark.django_db
NUMBER, PHONE, NAME, WHY = "99010119900101777X", "13800137777", "张伟明", "核对低保申请"


@pytest.fixture
def zhang(staff) -> Resident:
    return Resident.objects.create(
        name=NAME, area=A, identity_sealed=seal(NUMBER), identity_index=blind_index(NUMBER),
        identity_last4=NUMBER[-4:], phone_sealed=seal(PHONE), phone_index=blind_index(PHONE), phone_last4=PHONE[-4:],
    )  # fmt: skip


def reveal(browser, person: Resident, field: str, reason: str = WHY):
    return browser.post(f"/residents/{person.pk}/reveal/", {"field": field, "reason": reason})


@pytest.mark.parametrize(
    ("who", "field", "value"),
    [
        ("paper-community", "identity", NUMBER),
        ("paper-street", "identity", NUMBER),
        ("paper-street", "phone", PHONE),
        ("paper-street", "name", NAME),
    ],
)
def test_it_shows_one_field_and_notes_it_with_the_reason(staff, zhang, who, field, value):
    browser = staff(who)
    assert value not in browser.get(f"/residents/{zhang.pk}/").content.decode()
    answer = reveal(browser, zhang, field)
    assert value in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    last = Reading.objects.filter(by__username=who).latest("pk")
    assert (last.act, last.residents, last.reason) == ("reveal", [zhang.pk], WHY)
    assert last.fields == [field]
    assert value not in browser.get(f"/residents/{zhang.pk}/").content.decode()


@pytest.mark.parametrize(
    ("who", "field", "status"),
    [
        ("paper-worker", "identity", 403),
        ("paper-district", "name", 403),
        ("paper-district", "identity", 403),
        ("paper-street", "room", 403),
        ("paper-street", "", 403),
        ("paper-planner", "name", 403),
        ("paper-other", "name", 404),
    ],
)
def test_it_shows_no_more_than_the_rule(staff, zhang, who, field, status):
    answer = reveal(staff(who), zhang, field)
    assert answer.status_code == status
    assert all(value not in answer.content.decode() for value in (NUMBER, PHONE, NAME))
    assert not Reading.objects.filter(act="reveal").exists()


@pytest.mark.parametrize("reason", ["", " ", "x", f"查 {NUMBER}", f"他的电话{PHONE}", "长" * 101])
def test_without_a_reason_in_words_it_shows_nothing(staff, zhang, reason):
    answer = reveal(staff("paper-street"), zhang, "identity", reason)
    assert NUMBER not in answer.content.decode().replace(reason, "")
    assert not Reading.objects.filter(act="reveal").exists()


def test_one_after_the_other_is_stopped(staff, zhang):
    browser = staff("paper-street")
    answers = [reveal(browser, zhang, "identity").status_code for _ in range(32)]
    assert answers == [200] * 30 + [429] * 2


def test_it_prints_all_that_is_known_and_who_has_read_it(staff, zhang):
    staff("paper-street").get(f"/residents/{zhang.pk}/")
    staff("paper-worker").get("/residents/")
    page = staff("paper-community").post(f"/residents/{zhang.pk}/paper/", {"reason": "本人申请"}).content.decode()
    assert [value for value in (NUMBER, PHONE, NAME, "查看名单", "查看档案") if value not in page] == []


def test_only_who_sees_the_door_and_may_reveal_prints(staff, zhang):
    for who in ("paper-worker", "paper-street", "paper-district"):
        answer = staff(who).post(f"/residents/{zhang.pk}/paper/", {"reason": "本人申请"})
        assert answer.status_code == 403
        assert NUMBER not in answer.content.decode()


def test_the_log_is_seen_by_who_answers_for_the_area(staff, zhang):
    staff("paper-worker").get(f"/residents/{zhang.pk}/")
    reveal(staff("paper-street"), zhang, "identity")
    page = staff("paper-community").get("/readings/").content.decode()
    assert "查看档案" in page
    assert WHY in page
    assert NAME not in page
    other = staff("paper-other").get("/readings/")
    assert other.context["page"].total == 0
    assert WHY not in other.content.decode()


def test_the_log_is_filtered(staff, zhang):
    staff("paper-worker").get(f"/residents/{zhang.pk}/")
    reveal(staff("paper-street"), zhang, "identity")
    browser = staff("paper-district")
    worker = User.objects.get(username="paper-worker")
    assert [row["reading"].act for row in browser.get("/readings/", {"act": "reveal"}).context["rows"]] == ["reveal"]
    rows = browser.get("/readings/", {"by": worker.pk, "area": STREET}).context["rows"]
    assert {row["reading"].by_id for row in rows} == {worker.pk}
    assert browser.get("/readings/", {"days": "x", "by": "x", "act": "x", "area": "x"}).status_code == 200


@pytest.mark.parametrize("who", ["paper-worker", "paper-planner", "paper-officer", "paper-admin"])
def test_the_log_is_refused_to_others(staff, who):
    assert staff(who).get("/readings/").status_code == 403


def _attempt(sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", ["UPDATE grid_reading SET reason = ''", "DELETE FROM grid_reading"])
def test_nobody_changes_what_was_read(staff, zhang, sql):
    reveal(staff("paper-street"), zhang, "identity")
    _attempt(sql)
    with applied(User.objects.get(username="paper-district").access.which("people.count")):
        _attempt(sql)
    assert Reading.objects.filter(reason=WHY).exists()


def test_requests_can_not_switch_the_guard_off(staff, zhang):
    with applied(User.objects.get(username="paper-district").access.which("people.count")):
        for sql in (
            "TRUNCATE grid_reading",
            "DROP TRIGGER stays ON grid_reading",
            "ALTER TABLE grid_reading DISABLE TRIGGER ALL",
        ):
            _attempt(sql)


def test_what_is_revealed_is_what_is_masked():
    from gis.accounts.scope import Access, Scope

    def of(role: str) -> set[str]:
        scope = Scope.of([STREET])
        return set(revealable(Access({"people.read": scope}, ((role, STREET),)), A))

    assert of("street_supervisor") == {"name", "identity", "phone"}
    assert of("community_supervisor") == {"identity"}
    assert of("district_supervisor") == of("grid_worker") == of("planner") == set()


def read_of(person: Resident) -> set[str]:
    """Names of the catalogue's fields that the log says were read of somebody."""
    rows = Reading.objects.filter(residents__contains=[person.pk])
    keys = {int(field[1:]) for row in rows for field in row.fields if field.startswith("#")}
    return set(Field.objects.filter(pk__in=keys).values_list("code", flat=True))


def test_what_was_registered_is_noted_where_it_is_shown_and_nowhere_else(staff, zhang):
    say("guardian", "赵无名", resident=zhang)
    say("employment", "退休", resident=zhang)
    staff("paper-district").get(f"/residents/{zhang.pk}/")
    assert read_of(zhang) == set()
    assert "***" in staff("paper-street").get(f"/residents/{zhang.pk}/").content.decode()
    assert read_of(zhang) == {"guardian"}
    assert "赵无名" in staff("paper-worker").get(f"/residents/{zhang.pk}/").content.decode()
    assert read_of(zhang) == {"guardian", "employment"}
    page = staff("paper-community").get("/readings/").content.decode()
    assert "监护或照料人" in page
    assert "赵无名" not in page


def test_the_log_of_who_lives_with_somebody_does_not_tell_what_was_registered_of_them(cast, client_of):
    stay = Residence.objects.filter(area=CELL, kind="living", ends=None).exclude(household=None)
    door = stay.values("household").annotate(n=Count("pk")).filter(n__gte=2).order_by("household").first()
    one, other = (row.resident for row in stay.filter(household=door["household"]).order_by("pk")[:2])
    say("hardship", "缺少照料", resident=one)
    say("household_size", "3", household_id=door["household"])
    assert "缺少照料" in client_of("wang").get(f"/residents/{one.pk}/").content.decode()
    assert read_of(one) == {"hardship", "household_size"}
    assert read_of(other) == {"household_size"}


def test_the_paper_tells_what_was_registered_of_the_person(staff, zhang):
    say("employment", "失业", 30, resident=zhang)
    say("employment", "退休", resident=zhang)
    say("permit_number", NUMBER, resident=zhang)
    Resident.objects.filter(pk=zhang.pk).update(identity_sealed=None, identity_last4="")
    zhang.needs.create(tag="subsistence", starts="2026-05-01", source="file", area=A)
    page = staff("paper-community").post(f"/residents/{zhang.pk}/paper/", {"reason": "本人申请"}).content.decode()
    assert [value for value in ("失业", "退休", NUMBER, "低保", "部门数据") if value not in page] == []
    assert read_of(zhang) == {"employment", "permit_number"}
    assert Reading.objects.filter(act="print").count() == 1


def test_a_reason_that_is_missing_is_asked_for_once(staff, zhang):
    page = reveal(staff("paper-street"), zhang, "phone", "").content.decode()
    assert page.count("如“核对低保申请”。") == 1


def test_what_is_printed_for_a_person_tells_what_happened_and_where_it_comes_from(staff, zhang):
    department = Department.objects.get_or_create(code="civil", defaults={"name": "民政局"})[0]
    Resident.objects.filter(pk=zhang.pk).update(source=f"{department.code} {uuid4()}")
    LifeEvent.objects.create(
        kind="named", resident=zhang, name=NAME, before="张旧名", on="2026-01-02", area=A, by=User.objects.first()
    )
    answer = staff("paper-community").post(f"/residents/{zhang.pk}/paper/", {"reason": WHY})
    page = " ".join(answer.content.decode().split())
    assert "2026-01-02 更名 原名 张旧名" in page
    assert f"{department.name} · 部门数据" in page
