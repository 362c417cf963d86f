"""Heat cubes: every incident that is wanted in exactly one bin, and nothing of anyone else's."""

import gzip
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import WanggeError
from gis.incidents.finding import Wanted
from layers.bins import Grid, grid_over
from layers.heat import cube_of, packed
from layers.heat_times import STEPS, Times, times_of
from layers.incident_columns import NEVER, PER_METRE, STATES, Columns, in_order, range_of
from layers.incident_copy import Copy, laid_in_order, replaced
from layers.incident_selection import selected

ZONE = ZoneInfo("Asia/Shanghai")
BOX = (116.60, 40.10, 116.70, 40.16)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 20)
EVERYWHERE = Scope.of(["11"])
NOW = datetime(2026, 3, 21, tzinfo=ZONE)
ANY = Wanted()


def columns(rows: list[tuple]) -> Columns:
    """Rows of (lon, lat, local ISO time, area, category, state)."""
    moments = [datetime.fromisoformat(row[2]).replace(tzinfo=ZONE) for row in rows]
    none = np.zeros(len(rows), dtype=np.int64)
    xy = crs.move(np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2), crs.STORE, crs.DRAW)
    return in_order(
        Columns(
            np.arange(1, len(rows) + 1),
            np.round(xy[:, 0] * PER_METRE).astype(np.int32),
            np.round(xy[:, 1] * PER_METRE).astype(np.int32),
            np.array([int(moment.timestamp()) for moment in moments], dtype=np.int64),
            np.array([row[4] for row in rows], dtype=np.int32),
            np.array([STATES[row[5]] for row in rows], dtype=np.int8),
            none,
            none,
            none,
            none + NEVER,
            none + NEVER,
            np.array([range_of(row[3])[0] for row in rows], dtype=np.int64),
        )
    )


def one(lon=116.65, lat=40.13, at="2026-03-04T12:00", area="110113001006001", category=1, state="reported") -> tuple:
    return lon, lat, at, area, category, state


def counted(rows: list[tuple], wanted: Wanted = ANY, step="day", box=BOX, zoom=14, scope=EVERYWHERE) -> np.ndarray:
    grid, times = grid_over(box, zoom), times_of(FIRST, LAST, step, ZONE)
    return cube_in(laid_in_order(columns(rows)), grid, times, wanted, scope)


def cube_in(copy: Copy, grid: Grid, times: Times, wanted: Wanted = ANY, scope: Scope = EVERYWHERE) -> np.ndarray:
    return cube_of(selected(copy, wanted, scope, NOW), grid, times, ZONE)


def test_it_counts_by_day():
    cube = counted([one(), one(), one(at="2026-03-05T00:00"), one(at="2026-03-04T23:59:59")])
    assert cube.sum(axis=(1, 2)).tolist() == [0, 0, 0, 3, 1] + [0] * 15


def test_it_counts_by_the_hour_of_the_day():
    cube = counted([one(), one(at="2026-03-19T12:59"), one(at="2026-03-01T00:00")], step="hour-of-day")
    assert np.flatnonzero(cube.sum(axis=(1, 2))).tolist() == [0, 12]
    assert cube[12].sum() == 2


def test_it_leaves_out_what_is_before_and_after_the_period():
    assert counted([one(at="2026-02-28T23:59:59"), one(at="2026-03-21T00:00")]).sum() == 0


def test_it_counts_only_in_scope():
    rows = [one(area="110113001006001"), one(area="110113002001001"), one(area="110113001006")]
    assert counted(rows, scope=Scope.of(["110113001"])).sum() == 2
    assert counted(rows, scope=Scope.of(["110113001006001"])).sum() == 1
    assert counted(rows, scope=Scope(())).sum() == 0


def test_it_counts_the_wanted_categories_and_states():
    rows = [one(category=1), one(category=2), one(category=3, state="closed")]
    assert counted(rows, Wanted(categories=frozenset({1, 3}))).sum() == 2
    assert counted(rows, Wanted(states=frozenset({"closed"}))).sum() == 1
    assert counted(rows, Wanted(last=date(2026, 3, 3))).sum() == 0


def test_it_puts_an_incident_where_the_head_says_its_bin_is():
    grid, times = grid_over(BOX, 14), times_of(FIRST, LAST, "week", ZONE)
    cube = cube_in(laid_in_order(columns([one(lon=116.62, lat=40.151)])), grid, times)
    _week, row, column = np.argwhere(cube)[0]
    west, north = grid.corner
    centre = np.array([[west + (column + 0.5) * grid.size, north - (row + 0.5) * grid.size]])
    x, y = crs.move(np.array([[116.62, 40.151]]), crs.STORE, crs.DRAW)[0]
    assert np.abs(centre - [x, y]).max() <= grid.size / 2 + 0.01


