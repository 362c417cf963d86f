"""Automatic cells: ground and load in, a cell for every tile out."""

from dataclasses import dataclass, replace
from math import pi
from random import Random

import numpy as np
from scipy.sparse import csr_array

from gis.areas.plans.annealing import Tell, anneal, nobody, within
from gis.areas.plans.bisecting import bisect
from gis.areas.plans.blocks import Blocks, blocks, cells_for, ferried
from gis.areas.plans.ground import Between, Ground, part_of
from gis.areas.plans.rearranging import rearrange
from gis.areas.plans.recombining import recombine
from gis.areas.plans.search import Piece, Search
from gis.areas.plans.wish import Wish

#: What a metre of border counts, by what lies along it: cells rather part at a street than in a yard.
_COUNTS = np.array([1.0, 0.9, 0.9])
#: What it costs when a cell is as wide, where it crosses a barrier, as it is across.
_CROSSING = 3.0


@dataclass(frozen=True)
class Proposal:
    cell: np.ndarray  # n ints from 0, a cell for every tile
    blocks: Blocks


def propose(ground: Ground, load: np.ndarray, wish: Wish, tell: Tell = nobody) -> Proposal:
    """Cells of about `wish.target` of load (n floats), each in one piece, that keep to barriers where they can.

    A cell crosses a barrier where pieces of ground were joined for their size, and goes round the end of one where the
    price is worth it; `scorecard.crossings` names them. `tell` hears the share that is done, and may raise to stop.
    """
    ground = ferried(ground)
    found = blocks(ground, load, wish)
    gates = found.gates(ground)
    cell = np.zeros(len(ground), dtype=int)
    names, done = 0, 0
    for block in range(found.joined.max(initial=-1) + 1):
        rows = np.flatnonzero(found.joined == block)
        part, inside = part_of(ground, rows)
        own = replace(wish, seed=wish.seed * 1_000_003 + block)
        cell[rows] = names + _cells(part, gates[inside], load[rows], own, within(tell, done, len(rows), len(ground)))
        names, done = cell[rows].max() + 1, done + len(rows)
    tell(1.0)
    return Proposal(cell, found)


def _cells(part: Ground, gates: np.ndarray, load: np.ndarray, wish: Wish, tell: Tell) -> np.ndarray:
    """Cells from 0 of one block: the best of several runs."""
    count = cells_for(load, wish)
    if count < 2:
        return np.zeros(len(part), dtype=int)
    links = _links(part, gates)
    piece = _piece(part, gates, load, count)
    found = []
    for run in range(wish.runs):
        random = Random(wish.seed * 31 + run)  # noqa: S311 - nothing secret
        start = bisect(links, load, part.middle, count, random.uniform(0, pi / 2)).tolist()
        search = Search(piece, start, count, wish)
        anneal(search, wish.effort * len(part), random, within(tell, run, 1, wish.runs))
        recombine(search)
        found.append(rearrange(search, links, part.middle, wish, random))
    return np.unique(min(found, key=Search.cost).cell, return_inverse=True)[1]


def _links(part: Ground, gates: np.ndarray) -> csr_array:
    """What parting two tiles costs in a start: nothing along a barrier."""
    cost = part.length * _COUNTS[part.between] / np.sqrt(part.area.sum())
    cost = np.where(part.between == Between.MAJOR, 0.0, cost)[gates]
    first, second = part.first[gates], part.second[gates]
    both = (np.append(first, second), np.append(second, first))
    return csr_array((np.tile(cost, 2), both), shape=(len(part), len(part)))


def _piece(part: Ground, gates: np.ndarray, load: np.ndarray, count: int) -> Piece:
    counted = part.length * _COUNTS[part.between]
    wide = np.sqrt(part.area.sum() / count)
    price = np.where(part.between == Between.MAJOR, _CROSSING * part.length / wide, 0.0)
    around = part.outer + np.bincount(part.first, counted, len(part)) + np.bincount(part.second, counted, len(part))
    near: list[list[tuple[int, float, float]]] = [[] for _ in range(len(part))]
    links: list[list[int]] = [[] for _ in range(len(part))]
    rows = (part.first.tolist(), part.second.tolist(), counted.tolist(), price.tolist(), gates.tolist())
    for one, other, metres, crossed, open_ in zip(*rows, strict=True):
        near[one].append((other, metres, crossed))
        near[other].append((one, metres, crossed))
        if open_:
            links[one].append(other)
            links[other].append(one)
    return Piece(near, links, load.tolist(), around.tolist(), part.area.tolist())
