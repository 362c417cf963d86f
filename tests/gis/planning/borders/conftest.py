import pytest

from gis.models import Category
from tests.gis.planning.borders import paper


@pytest.fixture
def street(bare):
    """Two communities side by side: 幸福西街 with a western and an eastern cell, 义宾街 with one; a planner."""
    return paper.lay_street()


@pytest.fixture
def category(street):
    return Category.objects.create(kind="community", code="X", major="大类", name="小类")
