"""A publication: codes, versions, lineage, and everything that stands in the cells."""

from datetime import date, timedelta

import pytest
import shapely
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis.errors import Refused
from gis.models import Building, CellVersion, Dwelling, Household, Incident, Lineage, Redrawing
from gis.planning.publishing.publishing import NotPublished
from gis.statistics.recounting import wrong_areas
from tests.gis.planning.publishing.paper import (
    CORNER,
    HOME,
    NEXT,
    STEP,
    build,
    draft,
    happen,
    in_force,
    lay_cells,
    middle,
    publish_now,
    rect,
    turn_back,
)  # fmt: skip

WEST, EAST = HOME + "001", HOME + "002"
pytestmark = pytest.mark.usefixtures("halves")


def unchanged_west():
    return draft(1, rect(0, 0, 5, 10), WEST)


def split_east():
    """The east in a northern and a southern part, neither of them the old cell."""
    return [unchanged_west(), draft(2, rect(5, 0, 10, 5)), draft(3, rect(5, 5, 10, 10))]


def test_it_leaves_a_cell_alone_that_stays_as_it_is():
    before = in_force()[WEST].pk
    published = publish_now(split_east())
    assert in_force()[WEST].pk == before
    assert published.codes[1] == WEST


def test_a_needle_between_two_cells_makes_neither_of_them_another():
    """Four hundred metres long and two millimetres wide: communities that do not quite meet leave such ground."""
    x, y = CORNER[HOME]
    edge = x + 5 * STEP
    needle = shapely.Polygon([(edge, y + 3 * STEP), (edge + 2e-8, y + 5 * STEP), (edge, y + 7 * STEP)])
    before = {code: version.pk for code, version in in_force().items()}
    west, east = shapely.union(rect(0, 0, 5, 10), needle), shapely.difference(rect(5, 0, 10, 10), needle)
    publish_now([draft(1, shapely.MultiPolygon([west]), WEST), draft(2, shapely.MultiPolygon([east]), EAST)])
    assert {code: version.pk for code, version in in_force().items()} == before


def test_a_case_on_the_border_of_the_community_keeps_its_cell_where_outlines_are_rounded_otherwise(category):
    case = happen(2, -0.5, WEST, category)  # on the southern border
    Incident.objects.filter(pk=case.pk).update(position=f"SRID=4326;POINT({middle(2, 0)[0]} {CORNER[HOME][1] - 1e-9})")
    publish_now(split_east())
    assert Incident.objects.get(pk=case.pk).area == WEST