def test_it_keeps_a_bin_in_its_place_while_the_window_moves():
    rows = [one(lon=116.64 + k / 1000) for k in range(20)]
    whole, part = grid_over(BOX, 15), grid_over((116.641, 40.12, 116.68, 40.14), 15)
    times = times_of(FIRST, LAST, "week", ZONE)
    left, top = part.left - whole.left, part.top - whole.top
    cut = cube_in(laid_in_order(columns(rows)), whole, times)
    cut = cut[:, top : top + part.rows, left : left + part.columns]
    assert np.array_equal(cut, cube_in(laid_in_order(columns(rows)), part, times))


positions = st.tuples(st.floats(116.55, 116.75), st.floats(40.08, 40.18))
BEFORE, FROM, UNTIL, AFTER = (datetime.fromisoformat(f"2026-{day}") for day in ("02-26", "03-01", "03-21", "03-24"))
moments = st.datetimes(BEFORE, AFTER).map(lambda moment: moment.isoformat()[:19])
reports = st.builds(
    lambda where, at, area, state: one(*where, at=at, area=area, state=state),
    positions, moments, st.sampled_from(["110113001006001", "110113001007", "110113002001001"]),
    st.sampled_from(["reported", "closed"]),
)  # fmt: skip


@given(st.lists(reports, max_size=25), st.sampled_from(STEPS), st.integers(9, 13), st.sampled_from(["110113001", "11"]))
@settings(deadline=None, max_examples=30)
def test_it_counts_as_one_would_by_hand(rows, step, zoom, posted):
    box = (116.63, 40.11, 116.67, 40.14)
    cube = counted(rows, Wanted(states=frozenset({"reported"})), step, box, zoom, Scope.of([posted]))
    grid = grid_over(box, zoom)
    west, north = grid.corner
    expected = 0
    for lon, lat, at, area, _category, state in rows:
        x, y = crs.move(np.array([[lon, lat]]), crs.STORE, crs.DRAW).round(2)[0]
        here = 0 <= x - west < grid.columns * grid.size and 0 < north - y <= grid.rows * grid.size
        then = FROM <= datetime.fromisoformat(at) < UNTIL
        expected += here and then and area.startswith(posted) and state == "reported"
    assert cube.sum() == expected
    assert cube.min() == 0 or not cube.size


def test_it_counts_changed_and_deleted_incidents_as_they_are_now():
    copy = laid_in_order(columns([one(), one(), one()]))
    moved = columns([one(at="2026-03-10T08:00")])  # number 1, six days later
    copy = replaced(copy, np.array([1, 3]), moved)
    cube = cube_in(copy, grid_over(BOX, 14), times_of(FIRST, LAST, "day", ZONE))
    assert np.flatnonzero(cube.sum(axis=(1, 2))).tolist() == [3, 9]
    assert cube.sum() == 2


@pytest.mark.parametrize("many", [1, 300, 70_000])
def test_it_travels_whole(many):
    grid, times = grid_over(BOX, 12), times_of(FIRST, LAST, "week", ZONE)
    cube = np.zeros((len(times), grid.rows, grid.columns), dtype=np.int32)
    cube[1, 2, 3] = many
    sent = gzip.decompress(packed(cube, grid, times))
    length = int.from_bytes(sent[:4], "little")
    head = json.loads(sent[4 : 4 + length])
    counts = np.frombuffer(sent[4 + length :], dtype=f"<u{head['bytes']}").reshape(cube.shape)
    assert np.array_equal(counts, cube)
    assert (4 + length) % 8 == 0
    assert head["total"] == many
    assert (head["columns"], head["rows"], len(head["times"])) == (grid.columns, grid.rows, len(times))


@pytest.mark.parametrize(
    ("box", "zoom", "side"),
    [((116.7, 40.1, 116.6, 40.2), 14, 8), ((116.6, float("nan"), 116.7, 40.2), 14, 8), (BOX, 25, 8), (BOX, 14, 3),
     ((-180, -85, 180, 85), 20, 4), ((0, 0, 200, 10), 5, 8)],
)  # fmt: skip
def test_it_refuses_a_window_that_is_none_or_too_large(box, zoom, side):
    with pytest.raises(WanggeError):
        grid_over(box, zoom, side)


def test_it_refuses_a_cube_too_large_to_send():
    grid, times = grid_over((116.0, 39.5, 117.0, 40.5), 14), times_of(FIRST, FIRST + timedelta(700), "day", ZONE)
    with pytest.raises(WanggeError) as refused:
        cube_in(laid_in_order(columns([])), grid, times)
    assert refused.value.fix
