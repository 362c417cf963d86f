"""Forms: drafted from the catalogue, a supplement only for what it lacks, approved by the level above."""

import datetime as dt

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.collection.coverage import coverage, share
from gis.collection.forms import Wanted, draft_form, form_of, may_approve, move, offers, set_fields, supplement
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Department, Fact, Field, Form, Posting, Resident, User
from tests.cast import CELL, DISTRICT, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db
#: A day of last week: what was said on it lies behind whoever runs this, at any hour.
TODAY = timezone.localdate() - dt.timedelta(days=7)
WANTED = Wanted("老年人服务登记", STREET, "person", "安排助餐", "《老年人权益保障法》", TODAY)


def a_form(cast, fields=("born", "phone", "meal_help"), **more) -> Form:
    form = draft_form(Wanted(**(WANTED.__dict__ | more)), by=cast.he, access=cast.he.access)
    set_fields(form, fields, by=cast.he, access=cast.he.access)
    return form


def in_force(cast, *fields: str, who: str = "sun", **more) -> Form:
    """A form of civil affairs that is approved."""
    form = a_form(cast, fields, **more)
    move(form, "submitted", by=cast.he, access=cast.he.access)
    return move(form, "approved", by=cast[who], access=cast[who].access)


def test_it_goes_from_draft_to_force_and_the_steps_say_who(cast):
    form = in_force(cast, "born", "phone")
    assert form in Form.objects.in_force(TODAY)
    assert form not in Form.objects.in_force(TODAY - dt.timedelta(days=1))
    assert [(step.state, step.by.username) for step in form.steps.order_by("pk")] == [
        ("draft", "he"), ("submitted", "he"), ("approved", "sun"),
    ]  # fmt: skip


def test_a_form_that_has_ended_is_asked_no_more(cast):
    form = in_force(cast, "born", ends=TODAY + dt.timedelta(days=400))
    assert form in Form.objects.in_force(TODAY + dt.timedelta(days=399))
    assert form not in Form.objects.in_force(TODAY + dt.timedelta(days=400))


@pytest.mark.parametrize("who", ["he", "li", "chen", "wang", "zhou", "zhao", "admin"])
def test_only_the_level_above_approves(cast, who):
    """Li holds the very street the form is for: that is its level, not the one above."""
    form = a_form(cast)
    move(form, "submitted", by=cast.he, access=cast.he.access)
    with pytest.raises(NotAllowed):
        move(form, "approved", by=cast[who], access=cast[who].access)
    assert not may_approve(form, cast[who], cast[who].access)


def test_a_street_approves_for_its_communities_and_the_district_for_itself(cast):
    assert in_force(cast, "born", who="li", area=f"{STREET}006").state == "approved"
    assert in_force(cast, "born", who="sun", area=DISTRICT).state == "approved"


def test_who_drafted_it_never_approves_it(cast):
    Posting.objects.create(user=cast.he, role="district_supervisor", area=DISTRICT, starts=dt.date(2024, 1, 1))
    form = a_form(cast)
    del cast.he.__dict__["access"]
    move(form, "submitted", by=cast.he, access=cast.he.access)
    with pytest.raises(NotAllowed):
        move(form, "approved", by=cast.he, access=cast.he.access)


def test_who_submitted_it_for_a_colleague_never_approves_it(cast):
    """Sun of the same department, drafting and approving: what one alone wrote is never in force."""
    User.objects.filter(pk=cast.sun.pk).update(department=cast.he.department)
    Posting.objects.create(user=cast.sun, role="department_officer", area=DISTRICT, starts=dt.date(2024, 1, 1))
    sun = User.objects.get(pk=cast.sun.pk)
    form = a_form(cast)
    set_fields(form, ["born"], by=sun, access=sun.access)
    move(form, "submitted", by=sun, access=sun.access)
    with pytest.raises(NotAllowed):
        move(form, "approved", by=sun, access=sun.access)


@pytest.mark.parametrize("area", [CELL, f"{DISTRICT}099", f"{STREET}x", f"{DISTRICT}\x00", DISTRICT + "1" * 30])
def test_a_form_is_for_an_area_that_there_is(cast, area):
    with pytest.raises(Refused) as refused:
        a_form(cast, area=area)
    assert set(refused.value.fields) == {"area"}


def test_sending_back_says_why_and_lets_it_be_changed(cast):
    form = a_form(cast)
    move(form, "submitted", by=cast.he, access=cast.he.access)
    with pytest.raises(Conflict):
        set_fields(form, ["born"], by=cast.he, access=cast.he.access)
    with pytest.raises(Refused):
        move(form, "refused", by=cast.sun, access=cast.sun.access)
    move(form, "refused", by=cast.sun, access=cast.sun.access, reason="电话已有，不必再要")
    set_fields(form, ["born"], by=cast.he, access=cast.he.access)
    move(form, "submitted", by=cast.he, access=cast.he.access)
    with pytest.raises(Conflict):
        move(form, "retired", by=cast.sun, access=cast.sun.access)


def test_a_form_without_fields_is_not_submitted(cast):
    form = a_form(cast, ())
    with pytest.raises(Refused):
        move(form, "submitted", by=cast.he, access=cast.he.access)


