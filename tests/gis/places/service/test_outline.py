"""The ground within a walk."""

import numpy as np
import pytest
import shapely

from gis.places.service.network import build_network, come_onto
from gis.places.service.outline import BESIDE, ground_within
from gis.places.service.reach import DETOUR, walks
from tests.gis.places.service.paper import dots, lines, town

CROSSROADS = lines("0 0, 1000 0", "500 -500, 500 500")


def ground(roads, at, limit):
    network = build_network(roads, lines())
    return ground_within(network, come_onto(network, dots(at)), limit)


def test_it_follows_the_roads_as_far_as_the_walk_lasts():
    bounds = ground(CROSSROADS, (500, 0), 300).bounds
    assert np.abs(np.array(bounds) - [500, 0, 500, 0]) == pytest.approx(300, abs=BESIDE)
    assert not ground(CROSSROADS, (500, 0), 300).covers(shapely.points(300, 200))


def test_a_yard_between_reached_roads_belongs_to_it_and_a_lake_does_not():
    ring = "0 0, {0} 0, {0} {0}, 0 {0}, 0 0"
    assert len(ground(lines(ring.format(200)), (0, 0), 2000).interiors) == 0
    assert len(ground(lines(ring.format(500)), (0, 0), 2000).interiors) == 1


def test_without_roads_it_is_a_circle():
    assert ground(lines(), (0, 0), 130).area == pytest.approx(np.pi * (130 / DETOUR) ** 2, rel=0.02)


def test_every_home_by_a_reached_road_lies_in_it():
    homes = dots(*((x, 5) for x in range(0, 1000, 50)), *((505, y) for y in range(-500, 500, 50)))
    network, settled = town(CROSSROADS, homes)
    point = come_onto(network, dots((420, 0)))
    within = ground_within(network, point, 400)
    reached = walks(network, settled, point, 400).home
    assert len(reached) > 10
    assert shapely.covers(within, homes[reached]).all()
