"""The cases by which the phone's own answer to "where am I" is held (web/frontend/tests/here.test.ts) are true."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis import crs

CASES = json.loads(Path(__file__).with_name("whereabouts.json").read_text())
_ZONE = 4548  # CGCS2000, 117° E


def _polygon(ring: list[float], target: int = crs.STORE) -> shapely.Polygon:
    return shapely.Polygon(crs.move(np.reshape(ring, (-1, 2)), crs.STORE, target))


@pytest.mark.parametrize("case", CASES["points"], ids=lambda case: str(case["at"]))
def test_the_lowest_code_holds_a_point_and_borders_are_so_far(case):
    point = shapely.Point(case["at"])
    ground = shapely.Point(crs.move(np.array([case["at"]]), crs.STORE, _ZONE)[0])
    cells = CASES["cells"]
    assert case["inside"] == next((code for code in sorted(cells) if _polygon(cells[code][0]).intersects(point)), None)
    metres = [_polygon(rings[0], _ZONE).boundary.distance(ground) for rings in cells.values()]
    assert metres == pytest.approx(case["metres"], abs=0.01)


def test_map_apps_are_handed_these_coordinates():
    for system, expected in (("gcj02", CASES["amap"]), ("bd09", CASES["baidu"])):
        assert crs.shift(np.array([[116.65, 40.13]]), system)[0] == pytest.approx(expected, abs=1e-6)
