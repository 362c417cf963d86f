"""What would take minutes to cut by is refused at once; what hands and surveys draw is not."""

from time import process_time

import numpy as np
import pytest
import shapely

from gis.areas.plans.tangles import refuse_tangle
from gis.errors import BadGeometry
from tests.gis.areas.plans.planned import rows_of_houses

GROUND = rows_of_houses(5, 5)  # 100 m × 100 m


def scribble(corners: int, wide: float) -> shapely.LineString:
    return shapely.LineString(np.random.default_rng(1).uniform(0, wide, (corners, 2)))


def comb(teeth: int) -> shapely.LineString:
    """Up and down without ever crossing itself."""
    x = np.repeat(np.linspace(0, 100, teeth), 2)
    return shapely.LineString(np.column_stack([x, np.tile([0, 100, 100, 0], teeth // 2)]))


@pytest.mark.parametrize("wide", [0.1, 100.0, 1e6])
def test_a_scribble_is_refused_soon(wide):
    before = process_time()
    for drawn in (scribble(10_000, wide), shapely.Polygon(scribble(10_000, wide).coords)):
        with pytest.raises(BadGeometry, match="交叉"):
            refuse_tangle(GROUND, drawn)
    assert process_time() - before < 5


def test_a_comb_is_refused():
    with pytest.raises(BadGeometry):
        refuse_tangle(GROUND, comb(2_000))


def test_outlines_on_top_of_each_other_are_refused():
    with pytest.raises(BadGeometry):
        refuse_tangle(GROUND, *[shapely.Point(50, 50 + k / 1000).buffer(40) for k in range(150)])


@pytest.mark.parametrize(
    "drawn",
    [
        scribble(30, 100),
        comb(40),
        shapely.Point(50, 50).buffer(40, quad_segs=2500),  # a survey of 10,000 corners
        shapely.LineString([(5, 5)] * 10_000),
        shapely.LineString([(0, 0), (1e7, 0)]),
        shapely.LineString(),
    ],
)
def test_what_is_drawn_is_taken(drawn):
    refuse_tangle(GROUND, drawn)


def test_outlines_side_by_side_are_taken():
    refuse_tangle(GROUND, *GROUND.shapes)
