"""Outlines of a file matched with communities."""

import shapely

from gis.areas.plans.drawing import PlanCell
from gis.exchange.drawn.cell import DrawnCell
from gis.planning.borders.matching import match

CELLS = {
    1: PlanCell(1, "幸福西街社区居委会", "110113001", "110113001006"),
    2: PlanCell(2, "义宾街社区", "110113001", "110113001007"),
    3: PlanCell(3, "", "110113001", ""),
}
ONE, OTHER = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def test_by_code_before_the_name():
    found = match([DrawnCell(ONE, code="110113001007", name="幸福西街")], CELLS)
    assert (list(found.outlines), found.left) == ([2], [])


def test_by_name_whatever_the_word_for_its_kind():
    found = match([DrawnCell(ONE, name="幸福西街"), DrawnCell(OTHER, name="义宾街社区居民委员会")], CELLS)
    assert list(found.outlines) == [1, 2]


def test_several_parts_are_one():
    found = match([DrawnCell(ONE, community="110113001006"), DrawnCell(OTHER, code="110113001006")], CELLS)
    assert shapely.equals(found.outlines[1], shapely.box(0, 0, 2, 1))


def test_what_is_nobodys_is_said():
    found = match([DrawnCell(ONE, name="别处"), DrawnCell(OTHER), DrawnCell(ONE, code="110113001099")], CELLS)
    assert (found.outlines, found.left) == ({}, ["别处", "?", "110113001099"])
