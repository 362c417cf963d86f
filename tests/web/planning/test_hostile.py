"""What no browser of ours sends: each endpoint answers it in words, soon, and leaves the plan as it was."""

import json
import random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.models import Plan
from gis.planning.operations import OPERATIONS
from tests.gis.planning.drafts import a_plan
from tests.web.planning.acts import KINDS, Planner
from tests.web.planning.test_truth import assert_true

pytestmark = pytest.mark.django_db

#: No request on the small town takes more work, seconds of the processor: a busy machine fails no test.
_SOON_S = 6.0
_FUZZ = settings(
    max_examples=60, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

_odd_text = st.sampled_from(
    ["", " ", "\0", "\ud800", "\u202eabc", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "网" * 5000, "{%", "';--"]
)
_numbers = st.sampled_from([0, 1, 2, -1, 3.5, 1e308, 2**31, 2**63, 10**400, float("nan"), float("inf"), -0.0])
_odd = st.recursive(
    st.none() | st.booleans() | _numbers | _odd_text,
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.sampled_from(["a", "number", "0"]), some, max_size=2),
    max_leaves=8,
)
_places = st.tuples(st.floats(-1, 1), st.floats(-1, 1))
_names = (
    "tiles",
    "cell",
    "cells",
    "name",
    "locked",
    "ring",
    "line",
    "between",
    "place",
    "at",
    "to",
    "count",
    "outlines",
    "choices",
)


@pytest.fixture
def draws(client_of, cast) -> Planner:
    return Planner(client_of("zhao", HTTP_ACCEPT="*/*"), a_plan(cast), random.Random(0))


