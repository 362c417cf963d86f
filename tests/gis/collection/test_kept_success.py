"""The kept record of communities is that which would be counted now, whatever was written since it was counted."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.collection.coverage import coverage
from gis.collection.kept_success import forget, kept_coverage, kept_record, kept_twice
from gis.collection.sharing.feed import forget_seen_changes
from gis.collection.success import count_twice, prints_by_community, record_by_place
from gis.models import Dwelling, Fact, Field, Form, Household, Resident
from tests.cast import CELL, COMMUNITY, DISTRICT, read_cast
from tests.gis.collection.test_forms import in_force


@pytest.fixture
def forms(own_town) -> list[Form]:
    forget()
    in_force(read_cast(), "born", "phone", "meal_help", "household_size", "gas_kind")
    return list(Form.objects.prefetch_related("lines__field"))


def both(forms, areas: str, digits: int) -> tuple[dict, dict]:
    scope, today = Scope.of([areas]), timezone.localdate()
    with applied(scope):
        return kept_record(forms, scope, digits, today), record_by_place(forms, scope, digits, today)


@pytest.mark.parametrize(("area", "digits"), [(DISTRICT, 12), (COMMUNITY, 15), (CELL, 15)])
def test_it_is_what_would_be_counted_now_after_every_kind_of_change(forms, area, digits):
    today = timezone.localdate()
    person = Resident.objects.filter(area=CELL).exclude(born=None).first()
    changes = [
        lambda: None,
        lambda: Resident.objects.filter(pk=person.pk).update(born=None, phone_last4=""),
        lambda: Fact.objects.create(
            field=Field.objects.get(code="meal_help"), resident=person, value="1", source="visit", said_on=today
        ),
        lambda: Fact.objects.create(
            field=Field.objects.get(code="household_size"), household=Household.objects.filter(area=CELL).first(),
            value="3", source="visit", said_on=date(2020, 1, 1),
        ),
        lambda: Dwelling.objects.filter(area=CELL).update(state="gone"),
        lambda: Household.objects.create(dwelling=Dwelling.objects.filter(area=CELL).first(), area=CELL),
    ]  # fmt: skip
    for change in changes:
        change()
        kept, counted = both(forms, area, digits)
        assert kept == counted
        assert counted
        scope = Scope.of([area])
        with applied(scope):
            assert kept_coverage(forms[0], scope, today) == coverage(forms[0], scope, today)


def test_it_misses_no_change_whose_note_the_feeds_have_done_with(forms):
    both(forms, DISTRICT, 12)
    Resident.objects.filter(area=CELL).update(phone_last4="")
    forget_seen_changes()
    kept, counted = both(forms, DISTRICT, 12)
    assert kept == counted


def test_doubles_are_those_there_are_after_every_change_and_across_communities(forms):
    def both_counts() -> tuple[int, int]:
        scope = Scope.of([DISTRICT])
        with applied(scope):
            return kept_twice(scope, timezone.localdate()), count_twice(prints_by_community(scope).values())

    kept, counted = both_counts()
    assert kept == counted
    one = Resident.objects.filter(area=CELL).exclude(born=None).first()
    far = Resident.objects.exclude(area__startswith=COMMUNITY).exclude(born=None).order_by("pk").first()
    Resident.objects.filter(pk=far.pk).update(name=one.name, born=one.born)
    assert both_counts() == (kept + 1, kept + 1)
    with CaptureQueriesContext(connection) as asked:
        assert both_counts()[0] == kept + 1
    assert sum("hashtextextended" in one["sql"] for one in asked) == 1  # the count that is not kept


def test_it_counts_again_only_where_something_changed(forms):
    both(forms, DISTRICT, 12)
    assert _counting(forms) == []
    Resident.objects.filter(area=CELL).update(phone_last4="")
    counting = _counting(forms)
    assert counting
    assert all(f"'{COMMUNITY}'" in sql for sql in counting if '"area" >=' in sql)


def _counting(forms) -> list[str]:
    """The questions that read people, when the district is asked for."""
    scope = Scope.of([DISTRICT])
    with applied(scope), CaptureQueriesContext(connection) as asked:
        kept_record(forms, scope, 12, timezone.localdate())
    return [one["sql"] for one in asked if "grid_resident" in one["sql"]]
