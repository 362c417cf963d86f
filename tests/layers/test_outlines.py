"""A still drawing: names where there is room, none over another, none cut off."""

import itertools

import shapely

from layers.outlines import draw_outlines


def row(x, y, width=0.001, height=0.001, name="幸福西街", kind="stays"):
    return name, kind, shapely.MultiPolygon([shapely.box(x, y, x + width, y + height)])


def spans(drawn, letter):
    """Left, right, top and bottom of each name that is shown with letters of that size."""
    shown = [one for one in drawn.outlines if one.label == "always" or (one.label == "wide" and letter < 50)]
    half = [(len(one.name) * letter / 2, letter * 0.6) for one in shown]
    return [(x - w, x + w, y - h, y + h) for (x, y), (w, h) in zip((one.at for one in shown), half, strict=True)]


def test_no_name_lies_over_another_nor_beyond_the_edge():
    drawn = draw_outlines([row(116 + i * 0.001, 40 + j * 0.001) for i in range(8) for j in range(8)])
    width, height = map(int, drawn.box.split()[2:])
    for letter in (32, 52):
        placed = spans(drawn, letter)
        assert placed
        for a, b in itertools.combinations(placed, 2):
            assert a[1] <= b[0] + 1 or b[1] <= a[0] + 1 or a[3] <= b[2] + 1 or b[3] <= a[2] + 1
        assert all(
            left >= -1 and right <= width + 1 and top >= -1 and low <= height + 1 for left, right, top, low in placed
        )


def test_a_single_outline_has_its_name_on_every_screen():
    assert [one.label for one in draw_outlines([row(116, 40)]).outlines] == ["always"]


def test_cells_of_several_communities_are_named_by_these():
    cells = [row(116, 40, name="第1网格"), row(116.001, 40, name="第1网格")]
    around = [("幸福西街", cells[0][2]), ("义宾街", cells[1][2])]
    named = {one.name for one in draw_outlines(cells, around).outlines if one.label}
    assert named == {"幸福西街", "义宾街"}
    assert {one.name for one in draw_outlines(cells, around[:1]).outlines if one.label} == {"第1网格"}
