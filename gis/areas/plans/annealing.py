"""Improving cells by moving one tile at a time across a border.

Simulated annealing (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671) of the sum that `search` describes. A
move that is refused for the loads alone is tried again as an exchange with a tile near by.
"""

import math
from collections.abc import Callable
from random import Random

import numpy as np

from gis.areas.plans.search import Piece, Search
from gis.areas.plans.wish import Wish

#: Hears the share of the work that is done, 0 to 1; raises to stop it.
Tell = Callable[[float], None]

#: The fall of the sum that is taken once in e tries, at first and at last.
HOT, COLD = 0.7, 0.01
#: Tries between two reports of how far a search is.
_BREATH = 200_000


def nobody(_share: float) -> None:
    """Whom a search tells how far it is when nobody asks."""


def within(tell: Tell, done: float, part: float, whole: float) -> Tell:
    """Tells of a part of the work as a share of the whole."""
    return lambda share: tell((done + share * part) / whole)


def anneal(
    search: Search, steps: int, random: Random, tell: Tell = nobody, hot: float = HOT, cold: float = COLD
) -> None:
    """So many tries of moving a tile into a neighbour's cell, ever stricter. `tell` hears the share that is done."""
    from gis.areas.plans.moves import as_arrays, attempts  # takes a second and 80 MB, and only who searches needs it

    network, prices, cells = as_arrays(search)
    draw = np.random.default_rng(random.getrandbits(64))
    cooling = math.log(cold / hot) / max(steps, 1)
    for first in range(0, steps, _BREATH):
        tell(first / steps)
        many = min(_BREATH, steps - first)
        attempts(network, prices, cells, many, hot * math.exp(cooling * first), math.exp(cooling), draw)
    search.settle(cells.cell.tolist())


def compile_ahead() -> None:
    """Search through two tiles, so that nobody waits for the compiler afterwards."""
    piece = Piece([[(1, 1.0, 0.0)], [(0, 1.0, 0.0)]], [[1], [0]], [1.0, 1.0], [4.0, 4.0], [1.0, 1.0])
    anneal(Search(piece, [0, 1], 2, Wish()), 1, Random(1))  # noqa: S311 - nothing secret
