"""Who borders on whom, for how long, and what lies between."""

import numpy as np
import pytest
import shapely

from gis.areas.plans.ground import Between, survey
from gis.areas.plans.tiles import cut
from tests.gis.areas.plans.drawn import estate, houses


def test_neighbours_of_a_square_of_four_are_four_pairs():
    _tiles, ground = estate(2, 2)
    assert len(ground.first) == 4
    assert ground.length == pytest.approx(np.full(4, 20.0))
    assert ground.outer == pytest.approx(np.full(4, 40.0))
    assert set(ground.between) == {Between.NOTHING}


def test_a_river_keeps_those_beside_it_apart_and_nobody_else():
    _tiles, ground = estate(4, 3, barrier_at=2)
    apart = ground.between == Between.MAJOR
    assert apart.sum() == 3
    x = ground.middle[:, 0]
    assert ((x[ground.first[apart]] < 40) != (x[ground.second[apart]] < 40)).all()


def test_a_bridge_opens_the_border_it_lies_on():
    lines = np.array([shapely.LineString([(40, -5), (40, 65)])])
    tiles = cut(shapely.box(0, 0, 80, 60), lines, houses(4, 3))
    ground = survey(tiles, lines, np.array([Between.MAJOR]), passages=np.array([[41.0, 30.0]]))
    middle = ground.middle[:, 1][ground.first]
    crossing = (ground.middle[ground.first, 0] < 40) != (ground.middle[ground.second, 0] < 40)
    assert dict(zip(np.round(middle[crossing], -1), ground.between[crossing], strict=True))[30.0] == Between.NOTHING


def test_of_two_lines_along_one_border_the_stronger_counts():
    line = shapely.LineString([(20, -5), (20, 25)])
    tiles = cut(shapely.box(0, 0, 40, 20), np.array([line, line]), houses(2, 1))
    ground = survey(tiles, np.array([line, line]), np.array([Between.MAJOR, Between.MINOR]))
    assert ground.between.tolist() == [Between.MAJOR]


def test_one_tile_borders_on_nothing():
    _, ground = estate(1, 1)
    assert len(ground) == 1
    assert len(ground.first) == 0
    assert ground.outer == pytest.approx([80.0])
