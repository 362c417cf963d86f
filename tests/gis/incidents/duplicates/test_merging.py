"""Two hundred reports of one burst pipe become one case: no words are lost, it counts as one, and it can be undone."""

import pytest
from django.utils import timezone

from gis.incidents.duplicates.family import family_of, inside_of
from gis.incidents.duplicates.grouping import find_groups
from gis.incidents.duplicates.merging import merge, take_apart
from gis.incidents.finding import Wanted, find_incidents
from gis.models import Figures, Incident
from layers.incident_copy import incidents_now
from layers.incident_selection import selected
from tests.gis.incidents.duplicates.test_grouping import cases
from tests.gis.incidents.loop import go

pytestmark = pytest.mark.django_db


def everywhere(cast):
    return cast.li.access.which("incident.read")


def counted(cast, **wanted) -> tuple[int, int]:
    """What the database finds, and what heat, clusters and charts count."""
    asked, scope, now = Wanted(**wanted), everywhere(cast), timezone.now().replace(microsecond=0)
    return find_incidents(asked, scope, now).count(), len(selected(incidents_now(), asked, scope, now))


def merged(cast, kept: Incident, *others: Incident):
    return merge(kept.number, [(one.number, None) for one in others], user=cast.li, access=cast.li.access)


def test_a_flood_is_one_group_and_merged_at_once(cast):
    Incident.objects.all().update(state="closed")
    before = counted(cast)
    flood = cases(*(number % 40 for number in range(200)), at=timezone.now())
    (group,) = find_groups(cast.li.access, timezone.now())
    assert len(group.members) == 200
    done = merged(cast, group.kept.incident, *(one.incident for one in group.others))
    assert [one.error for one in done] == [""] * 199
    kept = Incident.objects.get(pk=group.kept.incident.pk)
    assert family_of(kept, everywhere(cast)).voices == 200
    assert counted(cast) == (before[0] + 1, before[1] + 1)
    assert find_groups(cast.li.access, timezone.now()) == []
    back = take_apart([one.step for one in done], user=cast.li, access=cast.li.access)
    assert [one.error for one in back] == [""] * 199
    states = Incident.objects.filter(pk__in=[one.pk for one in flood]).values_list("state", flat=True)
    assert set(states) == {"reported"}
    assert counted(cast) == (before[0] + 200, before[1] + 200)


def test_merged_cases_count_nowhere_but_where_they_are_asked_for(cast):
    first, second = cases(0, 5)
    figures = Figures.objects.get(area=first.area)
    had = {state: counted(cast, states=frozenset(filter(None, [state]))) for state in ("", "duplicate", "ended")}
    merged(cast, first, second)
    now = Figures.objects.get(area=first.area)
    assert (now.incidents, now.incidents_open) == (figures.incidents - 1, figures.incidents_open - 1)
    for state, change in (("", -1), ("duplicate", 1), ("ended", 0)):
        asked = frozenset(filter(None, [state]))
        assert counted(cast, states=asked) == tuple(number + change for number in had[state]), state


def test_a_merged_case_is_still_found_by_its_state_and_words(cast):
    first, second = cases(0, 5)
    Incident.objects.filter(pk=second.pk).update(description="水管爆裂溅到三楼")
    merged(cast, first, second)
    assert counted(cast, text="水管爆裂溅到三楼") == (0, 0)
    assert counted(cast, text="水管爆裂溅到三楼", states=frozenset({"duplicate"})) == (1, 1)


def test_a_kept_case_is_merged_with_all_that_lies_in_it(cast):
    first, second, third = cases(0, 5, 9)
    merged(cast, second, third)
    merged(cast, first, second)
    family = family_of(first, everywhere(cast))
    assert family.merged == (second, third)
    assert family.voices == 3
    assert inside_of(first.pk) == [second.pk, third.pk]
    second.refresh_from_db()
    go(cast, "li", second, "reopen")
    assert family_of(first, everywhere(cast)).merged == ()
    assert family_of(second, everywhere(cast)).merged == (third,)


def test_there_are_no_rings(cast):
    first, second = cases(0, 5)
    merged(cast, first, second)
    (refused,) = merged(cast, second, first)
    assert "本身已并入" in refused.error


def test_what_was_changed_since_it_was_seen_stays(cast):
    first, second, third = cases(0, 5, 9)
    seen = [(one.number, one.revision) for one in (second, third)]
    go(cast, "zhou", third, "file")
    done = merge(first.number, seen, user=cast.li, access=cast.li.access)
    assert [bool(one.step) for one in done] == [True, False]
    assert "新的进展" in done[1].error


def test_only_ones_own_mergings_are_taken_apart(cast):
    first, second = cases(0, 5)
    (done,) = merged(cast, first, second)
    assert take_apart([done.step], user=cast.zhou, access=cast.zhou.access) == []
