"""A view is judged before it is stored, reads back the same, and covers only what its reader may see."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.accounts.scope import Access
from gis.errors import OutOfScope, WanggeError
from gis.incidents.finding import Wanted
from gis.incidents.incident import State
from gis.risk.weighting import Weights
from layers.reports.view import View, read_stored, read_view
from layers.values import Question

PLACES, FIGURES = Question("cells", ""), Question("cells", "population")
OWN = Weights(dimensions=(("hazard", 3.0),))
VIEW = {"layer": "cells", "indicator": "population"}


class Posted:
    def __init__(self, role: str, area: str) -> None:
        self.role, self.area = role, area


def access(role: str, area: str) -> Access:
    return Access.of_postings([Posted(role, area)])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("layer", "planets"),
        ("indicator", "religion"),
        ("area", "11x"),
        ("area", 110113),
        ("days", 31),
        ("categories", "3"),
        ("majors", [3]),
        ("box", [1, 2, 3]),
        ("box", [116, 41, 117, 40]),
        ("box", ["nan", 40, 117, 41]),
        ("breaks", [3, 2]),
        ("breaks", [1, float("nan")]),
        ("breaks", [float("inf")]),
        ("breaks", list(range(10))),
        ("colours", ["red;}body{"]),
        ("colours", ["#ffffff"]),
    ],
)
def test_it_names_the_field_that_is_wrong(field, value):
    with pytest.raises(WanggeError) as refused:
        read_view(VIEW | {field: value}, None)
    assert field in refused.value.message


WANTED = st.builds(
    Wanted,
    text=st.text(max_size=20),
    area=st.sampled_from(["", "110113001"]),
    categories=st.frozensets(st.integers(1, 99), max_size=3),
    majors=st.frozensets(st.sampled_from(["治安", "市容"])),
    states=st.frozensets(st.sampled_from([str(one) for one in State.values])),
    late=st.booleans(),
    days=st.none() | st.integers(1, 400),
    first=st.none() | st.dates(),
    last=st.none() | st.dates(),
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WANTED)
def test_an_order_reads_back_as_the_view_it_was(wanted):
    view = View(
        Question("cells", "incidents", 90, majors=frozenset({"治安"}), compare=True, weights=OWN),
        "110113001",
        (116.0, 40.0, 117.0, 41.0),
        (1.0, 2.5),
        ("#ffffff", "#000000"),
        wanted,
        "percent",
    )
    assert read_stored(json.loads(json.dumps(view.as_json()))) == view


def test_words_searched_for_are_not_readable_in_the_order():
    stored = json.dumps(View(PLACES, incidents=Wanted(text="王八妹")).as_json(), ensure_ascii=False)
    assert "王八妹" not in stored


def test_it_covers_the_readers_part_of_the_area():
    worker = access("grid_worker", "110113001006001")
    assert View(PLACES, area="110113001").scope(worker).areas == ("110113001006001",)
    assert View(PLACES).scope(worker).areas == ("110113001006001",)


@pytest.mark.parametrize(
    ("view", "reader"),
    [
        (View(PLACES, area="110113002"), access("street_supervisor", "110113001")),
        (View(FIGURES), access("administrator", "110113")),
        (View(PLACES, incidents=Wanted()), access("planner", "110113001")),
    ],
    ids=["another street", "figures the role has not", "cases the role has not"],
)
def test_it_covers_nothing_where_the_role_does_not_hold_it(view, reader):
    with pytest.raises(OutOfScope):
        view.scope(reader)


def test_it_needs_every_capability_in_the_same_place():
    both = Access.of_postings([Posted("planner", "110113001"), Posted("department_officer", "110113002")])
    view = View(FIGURES, incidents=Wanted())
    assert view.scope(both).areas == ("110113002",)
    assert replace(view, incidents=None).scope(both).areas == ("110113001", "110113002")
