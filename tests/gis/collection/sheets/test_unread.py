"""What a table may not tell its department: whether another department's field holds what the table guesses."""

import datetime as dt

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.collection.sharing.reading import readable
from gis.collection.sheets.progress import counts
from gis.collection.sheets.sheet import SheetRow
from gis.collection.success import settled
from gis.models import Correction, Department, Fact, Field, Subscription
from tests.browsing import Browser
from tests.cast import COMMUNITY, DISTRICT
from tests.gis.collection.sheets.bringing import a_row, filed, residents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CODE = "education"


@pytest.fixture
def owned() -> Field:
    """A field of another department, which shares it when it is asked."""
    owner = Department.objects.get(code="police")
    Field.objects.filter(code=CODE).update(owner=owner, sharing=Field.Sharing.CONDITIONAL, only=[], from_age=None)
    return Field.objects.get(code=CODE)


def say(of: Field, person, value: str) -> None:
    Fact.objects.create(
        field=of, resident=person, value=value, source="record", department=of.owner, said_on=dt.date(2025, 1, 1)
    )


def told(sheet) -> tuple:
    """All that the department is shown of a filed table."""
    rows = SheetRow.objects.filter(sheet=sheet).order_by("row")
    return counts(sheet), list(rows.values_list("row", "verdict", "outcome", "facts", "corrections", "faults"))


def filed_of_three(he, owned: Field) -> tuple[list, list]:
    """Three people, each of whom a table of one row says the same; it stands so, otherwise, or not at all."""
    people = residents(3)
    Fact.objects.filter(field=owned).delete()
    say(owned, people[0], "本科")
    say(owned, people[1], "初中")
    return people, [filed(he, a_row(person, 学历="本科")) for person in people]


def test_a_right_guess_a_wrong_one_and_an_empty_field_are_told_alike(he, owned):
    people, sheets = filed_of_three(he, owned)
    assert told(sheets[0]) == told(sheets[1]) == told(sheets[2])
    assert counts(sheets[0])["corrections"] == 1
    assert [one.resident for one in Correction.objects.filter(field=owned)] == [people[1]]
    words = Fact.objects.filter(field=owned, department=he.department)
    assert {fact.resident for fact in words} == {people[0], people[2]}


def test_and_so_they_are_when_the_same_tables_come_again(he, owned):
    people, _sheets = filed_of_three(he, owned)
    number = Fact.objects.count(), Correction.objects.count()
    again = [filed(he, a_row(person, 学历="本科")) for person in people]
    assert told(again[0]) == told(again[1]) == told(again[2])
    assert counts(again[0])["o_same"] == 1
    assert number == (Fact.objects.count(), Correction.objects.count())


def test_neither_the_departments_list_nor_the_figures_tell_that_the_owner_was_asked(he, owned):
    today, here = timezone.localdate(), Scope.of([DISTRICT])
    before = settled(here, today, today, 0, he.department_id).found
    filed_of_three(he, owned)
    assert Correction.objects.filter(field=owned).count() == 1
    browser = Browser()
    browser.force_login(he)
    assert owned.name not in browser.get("/corrections/mine/").content.decode()
    assert settled(here, today, today, 0, he.department_id).found == before
    assert settled(here, today, today, 0).found == before + 1


def test_the_owners_answer_comes_back(he, owned):
    filed_of_three(he, owned)
    Correction.objects.filter(field=owned).update(state="refused", reason="已核实", decided_at=timezone.now())
    browser = Browser()
    browser.force_login(he)
    page = browser.get("/corrections/mine/").content.decode()
    assert owned.name in page
    assert "已核实" in page


def test_what_a_department_may_read_is_told_apart(he, owned):
    Field.objects.filter(pk=owned.pk).update(sharing=Field.Sharing.UNCONDITIONAL)
    _people, (same, other, empty) = filed_of_three(he, owned)
    assert [(counts(one)["facts"], counts(one)["corrections"]) for one in (same, other, empty)] == [
        (0, 0),
        (0, 1),
        (1, 0),
    ]


def test_a_subscription_lets_it_be_read_where_it_covers_the_ground(he, owned):
    today = timezone.localdate()
    own = readable(he.department_id, Scope.of([DISTRICT]), today)
    assert owned.pk not in own
    one = Subscription.objects.create(
        department=he.department,
        author=he,
        name="学历",
        area=COMMUNITY,
        subject="person",
        starts=today,
        state="approved",
    )
    one.lines.create(field=owned, purpose="核对", state="granted")
    assert readable(he.department_id, Scope.of([COMMUNITY]), today) == own | {owned.pk}
    assert readable(he.department_id, Scope.of([DISTRICT]), today) == own
    assert readable(he.department_id, Scope.of([COMMUNITY]), today - dt.timedelta(days=1)) == own
    Subscription.objects.update(state="ended")
    assert readable(he.department_id, Scope.of([COMMUNITY]), today) == own


def test_nobodys_department_reads_nothing():
    assert readable(None, Scope.of([DISTRICT]), timezone.localdate()) == set()