def send(draws: Planner, where: str, body) -> int:
    """The status of an answer; what is not done is refused in words, and soon."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    before = process_time()
    answer = draws.client.post(f"/plans/{draws.plan.uuid}/{where}/", raw, content_type="application/json")
    assert process_time() - before < _SOON_S, body
    if answer.status_code != 200:
        assert 400 <= answer.status_code < 500
        told = answer.json()
        assert told["error"], body
        assert told["fix"], body
    else:
        json.loads(answer.content, parse_constant=_no_number)
    return answer.status_code


def _no_number(word: str):
    raise AssertionError(f"{word} is no JSON")


def test_every_kind_of_step_is_tried():
    assert set(OPERATIONS) == KINDS


def test_nonsense_for_arguments(draws):
    @_FUZZ
    @given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(_names), _odd, max_size=12) | _odd)
    def check(kind, args):
        send(draws, "try", {"kind": kind, "args": args})
        send(draws, "steps", {"kind": kind, "args": args, "seen": revision(draws)})

    check()
    assert_true(Plan.objects.get(pk=draws.plan.pk))


def test_one_odd_argument_among_good_ones(draws):
    @_FUZZ
    @given(st.sampled_from(sorted(KINDS)), st.integers(0, 3), _odd, st.randoms(use_true_random=False))
    def check(kind, which, odd, chance):
        draws.chance = random.Random(chance.random())
        draws.look()
        args = draws.args(kind)
        names = [*args] or ["cell"]
        args[names[which % len(names)]] = odd
        send(draws, "steps", {"kind": kind, "args": args, "seen": revision(draws)})

    check()
    assert_true(Plan.objects.get(pk=draws.plan.pk))


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"null", b"NaN", b'"', b'{"seen": 1e999}']
)
@pytest.mark.parametrize("where", ["steps", "try", "undo", "redo"])
def test_what_is_no_json(draws, where, body):
    assert send(draws, where, body) == 422


@pytest.mark.parametrize("seen", [None, -1, 10**30, True, 1.0, "0", [], float("nan"), -(10**30)])
@pytest.mark.parametrize("where", ["steps", "undo", "redo"])
def test_no_revision_there_ever_was(draws, where, seen):
    assert send(draws, where, {"kind": "add", "args": {}, "seen": seen}) in (409, 422)
    assert revision(draws) == 0


def revision(draws: Planner) -> int:
    return Plan.objects.values_list("revision", flat=True).get(pk=draws.plan.pk)


def shapes(draws: Planner) -> dict[str, list]:
    """Lines and outlines nobody draws with a hand."""
    chance = random.Random(5)
    x, y = draws.degrees([draws.drawing.ground.middle.mean(axis=0)])[0]
    scribble = [[x + chance.uniform(-0.02, 0.02), y + chance.uniform(-0.02, 0.02)] for _ in range(10_000)]
    corners = draws.degrees(draws.drawing.ground.middle[:1])
    return {
        "scribble": scribble,
        "small scribble": [[x + (a - x) / 1000, y + (b - y) / 1000] for a, b in scribble],
        "world": [[-180, -90], [180, -90], [180, 90], [-180, 90]],
        "pole": [[x, 90], [x + 180 if x < 0 else x - 180, 90], [x, y]],
        "antipode": [[x - 180, -y], [x - 179, -y], [x - 179, -y + 1]],
        "one place": corners * 3,
        "there and back": [[x, y], [x + 0.01, y], [x, y]],
        "bow tie": [[x - 0.01, y - 0.01], [x + 0.01, y + 0.01], [x + 0.01, y - 0.01], [x - 0.01, y + 0.01]],
        "hair": [[x - 1, y], [x + 1, y], [x + 1, y + 1e-12]],
        "null island": [[0, 0], [0, 1e-300], [1e-300, 0]],
        "everything": [[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1]],
        "a tile's outline": draws.degrees(draws.drawing.shapes[3].exterior.coords[:]),
        "everything twice": [[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1], [x - 1, y - 1]] * 2,
    }


_SHAPES = (
    "scribble", "small scribble", "world", "pole", "antipode", "one place", "there and back", "bow tie", "hair",
    "null island", "everything", "a tile's outline", "everything twice",
)  # fmt: skip


@pytest.mark.parametrize("name", _SHAPES)
def test_what_no_hand_draws(draws, name):
    drawn = shapes(draws)[name]
    for kind, args in {
        "draw": {"ring": drawn, "name": "=1+1"},
        "carve": {"ring": drawn, "cell": 1},
        "split": {"line": drawn, "cell": 1},
        "cut": {"line": drawn, "between": 2},
        "barrier": {"line": drawn, "between": 1},
        "passage": {"place": drawn[:1]},
        "drag": {"at": drawn[0], "to": drawn[1]},
        "outlines": {"outlines": {"1": {"type": "MultiPolygon", "coordinates": [[drawn], [drawn]]}}},
    }.items():
        send(draws, "steps", {"kind": kind, "args": args, "seen": revision(draws)})
    assert_true(Plan.objects.get(pk=draws.plan.pk))


def test_a_million_tiles(draws):
    assert send(draws, "steps", {"kind": "paint", "args": {"tiles": [*range(10**6)], "cell": 1}, "seen": 0}) in (
        400,
        413,
        422,
    )
    assert send(draws, "steps", {"kind": "paint", "args": {"tiles": [0] * 200_000, "cell": 2}, "seen": 0}) in (200, 422)


@pytest.mark.parametrize(
    "asked", ["revision=-1", "revision=99999999999999", "revision=NaN", "revision=%00", "revision=", ""]
)
def test_since_a_revision_that_never_was(draws, asked):
    answer = draws.client.get(f"/plans/{draws.plan.uuid}/since/?{asked}")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "asked", ["cells=1,1,1", "cells=%00", "cells=" + "1," * 9999, "cells=999999999", "cells=-1", ""]
)
def test_handles_of_cells_that_never_were(draws, asked):
    assert draws.client.get(f"/plans/{draws.plan.uuid}/handles/?{asked}").status_code in (200, 400, 422)


@pytest.mark.parametrize("count", [2**31 - 1, 0, 1, 2, 10, 40, 1000])
def test_a_cell_in_many(draws, count):
    send(draws, "steps", {"kind": "divide", "args": {"cell": 1, "count": count}, "seen": 0})
    assert_true(Plan.objects.get(pk=draws.plan.pk))


@pytest.mark.parametrize("where", ["wish", "go-to"])
def test_nonsense_for_a_wish_or_a_place_in_the_record(draws, where):
    values = _odd | st.dictionaries(st.sampled_from(["households", "people", "gold"]), _odd, max_size=3)
    names = ("target", "tolerance", "weights", "revision")

    @_FUZZ
    @given(st.dictionaries(st.sampled_from(names), values, min_size=1), st.booleans())
    def check(body, fitting):
        usual = {"target": 300, "tolerance": 0.1, "weights": {"households": 1, "people": 0.5}} if fitting else {}
        send(draws, where, usual | body | {"seen": revision(draws)})

    check()
    assert_true(Plan.objects.get(pk=draws.plan.pk))
