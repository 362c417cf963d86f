import numpy as np
import pytest
import shapely
from django.core.management.base import CommandError

from gis.risk.lattice import Lattice
from gis.risk.prediction import Ground, Past, kernels
from gis.risk.trial import Case, tried
from tests.bench import risk_cases


@pytest.fixture(scope="module")
def case():
    """A hundred days round two corners of an invented square town."""
    chance = np.random.default_rng(8)
    lattice = Lattice.over(shapely.box(0, 0, 4999, 4999))
    corners = np.array([[900, 1100], [3900, 3600]])[chance.integers(0, 2, 2500)]
    xy, at = np.clip(corners + chance.normal(0, 300, (2500, 2)), 1, 4998), np.sort(chance.uniform(0, 100, 2500))
    ground = Ground(lattice, Past.of(lattice, xy, at), kernels())
    return Case("invented", ground, np.array([80.0, 90.0]), 10.0, 3, "invented")


def test_it_tries_every_map_on_every_window(case):
    found = tried(case)
    assert {"ours", "kernel density, tuned", "plain counts, all the past", "last period", "random"} < set(found)
    assert {len(windows) for windows in found.values()} == {2}


def test_it_ranks_knowledge_above_chance(case):
    found = tried(case)
    ours, chance = (np.mean([window[0.10].pai for window in found[name]]) for name in ("ours", "random"))
    assert ours > 5 > 2 > chance


def test_it_shows_residents_apart_only_where_they_are_given(case):
    assert "ours, incidents alone" not in tried(case)


def test_it_says_which_file_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(risk_cases, "DATA", tmp_path)
    with pytest.raises(CommandError, match="houston_crime_2010"):
        risk_cases.houston(quick=True)


@pytest.mark.skipif(not risk_cases.DATA.exists(), reason="the folder of real data is not beside the checkout")
def test_it_leaves_out_houston_s_five_without_place_and_its_outliers():
    houston = risk_cases.houston(quick=True)
    assert "left out 5 without coordinates" in houston.note
    assert len(houston.ground.past.at) < 86314 - 5
    assert np.ptp(houston.ground.past.xy, axis=0).max() < 150_000
