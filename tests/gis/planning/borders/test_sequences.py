"""Whatever is drawn and published after whatever else: ground, codes, cells, houses and figures hold."""

import numpy as np
import pytest
import shapely
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from gis.areas.plans.coverage import faults_of
from gis.errors import Refused
from gis.models import Area, Building, CellVersion, Household, Incident
from gis.planning.ground_of import plane
from gis.planning.keeping import drawing_of
from gis.statistics.recounting import wrong_areas
from tests.gis.planning.borders.paper import EAST, FAR, STREET, WEST, box, open_here, outline, publish, step
from tests.gis.planning.publishing.paper import HOME, NEXT, build, happen, turn_back

HOUSES = [(1, 1, HOME), (4, 3, HOME), (7, 8, HOME), (8, 0, HOME), (2, 6, NEXT), (9, 9, NEXT), (5, 5, NEXT)]
#: A drawn line that is straight in metres is off the straight one in degrees by less than this, metres.
_STRAIGHT_M = 0.1
_CORNER = st.tuples(st.integers(0, 19), st.integers(0, 9), st.integers(1, 20), st.integers(1, 10))
#: What is done, to which of the plan's communities (by place), and where.
ACTS = st.tuples(st.sampled_from(["carve", "draw", "merge", "split"]), st.integers(0, 5), st.integers(0, 5), _CORNER)


def act(plan, kind, one, other, corner):
    """Do it; what it drew on the ground, in metres."""
    drawing = drawing_of(plan)
    numbers = list(drawing.cells)
    cell, second = numbers[one % len(numbers)], numbers[other % len(numbers)]
    west, south, east, north = corner
    ring = box(west, south, max(east, west + 1), max(north, south + 1))
    args = {
        "carve": {"ring": ring, "cell": cell},
        "draw": {"ring": ring},
        "merge": {"cells": sorted({cell, second})},
        "split": {"cell": cell, "line": [ring[0], ring[2]]},
    }[kind]
    try:
        step(plan, kind, **args)
    except Refused:
        return shapely.LineString()  # nothing there to be done
    line = plane([shapely.LineString({"merge": [], "split": [ring[0], ring[2]]}.get(kind, ring))], plan.crs)[0]
    if kind == "split":  # only this community is cut
        line = shapely.intersection(line, shapely.coverage_union_all(drawing.shapes[drawing.cell == cell]))
    return line


def finish(plan):
    """Name what has no name, and delete what has no ground."""
    plan.refresh_from_db()
    drawing = drawing_of(plan)
    for number, cell in drawing.cells.items():
        if not (drawing.cell == number).any():
            step(plan, "delete", cell=number)
        elif not cell.code:
            step(plan, "rename", cell=number, name=f"{plan.pk}号方案{number}社区")


#: Leaves a cell so near to itself that it crosses itself once its straight lines are those between degrees.
_TOUCHING = [
    [("carve", 0, 0, (0, 0, 1, 1))] * 3 + [("carve", 0, 0, (11, 0, 18, 1))],
    [("carve", 0, 0, (0, 0, 1, 1)), ("draw", 0, 0, (12, 0, 1, 1))],
]
#: A line through a house: through its middle, and beside it.
_THROUGH = [[("carve", 0, 0, (0, 0, 1, 1)), ("split", 0, 0, (0, 7, 15, 10))]]
_BESIDE = [[("split", 0, 0, (0, 7, 16, 10))]]


@pytest.mark.slow
@example(_TOUCHING)
@example(_THROUGH)
@example(_BESIDE)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=1, max_size=3))
def test_it_holds_after_any_sequence(street, category, rounds):
    with transaction.atomic():
        for place, (i, j, community) in enumerate(HOUSES):
            code = FAR if community == NEXT else WEST if i < 5 else EAST
            build(i, j, code, place % 3, community)
            happen(i, j, code, category, community)
        ever, drawn = set(Area.objects.filter(level="community").values_list("code", flat=True)), []
        for acts in rounds:
            plan = open_here(street.user)
            whole, lines = shapely.coverage_union_all(drawing_of(plan).shapes), []
            for one in acts:
                lines.append(act(plan, *one))
                plan.refresh_from_db()
                assert faults_of(drawing_of(plan).shapes, whole).total_m2 == 0
            finish(plan)
            try:
                publish(plan)
            except Refused as refused:
                assert "没有改动" in str(refused)  # noqa: PT017 - what was drawn may come to nothing
                continue
            note(rounds)
            drawn += lines
            ever = judge(plan, ever, shapely.union_all(drawn))
            turn_back()
        transaction.set_rollback(True)


def assert_same_ground(shapes, whole):
    """To a centimetre: corners lie on a grid, and straight lines of a plane are not quite straight in degrees."""
    apart = shapely.symmetric_difference(shapely.union_all(shapes), whole)
    assert shapely.is_empty(shapely.buffer(apart, -5e-8))


def assert_most_of_it(shape, code, shapes):
    """No other of these shapes (by code) holds more of it; two may hold the same, but for rounding."""
    held = shapely.area(shapely.intersection(shape, np.array(list(shapes.values()), dtype=object)))
    assert held[list(shapes).index(code)] > held.max() - 1e-6 * shapely.area(shape)


def judge_places(cells, outlines, drawn, crs):
    """A house is in the community that holds most of it, and in the cell there that does: wholly, unless a line was
    drawn through it. A case on a border is of the lowest code."""
    shapes = {code: shapely.from_wkb(bytes(one.geometry.wkb)) for code, one in sorted(cells.items())}
    for house in Building.objects.all():
        shape, community = shapely.from_wkb(bytes(house.geometry.wkb)), house.area[:12]
        assert_most_of_it(shape, community, outlines)
        assert_most_of_it(shape, house.area, {code: one for code, one in shapes.items() if code[:12] == community})
        crossed = shapely.dwithin(plane([shape], crs)[0], drawn, _STRAIGHT_M)
        assert crossed or shapely.contains(shapes[house.area], shape)
        assert house.cell_id == cells[house.area].cell_id
    for case in Incident.objects.all():
        point = shapely.Point(*case.position)
        assert case.area == next(code for code, shape in shapes.items() if shapely.intersects(shape, point))


def judge(plan, ever, drawn):
    today = timezone.localdate()
    areas = {one.code: one for one in Area.objects.filter(level="community")}
    held = {code: outline(code) for code, one in areas.items() if one.ends is None}
    assert all(areas[code].geometry is None for code in areas.keys() - held.keys())
    assert_same_ground(list(held.values()), outline(STREET))
    cells = list(CellVersion.objects.on(today))
    for code, shape in held.items():
        mine = [shapely.from_wkb(bytes(one.geometry.wkb)) for one in cells if one.code.startswith(code)]
        assert mine, "a community without cells"
        assert_same_ground(mine, shape)
    assert {one.code[:12] for one in cells} == set(held)
    for model in (Building, Household, Incident):
        assert not model.objects.exclude(area__regex=r"^\d{15}$").exists()
    judge_places({one.code: one for one in cells}, held, drawn, plan.crs)
    assert not wrong_areas()
    drawing, homes = drawing_of(plan), 0
    for row in plan.redrawing.facts["communities"]:
        assert row["old"] in ever
    homes = drawing.load({"households": 1.0}).sum()
    assert Household.objects.count() == homes
    return ever | set(areas)
