"""The share beyond a quarter of an hour as an indicator of places."""

import numpy as np
import pytest

from gis.accounts.scope import applied
from gis.models import Building, ServicePoint, User
from layers.service import ground
from layers.values import HIDDEN, UNKNOWN, Question, values
from tests.web.pages.street import EAST, WEST, A, build_street, square


@pytest.fixture
def street(db):
    build_street()
    home = Building.objects.get(area=A, number="1号楼").geometry.centroid
    ServicePoint.objects.create(kind="canteen", name="东园食堂", position=home, area=A)


def figures(name: str, layer: str = "community", indicator: str = "beyond_canteen80"):
    access = User.objects.get(username=name).access
    with applied(access.which("people.count")):
        return values(Question(layer, indicator), access)


def test_it_is_the_share_of_those_who_walk_too_far(street):
    said = figures("paper-street")
    shares = dict(zip(said.places.codes.tolist(), said.values.tolist(), strict=True))
    assert shares == {EAST: pytest.approx(100 * 5 / 12, abs=0.1), WEST: 100}  # six of twelve, rounded to five


def test_it_is_withheld_with_the_counts_it_is_made_of(street):
    """Of two buildings with three people over 80 each one lies beyond."""
    far = Building.objects.filter(area=A).exclude(number="1号楼").first()
    Building.objects.filter(pk=far.pk).update(geometry=square(116.6085, 40.1085, 0.001))
    said = figures("paper-street", "cells")
    assert said.state[said.places.codes.tolist().index(A)] == HIDDEN
    own = figures("paper-worker", "cells")
    assert own.values.tolist() == [50.0]


def test_without_points_it_says_so(street):
    ServicePoint.objects.all().delete()
    said = figures("paper-street")
    assert (said.values == 100).all()
    assert "还没有登记" in said.note


def test_too_large_an_area_is_unknown_and_says_what_to_do(street, monkeypatch):
    monkeypatch.setattr(ground, "MOST_HOMES", 1)
    monkeypatch.setattr(ground.ground_of, "__defaults__", (1,))
    said = figures("paper-street")
    assert (said.state == UNKNOWN).all()
    assert np.isnan(said.values).all()
    assert "请选择" in said.note
