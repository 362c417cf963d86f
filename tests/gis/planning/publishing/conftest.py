import pytest

from gis.models import Category
from tests.gis.planning.publishing import paper


@pytest.fixture
def ground(bare):
    """Two communities without cells."""
    paper.lay_ground()


@pytest.fixture
def halves(ground):
    """Two cells: the western and the eastern half of the first community."""
    return paper.lay_cells([paper.rect(0, 0, 5, 10), paper.rect(5, 0, 10, 10)])


@pytest.fixture
def category(ground):
    return Category.objects.create(kind="community", code="X", major="大类", name="小类")
