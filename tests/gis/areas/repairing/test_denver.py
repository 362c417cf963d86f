"""The precincts of Denver before and after people repaired them by hand: what they found, we find, and do the same."""

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gis.areas.repairing.applying import apply
from gis.areas.repairing.fault import Kind
from gis.areas.repairing.finding import faults
from gis.areas.repairing.proposing import Act, proposals

_US_FOOT = 1200 / 3937


def _folder() -> Path:
    for above in Path(__file__).resolve().parents:
        if (above.parent / "shared" / "data" / "README.md").is_file():
            return above.parent / "shared" / "data"
    pytest.skip("no shared/data beside the checkout")


def _precincts(name: str) -> np.ndarray:
    table = geopandas.read_file(_folder() / f"DenverCo_precincts2020_{name}.zip")
    return shapely.transform(np.array(table.geometry), lambda xy: xy * _US_FOOT)


@pytest.fixture(scope="module")
def original() -> np.ndarray:
    return _precincts("orig")


@pytest.fixture(scope="module")
def repaired() -> np.ndarray:
    return _precincts("repaired")


def test_every_fault_that_people_mended_is_found(original, repaired):
    """All ground claimed twice, or by nobody though enclosed, that the hand repair gave to one precinct."""
    found = faults(original)
    marked = shapely.union_all([shapely.buffer(fault.region, 0.001) for fault in found])
    pairs = shapely.STRtree(original).query(original, predicate="intersects")
    pairs = pairs[:, pairs[0] < pairs[1]]
    double = shapely.intersection(original[pairs[0]], original[pairs[1]])
    double = double[shapely.area(double) > 0]
    whole = shapely.union_all(original)
    holes = np.array([shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors])
    filled = shapely.area(shapely.intersection(holes, shapely.union_all(repaired))) > 0.5 * shapely.area(holes)
    assert (len(double), filled.sum()) == (27, 23)
    missed = shapely.area(shapely.difference(np.append(double, holes[filled]), marked))
    assert missed.max() < 1e-6


def test_our_proposals_agree_with_the_hand_repair_by_area(original, repaired):
    """All but ties: a gap with two sides of the same length to a centimetre, and one that people cut in halves."""
    given = [one for one in proposals(original, faults(original)) if one.act == Act.GIVE]
    theirs = [shapely.area(shapely.intersection(repaired[one.to], one.fault.region)) for one in given]
    ground = [one.fault.area for one in given]
    assert sum(theirs) / sum(ground) > 0.9


def test_wide_ground_that_people_left_open_we_leave_open(original, repaired):
    union = shapely.union_all(repaired)
    left = [one for one in proposals(original, faults(original)) if one.act == Act.LEAVE]
    assert len(left) == 9
    assert all(shapely.area(shapely.intersection(union, one.fault.region)) < 0.2 * one.fault.area for one in left)


def test_everything_accepted_is_a_coverage_and_most_precincts_are_the_same_objects(original):
    done = apply(original, proposals(original, faults(original)))
    assert done.undone == []
    assert shapely.coverage_is_valid(done.shapes)
    assert {fault.kind for fault in faults(done.shapes)} <= {Kind.GAP, Kind.HOLE}
    assert sum(now is before for now, before in zip(done.shapes, original, strict=True)) > 300
