"""Where a scope lies, whether or not its own area has an outline."""

import pytest

from gis.accounts.scope import Scope
from gis.areas.extent import extent
from tests.layers.drawn import COMMUNITY, WEST, draw_community

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(bare):
    draw_community()


def test_it_takes_a_district_without_an_outline_for_what_lies_in_it():
    assert extent(Scope.of([COMMUNITY[:6]])) == pytest.approx((116.60, 40.10, 116.62, 40.11))


def test_it_takes_a_worker_for_the_cell():
    assert extent(Scope.of([WEST])) == pytest.approx((116.60, 40.10, 116.61, 40.11))


@pytest.mark.parametrize("scope", [Scope(()), Scope.of(["110113002"])])
def test_it_knows_no_place_for_nothing(scope):
    assert extent(scope) is None
