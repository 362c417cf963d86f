"""Several planners in one plan: real connections, one made and the other told; nothing is lost, nothing differs."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.accounts.postings import Posting
from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.packing import unpack_change
from gis.errors import Conflict, NotAllowed, Refused
from gis.models import Plan, PlanNote, User
from gis.planning import keeping, stepping
from gis.planning.deciding import decide
from gis.planning.keeping import drawing_of
from tests.cast import DISTRICT, STREET, read_cast
from tests.gis.areas.plans.planned import assert_same
from tests.gis.planning.drafts import a_plan


def colleague(name: str, role: str, area: str) -> User:
    user = User.objects.create_user(name)
    Posting.objects.create(user=user, role=role, area=area, starts=timezone.localdate())
    return user


def at_once(*acts) -> list:
    """What each act returns or refuses, all begun at one moment, each on a connection of its own."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except (Conflict, NotAllowed, Refused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def paint(plan: Plan, user: User, tile: int, cell: int, seen: int | None) -> Plan:
    args = {"tiles": [tile], "cell": cell}
    return stepping.step(plan.uuid, "paint", args, user=user, access=user.access, seen=seen)


def replayed(plan: Plan, first: Drawing) -> Drawing:
    """The drawing that the record of steps makes of the first one."""
    for change in plan.steps.order_by("revision").values_list("change", flat=True):
        first = apply(first, unpack_change(bytes(change)))
    return first


def test_of_two_steps_at_once_one_is_made_and_the_other_told(own_town):
    cast = read_cast()
    other, plan = colleague("qian", "planner", STREET), a_plan(cast)
    drawing = drawing_of(plan)
    tiles, cell = drawing.ids[drawing.cell == 1][:2].tolist(), 2
    for _ in range(5):
        seen = Plan.objects.get(pk=plan.pk).revision
        found = at_once(
            lambda seen=seen: paint(plan, cast.zhao, tiles[0], cell, seen),
            lambda seen=seen: paint(plan, other, tiles[1], cell, seen),
        )
        made = [one for one in found if isinstance(one, Plan)]
        told = [one for one in found if isinstance(one, Conflict)]
        assert (len(made), len(told)) == (1, 1)
        assert made[0].revision == told[0].theirs["revision"] == seen + 1
        step = told[0].theirs["steps"][0]
        assert (step["kind"], step["facts"]["tiles"]) == ("paint", 1)
        winner = cast.zhao if isinstance(found[0], Plan) else other
        assert step["who"] == (winner.name or winner.username)
        tile = tiles[0] if winner == cast.zhao else tiles[1]
        stepping.step(plan.uuid, "paint", {"tiles": [tile], "cell": 1}, user=winner, access=winner.access, seen=None)
    assert Plan.objects.get(pk=plan.pk).revision == plan.steps.count() == 10


def test_no_update_is_lost_between_planners_who_insist(own_town):
    """Fifty runs: each paints its own tiles, and whoever is told of a conflict looks again and repeats."""
    cast = read_cast()
    other, plan = colleague("qian", "planner", STREET), a_plan(cast)
    first = drawing_of(plan)
    cells = list(first.cells)
    draw = np.random.default_rng(7)
    for _ in range(50):
        tiles = draw.choice(first.ids, 4, replace=False).tolist()
        wanted = {tile: int(draw.choice(cells)) for tile in tiles}
        shares = [(cast.zhao, tiles[:2]), (other, tiles[2:])]
        if draw.random() < 0.5:
            keeping.forget(plan)
        found = at_once(
            *(lambda user=user, mine=mine, wanted=wanted: insist(plan, user, mine, wanted) for user, mine in shares)
        )
        assert not any(isinstance(one, Exception) for one in found)
        now = drawing_of(Plan.objects.get(pk=plan.pk))
        assert {tile: int(now.cell[now.rows([tile])[0]]) for tile in tiles} == wanted
    plan = Plan.objects.get(pk=plan.pk)
    assert plan.steps.count() == plan.revision
    assert_same(replayed(plan, first), drawing_of(plan))


