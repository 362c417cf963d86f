"""What a planner asks of an automatic proposal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """`target` is the load of a cell (households, or any weighting of them); `tolerance` a share of it."""

    target: float = 300.0
    tolerance: float = 0.10
    seed: int = 1
    #: Whether no cell crosses a barrier even where the ground it closes in fits no number of cells.
    strict: bool = False
    #: How much a cell's shape counts beside its load: more gives rounder cells, less gives evener ones.
    roundness: float = 8.0
    #: Tries of a run for each tile, and runs, of which the best is taken. A search is limited by tries and not by time,
    #: so that a seed gives one answer on every machine.
    effort: int = 2_000
    runs: int = 1
