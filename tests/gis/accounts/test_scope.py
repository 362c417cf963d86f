"""One rule of scope: "may I" and "which may I" from the same postings."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gis.accounts.roles import capabilities, roles
from gis.accounts.scope import Access, Scope
from gis.errors import BadCode
from gis.models import Area, Building, Posting, User
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET, STREET

lengths = st.sampled_from([2, 4, 6, 9, 12, 15])
codes = lengths.flatmap(lambda n: st.text("012", min_size=n, max_size=n))


@given(st.lists(codes, max_size=6), codes)
def test_it_covers_what_any_of_its_areas_covers(areas, code):
    assert Scope.of(areas).covers(code) == any(code.startswith(area) for area in areas)


@given(st.lists(codes, max_size=6))
def test_it_keeps_no_area_inside_another(areas):
    kept = Scope.of(areas).areas
    assert not any(a != b and a.startswith(b) for a in kept for b in kept)
    assert all(any(area.startswith(code) for code in kept) for area in areas)


@given(st.lists(codes, max_size=4), codes)
def test_its_part_within_an_area_is_inside_both(areas, area):
    scope = Scope.of(areas)
    for code in scope.within(area).areas:
        assert scope.covers(code)
        assert code.startswith(area)


@given(st.lists(codes, max_size=4), codes)
def test_it_says_in_a_range_what_it_says_of_a_code(areas, code):
    """`[area, area + ':')` byte by byte is the prefix test, for every code of digits."""
    scope = Scope.of(areas)
    bounds = scope.sql()[1]
    inside = any(low <= code < high for low, high in zip(bounds[::2], bounds[1::2], strict=True))
    assert inside == scope.covers(code)


@pytest.mark.parametrize("code", ["", " ", "1", "1" * 16, "%", "11a", "１１", "11:", ":", "110113,110114", "11\n"])
def test_it_refuses_a_code_that_is_none(code):
    with pytest.raises(BadCode):
        Scope.of([STREET, code])


def test_an_empty_one_holds_nothing(db):
    nothing = Scope.of([])
    assert not nothing
    assert not nothing.covers(STREET)
    assert not Building.objects.inside(nothing).exists()
    assert nothing.sql() == ("FALSE", [])


def test_it_filters_a_queryset_and_writes_sql_alike(db):
    from django.db import connection

    scope = Scope.of([COMMUNITY, OTHER_STREET])
    condition, params = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM grid_building WHERE {condition}", params)
        assert cursor.fetchone()[0] == Building.objects.inside(scope).count() > 0


def test_an_area_above_it_is_touched_and_not_covered():
    scope = Scope.of([STREET])
    assert scope.touches(DISTRICT)
    assert not scope.covers(DISTRICT)
    assert not scope.touches(OTHER_STREET)


def test_it_does_not_know_a_capability_outside_the_table():
    with pytest.raises(KeyError):
        Access.none().which("people.raed")


def test_it_is_the_sum_of_all_current_postings(cast):
    Posting.objects.create(user=cast.wang, role="planner", area=COMMUNITY, starts=date(2026, 1, 1))
    access = User.objects.get(pk=cast.wang.pk).access
    assert access.which("people.read") == Scope((CELL,))
    assert access.which("plan.write") == Scope((COMMUNITY,))
    assert access.which("area.read") == Scope((COMMUNITY,))
    assert not access.may("people.read", COMMUNITY)


def test_a_role_that_left_the_table_opens_nothing(cast):
    Posting.objects.filter(user=cast.li).update(role="emperor")
    access = User.objects.get(pk=cast.li.pk).access
    assert not any(access.may_anywhere(capability) for capability in capabilities())


def test_an_account_switched_off_may_nothing(cast):
    cast.li.is_active = False
    assert not cast.li.access.may_anywhere("area.read")


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (0, None, True),
        (1, None, False),
        (-5, 1, True),
        (-5, 0, False),  # its last day was yesterday
        (-5, -1, False),
    ],
)
def test_a_posting_holds_from_its_first_day_up_to_its_end(starts, ends, holds, cast):
    today = timezone.localdate()
    end = None if ends is None else today + timedelta(days=ends)
    Posting.objects.filter(user=cast.li).update(starts=today + timedelta(days=starts), ends=end)
    assert User.objects.get(pk=cast.li.pk).access.may("area.read", STREET) is holds


@pytest.mark.parametrize("area", ["", "1", "%", "11:", "110113001 ", "1101130010060011", "abc"])
def test_the_database_refuses_a_posting_to_no_area(area, cast):
    with pytest.raises(DatabaseError, match=r"posting_area_is_digits|too long"):
        Posting.objects.create(user=cast.li, role="planner", area=area, starts=date(2026, 1, 1))


def test_the_database_refuses_a_posting_that_ends_before_it_starts(cast):
    with pytest.raises(IntegrityError, match="posting_ends_after_start"):
        Posting.objects.create(
            user=cast.li, role="planner", area=STREET, starts=date(2026, 1, 2), ends=date(2026, 1, 2)
        )


@pytest.mark.parametrize("role", roles().values(), ids=lambda role: role.code)
def test_a_role_fits_the_levels_of_its_table_and_no_length_between(role):
    fitting = [n for n in range(17) if role.fits("1" * n)]
    assert fitting == list(role.lengths) != []
    assert not role.fits("１" * role.shortest)
    assert not role.fits("x" * role.shortest)


def test_who_may_read_a_person_may_count_them_and_see_the_area():
    for role in roles().values():
        assert "area.read" in role.capabilities
        if "people.read" in role.capabilities:
            assert "people.count" in role.capabilities
        if "people.write" in role.capabilities:
            assert "people.read" in role.capabilities


def test_who_keeps_the_accounts_sees_no_person():
    for role in roles().values():
        if "accounts.manage" in role.capabilities:
            assert not {"people.read", "people.count", "people.write"} & role.capabilities


def test_the_town_gives_everyone_a_posting_to_an_area_that_exists(cast):
    areas = set(Area.objects.values_list("code", flat=True))
    for user in cast.accounts.values():
        posting = user.postings.get()
        assert posting.area in areas or posting.area == CELL
        posting.full_clean()
