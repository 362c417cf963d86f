"""What was found survives being written down."""

import shapely

from gis.areas.repairing.applying import apply
from gis.areas.repairing.finding import faults
from gis.areas.repairing.packing import packed, unpacked
from gis.areas.repairing.proposing import proposals
from tests.gis.areas.repairing.towns import array, square


def test_proposals_come_back_and_do_the_same():
    shapes = array(square(0, 0, 30), square(0, 10.5, 15), square(14.8, 10.5, 15), square(30.004, 0), square(50, 0))
    found = proposals(shapes, faults(shapes))
    again = unpacked(packed(found))
    assert again == found
    assert [one.fault.hairs for one in again] == [one.fault.hairs for one in found]
    done, redone = apply(shapes, found), apply(shapes, again)
    assert all(shapely.equals_identical(one, other) for one, other in zip(done.shapes, redone.shapes, strict=True))
