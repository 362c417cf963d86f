"""Classes of a report's map: every figure in exactly the class whose range holds it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.reports.classes import NO_FIGURE, classes_of
from layers.reports.view import View
from layers.values import Question

PLACES = Question("cells", "")
FIGURES = st.lists(st.integers(0, 50) | st.just(float("nan")), max_size=40).map(lambda row: np.array(row, dtype=float))


@given(FIGURES)
def test_each_figure_is_in_the_class_whose_upper_end_is_the_first_not_below_it(figures):
    classes = classes_of(figures, View(PLACES))
    for figure, number in zip(figures, classes.of, strict=True):
        if np.isnan(figure):
            assert number == -1
        else:
            assert figure <= classes.upper[number]
            assert number == 0 or figure > classes.upper[number - 1]
    assert classes.counts.sum() == np.count_nonzero(~np.isnan(figures))


def test_it_takes_the_classes_of_the_screen():
    view = View(PLACES, breaks=(10.0, 20.0), colours=("#eeeeee", "#111111"))
    classes = classes_of(np.array([10, 11, np.nan, 25]), view)
    assert classes.colour_of == ["#eeeeee", "#111111", NO_FIGURE, "#111111"]  # 25 came after the screen was drawn


@given(FIGURES)
def test_changes_are_classed_by_their_sign_and_alike_on_both_sides(figures):
    changes = np.concatenate([figures, -figures])
    of = classes_of(changes, View(PLACES, change="difference")).of
    for change, number in zip(changes, of, strict=True):
        assert np.isnan(change) or np.sign(number - 2) == np.sign(change)
    mirrored = np.where(of >= 0, 4 - of, -1)
    assert np.array_equal(np.concatenate([of[len(figures) :], of[: len(figures)]]), mirrored)