def test_it_numbers_new_cells_in_reading_order_after_the_last_code_ever_used():
    lay_cells([rect(0, 0, 1, 1)], since=timezone.localdate() - timedelta(days=900), first=7)
    CellVersion.objects.filter(code=HOME + "007").update(valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    published = publish_now(split_east())
    assert (published.codes[3], published.codes[2]) == (HOME + "008", HOME + "009")


def test_it_ends_what_vanishes_and_retires_its_code():
    publish_now(split_east())
    assert EAST not in in_force()
    assert CellVersion.objects.get(code=EAST).valid.upper == timezone.localdate()


def test_it_keeps_the_code_of_a_cell_that_goes_on_with_another_outline():
    cell = in_force()[EAST].cell_id
    publish_now([draft(1, rect(0, 0, 6, 10), WEST), draft(2, rect(6, 0, 10, 10), EAST)])
    assert set(in_force()) == {WEST, EAST}
    assert in_force()[EAST].cell_id == cell
    assert CellVersion.objects.filter(code=EAST).count() == 2


def test_it_tells_houses_and_all_in_them_their_new_cell():
    house, other = build(7, 2, EAST, 3), build(2, 2, WEST, 2)
    codes = publish_now(split_east()).codes
    house.refresh_from_db()
    assert house.area == codes[2]
    assert house.cell_id == in_force()[codes[2]].cell_id
    assert set(Household.objects.filter(dwelling__building=house).values_list("area", flat=True)) == {codes[2]}
    assert set(Dwelling.objects.filter(building=other).values_list("area", flat=True)) == {WEST}
    assert not wrong_areas()


def test_it_says_what_became_of_ground_and_households():
    build(7, 2, EAST, 3), build(7, 8, EAST, 1)
    codes = publish_now(split_east()).codes
    rows = {row.after.code: row for row in Lineage.objects.select_related("after", "before")}
    assert set(rows) == {codes[2], codes[3]}
    assert {row.kind for row in rows.values()} == {"split"}
    assert (rows[codes[2]].share_households, rows[codes[3]].share_households) == (0.75, 0.25)
    assert rows[codes[2]].share_area == pytest.approx(0.5, abs=1e-4)


def test_it_calls_two_that_become_one_a_merge():
    publish_now([draft(1, rect(0, 0, 10, 10), WEST)])
    assert list(Lineage.objects.values_list("kind", flat=True)) == ["merge", "merge"]


def test_it_calls_ground_that_changes_hands_redistributed():
    publish_now([draft(1, rect(0, 0, 6, 10), WEST), draft(2, rect(6, 0, 10, 10), EAST)])
    shares = {(row.before.code, row.after.code): row.share_area for row in Lineage.objects.all()}
    assert set(Lineage.objects.values_list("kind", flat=True)) == {"redistribute"}
    assert shares[EAST, WEST] == pytest.approx(0.2, abs=1e-4)
    assert shares[EAST, EAST] == pytest.approx(0.8, abs=1e-4)
    assert shares[WEST, WEST] == pytest.approx(1)


def test_a_case_keeps_the_version_it_was_reported_in_and_goes_with_its_ground(category):
    case = happen(7, 8, EAST, category)
    version = case.cell_id
    codes = publish_now(split_east()).codes
    case.refresh_from_db()
    assert (case.cell_id, case.area) == (version, codes[3])
    assert not wrong_areas()


def test_it_may_be_published_twice_a_day():
    """The cells of the morning were in force on no whole day; what descends from them still says so."""
    morning = publish_now(split_east()).codes
    publish_now([unchanged_west(), draft(2, rect(5, 0, 10, 10))])
    assert CellVersion.objects.get(code=morning[2]).valid.isempty
    assert set(in_force()) == {WEST, HOME + "005"}
    assert {row.before.code for row in Lineage.objects.filter(after__code=HOME + "005")} == {morning[2], morning[3]}


def test_a_cell_that_comes_back_takes_its_own_code_up_again():
    cell = in_force()[EAST].cell_id
    publish_now(split_east())
    turn_back()
    publish_now([unchanged_west(), draft(2, rect(5, 0, 10, 10), EAST)])
    assert in_force()[EAST].cell_id == cell
    assert set(in_force()) == {WEST, EAST}


def test_the_other_community_is_not_touched():
    codes = lay_cells([rect(0, 0, 10, 10, NEXT)], NEXT)
    house = build(3, 3, codes[0], community=NEXT)
    publish_now(split_east())
    house.refresh_from_db()
    assert house.area == codes[0]
    assert CellVersion.objects.filter(code=codes[0]).count() == 1


def test_several_communities_go_together():
    lay_cells([rect(0, 0, 10, 10, NEXT)], NEXT)
    house = build(3, 3, NEXT + "001", community=NEXT)
    drafts = [*split_east(), draft(4, rect(0, 0, 10, 5, NEXT), community=NEXT)]
    drafts += [draft(5, rect(0, 5, 10, 10, NEXT), community=NEXT)]
    codes = publish_now(drafts, (HOME, NEXT)).codes
    house.refresh_from_db()
    assert house.area == codes[4] == NEXT + "003"


def refused(drafts, kind, communities=(HOME,), **rest):
    with pytest.raises(NotPublished) as refusal:
        publish_now(drafts, communities, **rest)
    assert kind in {fault.kind for fault in refusal.value.faults}
    assert not Redrawing.objects.exists()
    return next(fault for fault in refusal.value.faults if fault.kind == kind)


def test_it_refuses_ground_that_belongs_to_nobody():
    fault = refused([unchanged_west(), draft(2, rect(5, 0, 10, 9), EAST)], "uncovered")
    assert fault.m2 == pytest.approx(5 * 85.2 * 111, rel=0.02)
    x, y = fault.at
    assert 116.655 < x < 116.66
    assert 40.129 < y < 40.13


def test_it_refuses_an_overlap():
    fault = refused([draft(1, rect(0, 0, 6, 10), WEST), draft(2, rect(5, 0, 10, 10), EAST)], "overlap")
    assert fault.numbers == (1, 2)


def test_it_refuses_ground_outside_the_community():
    refused([unchanged_west(), draft(2, rect(5, 0, 11, 10), EAST)], "outside")


def test_it_refuses_a_cell_without_ground():
    refused([*split_east(), draft(4, rect(0, 0, 0, 0))], "empty")


def test_it_refuses_nothing_at_all():
    refused([], "empty")


@pytest.mark.parametrize("code", [HOME + "009", NEXT + "001"])
def test_it_refuses_a_code_that_never_was_a_cells(code):
    refused([unchanged_west(), draft(2, rect(5, 0, 10, 10), code)], "community" if code.startswith(NEXT) else "code")


def test_it_refuses_one_code_for_two():
    refused([unchanged_west(), draft(2, rect(5, 0, 10, 5), EAST), draft(3, rect(5, 5, 10, 10), EAST)], "code")


def test_it_refuses_where_a_change_is_set_for_later():
    CellVersion.objects.filter(code=EAST).update(
        valid=DateRange(date(2024, 1, 1), timezone.localdate() + timedelta(days=3))
    )
    refused(split_east(), "later")


def test_it_refuses_another_day():
    from gis.planning.publishing.publishing import publish

    with pytest.raises(Refused, match="生效当天"):
        publish(split_east(), [HOME], timezone.localdate() + timedelta(days=1), user=None)


def test_nothing_is_left_of_one_that_is_refused():
    build(7, 2, EAST)
    refused([unchanged_west(), draft(2, rect(5, 0, 10, 9), EAST)], "uncovered")
    assert set(in_force()) == {WEST, EAST}
    assert Building.objects.get().area == EAST