def test_another_department_changes_nothing(cast):
    form = a_form(cast)
    cast.he.department = Department.objects.get(code="labour")
    with pytest.raises(NotAllowed):
        set_fields(form, ["born"], by=cast.he, access=cast.he.access)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "name"), ({"purpose": ""}, "purpose"), ({"basis": ""}, "basis"), ({"subject": "dog"}, "subject"),
        ({"ends": TODAY}, "ends"), ({"every_months": 0}, "every_months"), ({"populations": ("rich",)}, "populations"),
    ],
)  # fmt: skip
def test_a_head_with_nonsense_is_refused_by_field(cast, wrong, where):
    with pytest.raises(Refused) as refused:
        draft_form(Wanted(**(WANTED.__dict__ | wrong)), by=cast.he, access=cast.he.access)
    assert set(refused.value.fields) == {where}


def test_nobody_drafts_for_ground_they_do_not_hold(cast):
    with pytest.raises(NotAllowed):
        draft_form(Wanted(**(WANTED.__dict__ | {"area": "120101"})), by=cast.he, access=cast.he.access)
    with pytest.raises(NotAllowed):
        draft_form(WANTED, by=cast.sun, access=cast.sun.access)


@pytest.mark.parametrize("codes", [["born", "born"], ["no_such"], ["household_size", "born", "x" * 40]])
def test_fields_are_of_the_catalogue_each_once(cast, codes):
    form = a_form(cast)
    with pytest.raises(Refused):
        set_fields(form, codes, by=cast.he, access=cast.he.access)
    assert form.lines.count() == 3


def test_a_form_about_homes_asks_nothing_of_people(cast):
    form = a_form(cast, (), subject="dwelling")
    with pytest.raises(Refused):
        set_fields(form, ["phone"], by=cast.he, access=cast.he.access)


@pytest.mark.parametrize("name", ["手机号码", "本人联系方式", "出生年月日", "参保养老情况"])
def test_what_exists_is_shared_not_collected_again(cast, name):
    form = a_form(cast)
    with pytest.raises(Refused) as refused:
        supplement(form, "person", {"name": name, "basis": "某依据"}, by=cast.he, access=cast.he.access, differs="不同")
    assert "name" in refused.value.fields
    assert offers(form, name)[0].is_same
    assert not form.supplements.exists()


def test_what_sounds_alike_must_say_how_it_differs(cast):
    form, wanted = a_form(cast), {"name": "紧急联系人地址", "basis": "某依据"}
    with pytest.raises(Refused) as refused:
        supplement(form, "person", wanted, by=cast.he, access=cast.he.access)
    assert set(refused.value.fields) == {"differs"}
    made = supplement(form, "person", wanted, by=cast.he, access=cast.he.access, differs="要的是住址，不是姓名")
    assert (made.owner, made.supplement_of) == (cast.he.department, form)
    assert form.lines.last().field == made


def test_a_supplement_lives_as_long_as_a_form_asks_it(cast):
    form = a_form(cast)
    made = supplement(form, "person", {"name": "宠物数量", "basis": "某依据"}, by=cast.he, access=cast.he.access)
    move(form, "submitted", by=cast.he, access=cast.he.access)
    move(form, "refused", by=cast.sun, access=cast.sun.access, reason="不需要")
    made.refresh_from_db()
    assert made.retired
    set_fields(form, ["born", made.code], by=cast.he, access=cast.he.access)
    move(form, "submitted", by=cast.he, access=cast.he.access)
    made.refresh_from_db()
    assert not made.retired


def test_a_form_of_another_street_does_not_exist(cast):
    form = a_form(cast)
    for who in ("li", "wang", "zhou", "sun"):
        assert form_of(form.uuid, cast[who].access) == form
    for who in ("chen", "zhao"):
        with pytest.raises(OutOfScope):
            form_of(form.uuid, cast[who].access)
    assert not Form.objects.about(Scope(())).exists()
    assert a_form(cast, area=DISTRICT) in Form.objects.about(Scope.of([OTHER_STREET]))


def test_it_counts_how_many_are_known(cast):
    inside = Resident.objects.filter(area__startswith=CELL)
    inside.update(phone_last4="", born=None, population="registered")
    people = list(inside.order_by("pk"))
    Resident.objects.filter(pk__in=[one.pk for one in people[:7]]).update(phone_last4="1234")
    field = Field.objects.get(code="meal_help")
    for one in (*people[:3], people[0]):
        Fact.objects.create(field=field, resident=one, value="1", source="visit", said_on=TODAY)
    form = a_form(cast)
    rows = {row.field.code: row for row in coverage(form, Scope.of([CELL]), TODAY)}
    assert {code: row.known for code, row in rows.items()} == {"born": 0, "phone": 7, "meal_help": 3}
    assert {row.asked_of for row in rows.values()} == {len(people)}
    assert rows["phone"].percent == 700 // len(people)
    assert share(list(rows.values())) == 1000 // (3 * len(people))


def test_it_counts_only_of_whom_it_is_asked(cast):
    inside = Resident.objects.filter(area__startswith=CELL)
    inside.update(population="registered", born=dt.date(2020, 1, 1))
    a_few = inside.order_by("pk").values("pk")[:4]
    Resident.objects.filter(pk__in=list(a_few.values_list("pk", flat=True))).update(
        population="floating", born=dt.date(1950, 1, 1)
    )
    form = a_form(cast, ("inflow_reason", "meal_help"))
    rows = coverage(form, Scope.of([CELL]), timezone.localdate())
    assert [row.asked_of for row in rows] == [4, 4]
    assert rows[0].percent is None  # so few that it would tell of them


def test_the_people_are_read_once_however_many_fields_are_asked_of_them(cast, django_assert_num_queries):
    form = a_form(cast, ("born", "phone", "meal_help", "employment", "need_elder_alone", "relation"))
    with django_assert_num_queries(2):  # the fields, and the people
        coverage(form, Scope.of([CELL]), TODAY)
