"""The table of what lies directly in an area."""

import pytest

from gis.models import Residence, User
from layers.children import children_table
from tests.web.pages.street import DISTRICT, EAST, STREET, WEST, A, B, build_street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


def table(code: str, who: str = "paper-district") -> dict:
    found = children_table(code, User.objects.get(username=who).access)
    return {row["code"]: row["figures"] for row in found["rows"]}


def test_it_lists_the_communities_of_a_street_with_their_figures():
    assert table(STREET) == {EAST: [36, 12, 16, 25, 4, 2], WEST: [18, 6, 8, 25, 2, 1]}


def test_it_lists_the_cells_of_a_community():
    assert list(table(EAST)) == [A, B]


def test_it_lists_the_streets_of_a_district():
    assert next(iter(table(DISTRICT))) == STREET


def test_it_withholds_a_small_count():
    Residence.objects.filter(pk__in=Residence.objects.filter(area=B).values("pk")[:16]).delete()
    assert table(EAST)[B][0] is None


def test_it_has_no_column_for_what_the_role_does_not_hold():
    found = children_table(STREET, User.objects.get(username="paper-admin").access)
    assert [str(name) for name, _unit in found["columns"]] == ["住房套数", "空置率"]


def test_it_is_empty_below_a_cell():
    assert children_table(A, User.objects.get(username="paper-worker").access)["rows"] == []
