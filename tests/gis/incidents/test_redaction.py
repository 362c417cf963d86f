"""Black boxes: what is beneath is gone from the file, and no line of boxes is silently overlooked."""

import io
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gis.errors import Refused
from gis.incidents.photo import clean_photo
from gis.incidents.redaction import MOST_BOXES, PUBLIC, Box, cover, read_boxes
from tests.gis.incidents.photos import SECRET, a_jpeg, a_picture, segments, written


def pixels(jpeg: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_what_lies_beneath_a_box_is_black_in_both_sizes():
    """Left red and white, right blue: cover the left half."""
    photo = cover(clean_photo(a_jpeg(400, 300)).full, [Box(0, 0, 50, 100)])
    for size in (photo.full, photo.small):
        picture = pixels(size)
        middle = picture.shape[1] // 2
        assert picture[:, : middle - 8].max() < 24
        assert picture[:, middle + 16 :, 2].min() > 200


def test_a_secret_in_the_pixels_cannot_be_brought_back():
    """Two photos that differ beneath the box only come out as the same bytes."""
    first, second = a_picture(320, 240), a_picture(320, 240)
    second.paste("yellow", (100, 80, 140, 120))
    box = Box(100 / 3.2, 80 / 2.4, 40 / 3.2, 40 / 2.4)
    files = [written(one, "JPEG", quality=100, subsampling=0) for one in (first, second)]
    assert files[0] != files[1]
    wide = Box(box.left - 5, box.top - 5, box.width + 10, box.height + 10)  # a JPEG's blocks reach a little further
    assert cover(files[0], [wide]).full == cover(files[1], [wide]).full


def test_it_is_no_larger_than_the_public_needs_and_says_nothing_of_itself():
    photo = cover(a_jpeg(2000, 1000), [])
    assert (photo.width, photo.height) == (PUBLIC, PUBLIC // 2)
    assert not {0xE1, 0xE2, 0xED, 0xFE} & set(segments(photo.full))
    assert SECRET.encode() not in photo.full + photo.small


_SIDES = st.tuples(st.floats(0, 99), st.floats(0, 99), st.floats(0.01, 1), st.floats(0.01, 1))


@given(st.lists(_SIDES, max_size=MOST_BOXES))
def test_boxes_come_back_as_they_were_written(parts):
    boxes = [Box(*(round(number, 2) for number in part)) for part in parts]
    read = read_boxes("\n".join(map(str, boxes)))
    assert [astuple(box) for box in read] == [pytest.approx(astuple(box)) for box in boxes]


@given(st.text(max_size=60))
def test_any_text_is_boxes_inside_the_photo_or_refused(text):
    try:
        boxes = read_boxes(text)
    except Refused:
        return
    for box in boxes:
        assert box.left >= 0 <= box.top
        assert box.left + box.width <= 100.000001 >= box.top + box.height


@pytest.mark.parametrize("text", ["1 2 3", "1 2 3 4 5", "a b c d", "nan 1 1 1", "1 1 inf 1", "1 1 0 5", "120 1 5 5"])
def test_a_line_that_is_no_box_is_refused(text):
    with pytest.raises(Refused):
        read_boxes(f"1 1 5 5\n{text}")


def test_a_box_over_the_edge_is_cut_off():
    assert read_boxes("-10,90,50,50") == (Box(0, 90, 40, 10),)


def test_too_many_are_refused():
    with pytest.raises(Refused):
        read_boxes("1 1 5 5\n" * (MOST_BOXES + 1))
