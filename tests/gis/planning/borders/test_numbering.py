"""Codes of communities."""

import numpy as np
import pytest

from gis.errors import BadCode
from gis.planning.borders.numbering import absorbed, give_codes

STREET = "110113001"


def _codes(kept, taken_in=(), taken=(), middles=None):
    middles = np.arange(2 * len(kept), dtype=float).reshape(-1, 2) if middles is None else np.array(middles, float)
    return give_codes(STREET, kept, dict(taken_in), middles, {STREET + one for one in taken})


def test_one_that_goes_on_keeps_its_code():
    assert _codes({1: STREET + "006", 2: STREET + "007"}, taken=["006", "007"]) == {
        1: STREET + "006",
        2: STREET + "007",
    }


def test_one_that_took_another_in_is_numbered_from_601():
    codes = _codes({1: STREET + "006"}, {1: {STREET + "007"}}, ["006", "007", "603"])
    assert codes == {1: STREET + "604"}


def test_a_new_one_made_of_two_is_merged_too_and_of_one_is_new():
    kept, taken_in = {1: "", 2: ""}, {1: {STREET + "006", STREET + "007"}, 2: {STREET + "008"}}
    assert _codes(kept, taken_in, ["006", "007", "008", "901"]) == {1: STREET + "601", 2: STREET + "902"}


def test_new_ones_are_numbered_from_north_to_south_and_from_west_to_east():
    places = [(100, 0), (0, 0), (0, 500), (100, 510)]
    codes = _codes({1: "", 2: "", 3: "", 4: ""}, middles=places)
    assert [codes[number][9:] for number in (3, 4, 2, 1)] == ["900", "901", "902", "903"]


def test_a_street_without_numbers_left_says_so():
    with pytest.raises(BadCode):
        _codes({1: STREET + "006"}, {1: {STREET + "007"}}, ["899"])


def test_a_local_street_keeps_its_merged_numbers_apart():
    codes = give_codes("990101001", {1: ""}, {}, np.zeros((1, 2)), {"990101001601", "990101001002"})
    assert codes == {1: "990101001003"}


def test_a_community_shared_out_among_its_neighbours_is_merged_into_none():
    heirs = [{1: 0.45, 2: 0.35, 3: 0.2}, {2: 0.6, 1: 0.4}, {0: 1.0}]
    codes = [STREET + "001", STREET + "002", STREET + "003"]
    assert absorbed(codes, heirs, set()) == {2: {STREET + "002"}}
    assert absorbed(codes, heirs, {STREET + "002"}) == {}
