"""Keeping together what belongs together: tiles of one compound become one tile while cells are searched."""

from dataclasses import dataclass

import numpy as np

from gis.areas.plans.blocks import pieces
from gis.areas.plans.borders import sums
from gis.areas.plans.ground import Between, Ground


@dataclass(frozen=True)
class Bundles:
    """`of`: the bundle of each tile, from 0. `ground`: theirs."""

    of: np.ndarray
    ground: Ground


def bundled(ground: Ground, compound: np.ndarray, load: np.ndarray, most: float) -> Bundles:
    """Tiles of one compound as one, where they are in one piece and no more than a cell may hold (`most`).

    `compound`: n ints, 0 for none. A barrier parts a compound: a cell does not cross it.
    """
    piece = undivided(ground, compound)
    heavy = np.bincount(piece, load)[piece] > most
    single = piece.max(initial=-1) + 1 + np.arange(len(ground))
    of = np.unique(np.where(heavy, single, piece), return_inverse=True)[1]
    return Bundles(of, _joined(ground, of))


def undivided(ground: Ground, compound: np.ndarray) -> np.ndarray:
    """Of each tile the piece of its compound that no barrier parts, from 0; one of no compound is a piece by itself."""
    same = compound[ground.first] == compound[ground.second]
    return pieces(ground, same & (compound[ground.first] != 0) & (ground.between != Between.MAJOR))


def _joined(ground: Ground, of: np.ndarray) -> Ground:
    count = int(of.max(initial=-1)) + 1
    apart = of[ground.first] != of[ground.second]
    pair = np.sort(np.column_stack([of[ground.first[apart]], of[ground.second[apart]]]), axis=1)
    by_kind = ground.length[apart][:, None] * (ground.between[apart][:, None] == np.arange(3))
    first, second, lengths = sums(pair[:, 0], pair[:, 1], by_kind)
    area = np.bincount(of, ground.area, count)
    middle = np.column_stack([np.bincount(of, ground.area * axis, count) / area for axis in ground.middle.T])
    outer = np.bincount(of, ground.outer, count)
    return Ground(area, middle, outer, first, second, lengths.sum(axis=1), np.argmax(lengths, axis=1))
