"""Clusters: every incident of a window in exactly one, where it is, and in its place while the map moves."""

from datetime import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.incidents.finding import Wanted
from layers.bins import grid_over
from layers.incident_clusters import SIDE, Clusters, clusters_in
from layers.incident_copy import laid_in_order, replaced
from layers.incident_selection import selected
from tests.layers.test_heat import BOX, EVERYWHERE, NOW, columns, one

positions = st.tuples(st.floats(116.60, 116.70), st.floats(40.10, 40.16))
reports = st.builds(lambda where, state: one(*where, state=state), positions, st.sampled_from(["reported", "closed"]))


def clustered(rows: list[tuple], box=BOX, zoom=14, wanted: Wanted | None = None) -> Clusters:
    copy = laid_in_order(columns(rows))
    return clusters_in(selected(copy, wanted or Wanted(), EVERYWHERE, NOW), grid_over(box, zoom, SIDE), NOW)


@given(st.lists(reports, max_size=40), st.integers(5, 20))
@settings(deadline=None, max_examples=30)
def test_it_counts_each_incident_of_a_window_once(rows, zoom):
    found = clustered(rows, (116.5, 40.0, 116.8, 40.3) if zoom < 17 else BOX, zoom)
    assert found.total == len(rows)
    assert found.open.sum() == sum(row[5] == "reported" for row in rows)
    assert (found.count > 0).all()
    west, south, east, north = found.box.T
    assert ((west <= found.middle[:, 0] + 1e-7) & (found.middle[:, 0] <= east + 1e-7)).all()
    assert ((south <= found.middle[:, 1] + 1e-7) & (found.middle[:, 1] <= north + 1e-7)).all()


@given(st.lists(reports, max_size=60), st.integers(11, 15))
@settings(deadline=None, max_examples=30)
def test_it_keeps_a_cluster_while_the_window_moves(rows, zoom):
    """What lies well inside both windows is the same in both."""
    both = (116.63, 40.115, 116.67, 40.145)
    whole, part = clustered(rows, BOX, zoom), clustered(rows, (116.61, 40.105, 116.69, 40.155), zoom)
    assert inside(whole, both) == inside(part, both)


def inside(found: Clusters, box: tuple[float, float, float, float]) -> set[tuple]:
    west, south, east, north = box
    held = zip(found.middle.round(9).tolist(), found.count.tolist(), strict=True)
    return {(*middle, count) for middle, count in held if west < middle[0] < east and south < middle[1] < north}


def test_it_names_the_incident_where_there_is_but_one():
    found = clustered([one(lon=116.61), one(lon=116.69), one(lon=116.69)])
    assert found.count.tolist() == [2, 1]
    assert found.ids.tolist() == [0, 1]


def test_it_puts_together_what_would_overlap():
    """Two bins of 64 px share a border, and on each side of it something happened."""
    grid = grid_over(BOX, 14, SIDE)
    metres = grid.corner[0] + 3 * grid.size
    lon = metres / 20037508.342789244 * 180
    assert len(clustered([one(lon=lon - 0.0001), one(lon=lon + 0.0001)])) == 1
    assert len(clustered([one(lon=lon - 0.004), one(lon=lon + 0.004)])) == 2


def test_it_tells_late_from_open_and_doubtful_from_sure():
    copy = laid_in_order(columns([one(), one(), one(state="closed")]))
    rows = columns([one(), one(), one(state="closed")])
    late = np.full(3, int(datetime(2026, 3, 1).timestamp()))  # noqa: DTZ001 - before NOW in any zone
    changed = type(rows)(**{**rows.__dict__, "due": late, "doubt": np.array([1, 0, 0])})
    copy = replaced(copy, rows.ids, changed)
    found = clusters_in(selected(copy, Wanted(), EVERYWHERE, NOW), grid_over(BOX, 14, SIDE), NOW)
    assert [one.tolist() for one in (found.count, found.open, found.late, found.doubt)] == [[3], [2], [2], [1]]


def test_it_clusters_nothing():
    assert len(clustered([])) == clustered([]).total == 0
