"""The change between two drawings of one plan, so that an act of several steps is one."""

from operator import is_

import numpy as np

from gis.areas.plans.drawing import Change, Drawing, pieces_of


def difference(before: Drawing, after: Drawing) -> Change:
    """What makes `after` of `before`. Tiles on which nothing but the cell differs only move.

    Where two tiles stay and only what lies between them differs, the first goes and comes again, its borders with it.
    """
    here, there = _common(before, after)
    same = _alike(before, after, here, there)
    gone, come = np.ones(len(before), dtype=bool), np.ones(len(after), dtype=bool)
    gone[here[same]], come[there[same]] = False, False
    _mark_borders(before, after, gone, come)
    gone_rows, come_rows = np.flatnonzero(gone), np.flatnonzero(come)
    stays = ~gone[here] & (before.cell[here] != after.cell[there])
    homes = before.home != after.home
    return Change(
        before.ids[here[stays]],
        before.cell[here[stays]],
        after.cell[there[stays]],
        *_cells(before, after),
        pieces_of(before, gone_rows) if len(gone_rows) else None,
        pieces_of(after, come_rows) if len(come_rows) else None,
        np.flatnonzero(homes),
        before.home[homes],
        after.home[homes],
    )


def _common(before: Drawing, after: Drawing) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the tiles that both have, in each."""
    if len(before) == len(after) and (before.ids == after.ids).all():
        return np.arange(len(before)), np.arange(len(after))
    _, here, there = np.intersect1d(before.ids, after.ids, assume_unique=True, return_indices=True)
    return here, there


def _alike(before: Drawing, after: Drawing, here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """A mask of common tiles that have the same shape, community and compound. Shapes are compared by identity."""
    shape = np.fromiter(map(is_, before.shapes[here], after.shapes[there]), dtype=bool, count=len(here))
    community = (before.community[here] == after.community[there]).astype(bool)
    return shape & community & (before.compound[here] == after.compound[there])


def _mark_borders(before: Drawing, after: Drawing, gone: np.ndarray, come: np.ndarray) -> None:
    """Let a tile of each border between tiles that stay, on which something else lies now, go and come."""
    one, other = _kept(before, ~gone), _kept(after, ~come)
    differs = before.ground.between[one] != after.ground.between[other]
    ids = before.ids[before.ground.first[one[differs]]]
    gone[before.rows(ids)], come[after.rows(ids)] = True, True


def _kept(drawing: Drawing, stays: np.ndarray) -> np.ndarray:
    """The borders between tiles that stay, in order of their ids."""
    ground = drawing.ground
    return np.flatnonzero(stays[ground.first] & stays[ground.second])


def _cells(before: Drawing, after: Drawing) -> tuple[dict, dict]:
    numbers = sorted(before.cells.keys() | after.cells.keys())
    changed = [number for number in numbers if before.cells.get(number) != after.cells.get(number)]
    return {n: before.cells.get(n) for n in changed}, {n: after.cells.get(n) for n in changed}
