"""Arrays on the way to the browser."""

import gzip

import numpy as np
import pytest

from layers.packing import packed, unpacked


def test_it_brings_back_what_was_packed():
    arrays = {"state": np.array([0, 1, 2], dtype=np.uint8), "values": np.array([1.5, np.nan], dtype=np.float32)}
    head, found = unpacked(packed({"unit": "人"}, arrays))
    assert head["unit"] == "人"
    assert list(found) == ["state", "values"]
    assert all(np.array_equal(found[name], arrays[name], equal_nan=name == "values") for name in arrays)


@pytest.mark.parametrize("figures", [[], [3, -2.5, np.nan, 65535], [1.1, 16777215]])
def test_it_loses_nothing_of_a_float_whichever_way_it_goes(figures):
    sent = np.array(figures, dtype=np.float32)
    assert np.array_equal(unpacked(packed({}, {"values": sent, "after": sent}))[1]["after"], sent, equal_nan=True)


def test_every_array_begins_where_a_browser_can_read_it():
    arrays = {"a": np.zeros(3, dtype=np.uint8), "b": np.full(1, 0x01020304, dtype=np.uint32)}
    plain = gzip.decompress(packed({}, arrays))
    assert plain.index(bytes([4, 3, 2, 1])) % 4 == 0


def test_it_refuses_numbers_the_browser_does_not_know():
    with pytest.raises(KeyError):
        packed({}, {"far": np.zeros(2, dtype=np.int64)})
