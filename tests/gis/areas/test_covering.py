"""The fewest areas over some communities: a street for all of its own, never for one that was not meant."""

import pytest

from gis.areas.covering import scope_over
from gis.models import Area
from tests.gis.planning.publishing.paper import HOME, NEXT, lay_cells, lay_ground, rect

pytestmark = pytest.mark.usefixtures("bare")


def test_a_street_stands_for_all_of_its_communities():
    lay_ground()
    Area.objects.create(code="110113002001", level="community", name="别处")
    assert scope_over([HOME, NEXT]).areas == ("110113001",)


def test_a_district_stands_for_all_of_its_streets():
    lay_ground()
    assert scope_over([NEXT, HOME]).areas == ("110113",)


def test_one_of_two_stays_itself():
    lay_ground()
    assert scope_over([HOME]).areas == (HOME,)


def test_a_community_that_only_cells_name_is_not_taken_along():
    lay_ground()
    lay_cells([rect(0, 0, 10, 10)], community="110113001009")
    assert scope_over([HOME, NEXT]).areas == (HOME, NEXT)


def test_a_street_or_district_that_is_meant_itself_stays():
    lay_ground()
    assert scope_over(["110113001"]).areas == ("110113001",)
    assert scope_over([]).areas == ()
