"""People counted by date: everybody in their own time, by the type they had then."""

from datetime import date, timedelta

from gis.accounts.scope import Scope, applied
from gis.models import Resident
from gis.people.life.balance import balance_of, people_on
from tests.cast import CELL, COMMUNITY, STREET
from tests.gis.people.life.conftest import door_in, settle

MAY = date(2026, 5, 1), date(2026, 5, 20)
HERE = Scope.of([CELL])


def living(day: str, scope: Scope = HERE) -> dict[str, int]:
    return people_on(scope, date.fromisoformat(day))


def test_the_dead_and_the_gone_count_until_their_day(family, tell):
    before = sum(living("2026-05-09").values())
    tell("died", family["grandfather"])
    tell("left", family["son"], far="away", on="2026-05-12")
    days = [sum(living(f"2026-05-{day:02}").values()) - before for day in (9, 10, 11, 12)]
    assert days == [0, -1, -1, -2]


def test_a_newborn_counts_from_its_birth(family, tell):
    before = sum(living("2026-05-09").values())
    tell("born", family["wife"], sex="1")
    assert sum(living("2026-05-09").values()) == before
    assert sum(living("2026-05-10").values()) == before + 1


def test_a_type_counts_as_it_was_then(family, tell):
    before = living("2026-05-09")
    tell("type", family["son"], population="floating")
    assert living("2026-05-09") == before
    after = living("2026-05-10")
    assert (after["floating"], after["registered"]) == (before["floating"] + 1, before["registered"] - 1)


def test_what_happened_explains_the_difference(family, tell):
    start = balance_of(HERE, *MAY)
    tell("died", family["grandfather"])
    tell("born", family["wife"], sex="1")
    tell("left", family["son"], far="away", on="2026-05-12")
    found = balance_of(HERE, *MAY)
    assert (found.born, found.died, found.left, found.other) == (1, 1, start.left + 1, start.other)
    assert found.after == start.after - 1


def test_a_move_inside_the_area_is_neither_coming_nor_going(family, tell):
    start = {area: balance_of(Scope.of([area]), *MAY) for area in (CELL, COMMUNITY)}
    door = door_in(f"{COMMUNITY}002")
    tell("moved", family["son"], as_="zhou", to={"building": door.building_id, "door": door.pk})
    cell, community = (balance_of(Scope.of([area]), *MAY) for area in (CELL, COMMUNITY))
    assert (cell.left, cell.after) == (start[CELL].left + 1, start[CELL].after - 1)
    assert community == start[COMMUNITY]


def test_what_is_taken_back_counts_for_nothing(family, tell, back):
    start = balance_of(HERE, *MAY)
    tell("died", family["grandfather"])
    back(family["grandfather"].resident.events.get())
    assert balance_of(HERE, *MAY) == start


def test_a_record_that_went_to_another_office_still_counts_in_its_own_time(family, tell):
    tell("left", family["son"], far="area", to_area="110113002", on="2026-05-12")
    before = living("2026-05-11", Scope.of([STREET]))
    Resident.objects.filter(pk=family["son"].resident_id).update(area="110113002001")
    with applied(Scope.of([STREET])):
        assert living("2026-05-11", Scope.of([STREET])) == before


def test_stays_without_events_are_told_as_other(db):
    start = balance_of(HERE, *MAY)
    settle(door_in(), "son", starts=MAY[0] + timedelta(days=3))
    found = balance_of(HERE, *MAY)
    assert (found.after, found.other) == (start.after + 1, start.other + 1)
