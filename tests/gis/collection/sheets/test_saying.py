"""What rows say as text, column by column, is what each says by itself."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.homes import Homes
from gis.collection.sheets.judging import Rows
from gis.collection.sheets.saying import said_as_json, spelt_columns, twins, whose
from gis.people.sealing import blind_index
from tests.gis.collection.sheets.tables import array

#: Signs that are dropped, grow longer as capitals, or end a text of JSON.
TEXTS = st.text('aB1-_·| 张ßŉǆﬁı"\\\n\x85', max_size=6)
LINES = st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["", "a1", "A 1"])), min_size=1, max_size=12)


def rows_of(lines) -> tuple[Rows, Homes]:
    name, identity, birth, address = (array(*column) for column in zip(*lines, strict=True))
    rows = Rows(np.arange(len(lines)), {"name": name, "identity": identity}, {"identity": identity, "birth": birth})
    return rows, Homes(np.zeros(len(lines), np.int64), array(*[""] * len(lines)), address)


@given(LINES)
def test_a_row_says_what_its_cells_say(lines):
    found = said_as_json(*rows_of(lines), np.arange(len(lines)))
    for line, (name, identity, birth, address) in zip(found, lines, strict=True):
        said, told = json.loads(line)
        assert said == {code: text for code, text in (("name", name), ("identity", identity)) if text}
        whole = {"identity": identity, "birth": birth, "address": address}
        assert told == {code: text for code, text in whole.items() if text}


@given(LINES)
def test_who_a_row_is_has_the_print_that_rows_before_have(lines):
    """Kept by the version before as one text with bars between: the same person is known again."""
    found = whose(spelt_columns(*rows_of(lines)))
    for one, (name, identity, birth, address) in zip(found, lines, strict=True):
        assert one == blind_index(f"who|{name}|{identity}|||{identity}|{birth}||{address}")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([("a", "1", "", "x"), ("a", "1", "", "x"), ("b", "1", "", "x"), ("a", "1", "", "x")], [-1, 0, -1, 0]),
        ([("a", "1", "", "x"), ("A ", "1", "", "X")], [-1, 0]),
        ([("ab", "c", "", ""), ("a", "bc", "", "")], [-1, -1]),
        ([("a", "", "", "")], [-1]),
    ],
)
def test_rows_that_say_the_same_are_twins_of_the_first(lines, found):
    assert twins(spelt_columns(*rows_of(lines))).tolist() == found
