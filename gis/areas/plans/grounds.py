"""The grounds that a proposal divides one after another: what of a community can be in one cell."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gis.areas.plans.blocks import pieces
from gis.areas.plans.compounds import Bundles, bundled
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.ground import Ground, part_of


@dataclass(frozen=True)
class Part:
    """Bundles that are divided together, with the ground and the load of each."""

    bundles: np.ndarray  # n ints
    ground: Ground
    load: np.ndarray  # n floats


def grounds(
    drawing: Drawing, rows: np.ndarray, load: np.ndarray, most: float, *, compounds: bool
) -> tuple[np.ndarray, list[Part]]:
    """Of tiles of one community the bundle of each (ints from 0), and the grounds that these make.

    `load`: of each of the tiles; `most`: what a cell may hold, above which a compound is not kept together.
    """
    part, _ = part_of(drawing.ground, rows)
    bundles = bundled(part, drawing.compound[rows] * compounds, load, most)
    held = np.bincount(bundles.of, load, len(bundles.ground))
    chosen = _apart(drawing, rows, bundles)
    return bundles.of, [Part(one, part_of(bundles.ground, one)[0], held[one]) for one in chosen]


def _apart(drawing: Drawing, rows: np.ndarray, bundles: Bundles) -> Iterator[np.ndarray]:
    """Bundles that can be in one cell: first the largest piece of each island together, then what locked cells cut off.

    Homes on an island may belong to a cell of the mainland; a scrap between two locked cells may not belong to a cell
    on their other side, which would be in two parts.
    """
    whole = pieces(drawing.ground, np.full(len(drawing.ground.first), True))[rows]
    piece = pieces(bundles.ground, np.full(len(bundles.ground.first), True))
    island = np.zeros(len(bundles.ground), dtype=int)
    island[bundles.of] = whole
    size = np.bincount(piece, bundles.ground.area)
    of = np.zeros(len(size), dtype=int)
    of[piece] = island
    order = np.lexsort([size, of])
    largest = order[np.append(of[order][1:] != of[order][:-1], True)]
    main = np.isin(piece, largest)
    yield np.flatnonzero(main)
    for one in np.unique(piece[~main]):
        yield np.flatnonzero(piece == one)
