"""Shapes as a phone takes them: it …"""

from django.contrib.gis.geos import GEOSGeometry

from web.field.shapes import rings


def test_it_gives_every_ring_of_every_part():
    two = "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1)),((9 0,10 0,10 1,9 0)))"
    assert [len(ring) // 2 for ring in rings(GEOSGeometry(two))] == [5, 5, 4]


def test_it_gives_the_ring_of_one_part():
    assert rings(GEOSGeometry("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))")) == [[0, 0, 1, 0, 1, 1, 0, 0]]