def insist(plan: Plan, user: User, tiles: list[int], wanted: dict[int, int]) -> None:
    for tile in tiles:
        while True:
            seen = Plan.objects.get(pk=plan.pk).revision
            try:
                paint(plan, user, tile, wanted[tile], seen)
            except Conflict:
                continue
            except Refused:
                pass  # it is there already
            break


def test_of_two_approvers_at_once_one_decides(own_town):
    cast = read_cast()
    other, plan = colleague("wu", "district_supervisor", DISTRICT), a_plan(cast)
    today = timezone.localdate()
    for _ in range(5):
        decide(plan.uuid, "submit", user=cast.zhao, access=cast.zhao.access, seen=0, starts=today)
        found = at_once(
            lambda: decide(plan.uuid, "approve", user=cast.sun, access=cast.sun.access, seen=0),
            lambda: decide(plan.uuid, "approve", user=other, access=other.access, seen=0),
        )
        assert sum(isinstance(one, Conflict) for one in found) == 1
        assert [one.kind for one in found if isinstance(one, PlanNote)] == ["approve"]
        decide(plan.uuid, "take_back", user=cast.zhao, access=cast.zhao.access, seen=0)


def test_a_step_and_a_submission_at_once(own_town):
    """Either the step comes first and the submission is told, or the plan is handed in and the step refused."""
    cast = read_cast()
    other, plan = colleague("qian", "planner", STREET), a_plan(cast)
    for turn in range(6):
        seen = Plan.objects.get(pk=plan.pk).revision
        args = {"cells": [1], "locked": turn % 2 == 0}
        found = at_once(
            lambda seen=seen, args=args: stepping.step(
                plan.uuid, "lock", args, user=other, access=other.access, seen=seen
            ),
            lambda seen=seen: decide(plan.uuid, "submit", user=cast.zhao, access=cast.zhao.access, seen=seen),
        )
        stepped, handed = (not isinstance(one, Exception) for one in found)
        assert stepped != handed
        now = Plan.objects.get(pk=plan.pk)
        assert (now.state, now.revision) == (("submitted", seen) if handed else ("draft", seen + 1))
        if handed:
            decide(plan.uuid, "take_back", user=cast.zhao, access=cast.zhao.access, seen=now.revision)
            stepping.step(plan.uuid, "lock", args, user=other, access=other.access, seen=None)


_ACT = st.one_of(
    st.tuples(st.just("paint"), st.integers(0, 10**6), st.integers(0, 10**6)),
    st.tuples(st.sampled_from(["undo", "redo", "undo", "add", "lock", "erase"]), st.integers(0, 10**6), st.just(0)),
)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(st.booleans(), _ACT, st.booleans()), min_size=1, max_size=25))
def test_what_is_kept_is_what_the_steps_make(cast, acts):
    """Two planners in turn; now and then a process forgets what it kept. The snapshot never differs from the replay."""
    other = User.objects.filter(username="qian").first() or colleague("qian", "planner", STREET)
    plan = a_plan(cast)
    first = drawing_of(plan)
    for mine, (kind, tile, cell), forgets in acts:
        act(plan, cast.zhao if mine else other, kind, tile, cell)
        if forgets:
            keeping.forget(plan)
    plan = Plan.objects.get(pk=plan.pk)
    kept = drawing_of(plan)
    assert_same(replayed(plan, first), kept)
    keeping.store(plan, kept, always=True)
    keeping.forget(plan)
    assert_same(drawing_of(plan), kept)
    assert plan.revision == plan.steps.count()


def act(plan: Plan, user: User, kind: str, tile: int, cell: int) -> None:
    drawing = drawing_of(Plan.objects.get(pk=plan.pk))
    tiles, number = [int(drawing.ids[tile % len(drawing)])], list(drawing.cells)[cell % len(drawing.cells)]
    args = {
        "paint": {"tiles": tiles, "cell": number}, "erase": {"tiles": tiles}, "add": {},
        "lock": {"cells": [], "locked": bool(tile % 2)},
    }  # fmt: skip
    try:
        if kind in ("undo", "redo"):
            getattr(stepping, kind)(plan.uuid, user=user, access=user.access, seen=None)
        else:
            stepping.step(plan.uuid, kind, args[kind], user=user, access=user.access, seen=None)
    except Refused:
        pass  # nothing to undo, locked, or in it already
