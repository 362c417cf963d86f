"""Closed on time ÷ (closed + overdue open), counted by hand."""

import numpy as np
import pytest

from gis.incidents.on_time import NEVER, Rate, judge, rates

NOW = 1000
#: state, closed at, due at
CASES = {
    "closed in time": ("closed", 400, 500),
    "closed on the very second": ("closed", 500, 500),
    "closed late": ("closed", 501, 500),
    "open and late": ("open", NEVER, 999),
    "open with time left": ("open", NEVER, 1000),
    "open without a limit": ("open", NEVER, NEVER),
    "closed without a limit": ("closed", 400, NEVER),
    "closed, nobody knows when": ("closed", NEVER, 500),
    "rejected": ("rejected", NEVER, 10),
}


def judged() -> tuple[np.ndarray, np.ndarray]:
    state, closed_at, due_at = (np.array(column) for column in zip(*CASES.values(), strict=True))
    return judge(state == "closed", state == "open", closed_at, due_at, NOW)


def test_it_judges_each_case():
    on_time, of = judged()
    names = np.array(list(CASES))
    assert names[on_time].tolist() == ["closed in time", "closed on the very second"]
    assert names[of].tolist() == ["closed in time", "closed on the very second", "closed late", "open and late"]


def test_it_counts_by_group():
    group = np.array([0, 1, 0, 1, 0, 0, 0, 0, -1])
    assert rates(*judged(), group, 3) == [Rate(1, 2), Rate(1, 2), Rate(0, 0)]


def test_no_case_is_no_rate():
    assert Rate(0, 0).percent is None
    assert Rate(0, 0).interval is None
    assert Rate(1204, 1304).percent == pytest.approx(92.33, abs=0.01)


def test_few_cases_say_little():
    low, high = Rate(2, 2).interval
    assert low == pytest.approx(34.2, abs=0.1)
    assert high == pytest.approx(100)
    low, high = Rate(90, 100).interval
    assert (low, high) == (pytest.approx(82.6, abs=0.1), pytest.approx(94.5, abs=0.1))
