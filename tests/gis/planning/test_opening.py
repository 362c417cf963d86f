"""A plan that starts from the cells in force is those cells, whatever stands on the ground."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate

from gis.accounts.scope import applied
from gis.areas.plans.drawing import Things
from gis.areas.plans.unfinished import unfinished
from gis.planning.ground_of import Site, cells_on, plane, site_of
from gis.planning.opening import draw
from tests.cast import COMMUNITY, STREET

pytestmark = pytest.mark.django_db


def _with_buildings(site: Site, seed: int, count: int) -> Site:
    """The site with more houses, anywhere: across borders of cells, in each other, outside the outline."""
    random = np.random.default_rng(seed)
    low, high = np.split(shapely.total_bounds(site.outlines), 2)
    middle = low + random.random((count, 2)) * (high - low)
    half = random.uniform(1, 40, (count, 2))
    houses = shapely.box(*(middle - half).T, *(middle + half).T)
    turned = [rotate(house, turn) for house, turn in zip(houses, random.uniform(0, 90, count), strict=True)]
    old, none = len(site.footprints), np.zeros(count, int)
    things = Things(
        np.insert(site.things.building, [old] * count, none),
        np.insert(site.things.xy, [old] * count, middle, axis=0),
        {name: np.insert(load, [old] * count, 1.0) for name, load in site.things.loads.items()},
    )
    footprints, compounds = np.concatenate([site.footprints, turned]), np.append(site.compounds, none)
    homes = np.append(site.homes, np.full(count, site.communities[0]))
    return replace(site, footprints=footprints, compounds=compounds, things=things, homes=homes)


@pytest.mark.parametrize("area", [COMMUNITY, STREET])
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), count=st.integers(0, 60))
def test_cells_in_force_are_laid_as_they_are(cast, area, seed, count) -> None:
    today = timezone.localdate()
    with applied(cast.zhao.access.which("people.count")):
        site = _with_buildings(site_of(area, today), seed, count)
    versions = cells_on(area, today)
    drawing = draw(site, versions)
    assert unfinished(drawing) == []
    shapes = plane(shapely.from_wkb([bytes(one.geometry.wkb) for one in versions]), site.crs)
    for number, shape in enumerate(shapes, 1):
        laid = shapely.union_all(drawing.shapes[drawing.cell == number])
        apart = shapely.area(shapely.symmetric_difference(laid, shape))
        assert apart < 0.01 * shapely.length(shape)  # millimetres along its border
