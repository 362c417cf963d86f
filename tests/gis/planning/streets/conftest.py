import pytest

from gis.models import Category
from tests.gis.planning.publishing.paper import HOME, NEXT, build
from tests.gis.planning.streets import paper


@pytest.fixture
def district(bare):
    """Houses in every cell but the northern one of 义宾街, and in 石园西区; a planner."""
    planner = paper.lay_district()
    build(2, 2, HOME + "001", 10), build(7, 2, HOME + "002", 4)
    build(3, 2, NEXT + "001", 6, NEXT), build(22, 2, paper.STONE + "001", 8), build(33, 2, paper.PARK, 5)
    return planner


@pytest.fixture
def plan(district):
    return paper.open_here(district.user)


@pytest.fixture
def category(district):
    return Category.objects.create(kind="community", code="X", major="大类", name="小类")
