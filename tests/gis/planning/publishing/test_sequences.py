"""Whatever is published after whatever else: codes, versions, houses and figures hold."""

from collections import defaultdict

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.exchange.relinking import buildings_of
from gis.models import Building, CellVersion, Lineage
from gis.planning.publishing.of_plan import draft_of
from gis.statistics.recounting import wrong_areas
from tests.gis.planning.publishing.paper import (
    HOME,
    build,
    draft,
    happen,
    in_force,
    lay_cells,
    middle,
    publish_now,
    rect,
    squares,
    turn_back,
)  # fmt: skip

#: A drawing: a cell for each of the 5 × 5 blocks of 2 × 2 squares, and whether each cell goes on under its old code.
DRAWINGS = st.tuples(
    st.lists(st.integers(0, 4), min_size=25, max_size=25), st.lists(st.booleans(), min_size=5, max_size=5)
)
HOUSES = [(1, 1), (4, 3), (7, 8), (8, 0), (2, 6), (9, 9), (5, 5)]


def drafts_of(cells, goes_on):
    """Drafts of a drawing. A cell goes on with the code in force that holds the middle of its first block."""
    held = list(in_force().values())
    used, drafts = set(), []
    for number in sorted(set(cells)):
        blocks = [place for place, cell in enumerate(cells) if cell == number]
        places = [(2 * (b % 5) + i, 2 * (b // 5) + j) for b in blocks for i in (0, 1) for j in (0, 1)]
        first = places[0]
        code = next((v.code for v in held if v.geometry.contains(_point(*first))), "") if goes_on[number] else ""
        code = "" if code in used else code
        used.add(code)
        drafts.append(draft(number + 1, squares(places), code))
    return drafts


def _point(i, j):
    from django.contrib.gis.geos import Point

    return Point(*middle(i, j))


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(DRAWINGS, st.booleans()), min_size=1, max_size=4))
def test_it_holds_after_any_sequence(halves, category, steps):
    with transaction.atomic():
        for place, (i, j) in enumerate(HOUSES):
            build(i, j, HOME + ("001" if i < 5 else "002"), place % 3)
            happen(i, j, HOME + ("001" if i < 5 else "002"), category)
        seen: dict[str, int] = {}
        for (cells, goes_on), same_day in steps:
            drafts = drafts_of(cells, goes_on)
            before = {v.code: (v.pk, bytes(v.geometry.wkb)) for v in in_force().values()}
            publish_now(drafts)
            judge(before, seen)
            if not same_day:
                turn_back()
        transaction.set_rollback(True)


def judge(before, seen):
    now = in_force()
    for version in CellVersion.objects.all():
        assert seen.setdefault(version.code, version.cell_id) == version.cell_id, "a code of one cell is another's"
    for code, version in now.items():
        if code in before and before[code][1] == bytes(version.geometry.wkb):
            assert before[code][0] == version.pk, "what did not change has a new version"
    for house in Building.objects.all():
        holding = [v for v in now.values() if v.geometry.contains(house.geometry)]
        assert [house.area] == [v.code for v in holding]
        assert house.cell_id == holding[0].cell_id
    assert not wrong_areas()
    shares = defaultdict(lambda: np.zeros(2))
    for row in Lineage.objects.all():
        shares[row.before_id] += (row.share_area, row.share_households)
    for share in shares.values():
        assert share == pytest.approx([1, 1], abs=1e-4)


def test_an_earlier_state_published_again_brings_its_cells_back(halves):
    from datetime import timedelta

    from django.utils import timezone

    build(7, 2, HOME + "002")
    then = {v.code: v.cell_id for v in in_force().values()}
    publish_now([draft(1, rect(0, 0, 5, 10)), draft(2, rect(5, 0, 10, 10))])
    turn_back(10)
    publish_now(draft_of(timezone.localdate() - timedelta(days=11), [HOME]))
    assert {v.code: v.cell_id for v in in_force().values()} == then
    assert list(buildings_of([HOME]).areas) == [HOME + "002"]


def test_codes_of_a_cell_that_came_and_went_are_not_given_to_another(halves):
    whole = rect(0, 0, 10, 10)
    first = publish_now([draft(1, whole)]).codes[1]
    turn_back()
    second = publish_now([draft(1, rect(0, 0, 5, 10)), draft(2, rect(5, 0, 10, 10))]).codes
    assert first == HOME + "003"
    assert sorted(second.values()) == [HOME + "004", HOME + "005"]


def test_codes_run_out_rather_than_be_used_again(ground):
    from gis.errors import BadCode

    lay_cells([rect(0, 0, 10, 10)], first=999)
    with pytest.raises(BadCode, match="Only 0 codes are left"):
        publish_now([draft(1, rect(0, 0, 10, 10))])
