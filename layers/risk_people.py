"""The people of places as risk counts them: a score must not give away what the rule of small counts withholds.

A score is the same for every reader, so the rule is applied as for one who is nobody's own staff. Where a count is
withheld, the share is taken to be that of all the places where it is shown: a number that depends on no withheld
count, whoever asks and however the weights are turned.
"""

from dataclasses import dataclass

import numpy as np

from layers.kept_figures import FIRST_YEAR, LAST_YEAR, Kept
from layers.places import LAYERS
from layers.risk_ground import Ground
from layers.withheld import Tree, withheld


@dataclass(frozen=True)
class Open:
    """Per place (n): a figure that may be told, which of them stand for one that is withheld, and their deviation."""

    values: np.ndarray
    withheld: np.ndarray
    deviation: np.ndarray


class PeopleOf:
    """The open figures of the people in each place of the ground."""

    def __init__(self, ground: Ground, kept: Kept) -> None:
        self.ground, self.kept, self._tree = ground, kept, Tree.of(ground.layers)
        self.residents, self._few = self._counted(kept.column("residents"))

    def density(self) -> Open:
        """Residents by km², NaN where their number is withheld or there is no ground."""
        shown = np.where(self._few | (self.ground.km2 <= 0), np.nan, self.residents)
        values = shown / np.where(self.ground.km2 > 0, self.ground.km2, 1)
        return Open(values, self._few, np.zeros(len(values)))

    def share_aged(self, youngest: int, oldest: int | None, year: int) -> Open:
        """Percent of the residents who reach an age of youngest to oldest in the year; 0 where nobody lives."""
        first = FIRST_YEAR if oldest is None else year - oldest
        return self.share(self.kept.born(first, min(year - youngest, LAST_YEAR)))

    def share(self, part: np.ndarray, areas: np.ndarray | None = None) -> Open:
        """Percent of the residents that a count beside `kept.areas`, or beside other areas, is."""
        counts, few = self._counted(part, areas)
        few = few | self._few
        shares = 100 * counts / np.maximum(self.residents, 1)
        shown = self.ground.finest & ~few & (self.residents > 0)
        if not shown.any():
            return Open(np.where(few, np.nan, shares), few, np.zeros(len(few)))
        usual = np.average(shares[shown], weights=self.residents[shown])
        spread = np.sqrt(np.average((shares[shown] - usual) ** 2, weights=self.residents[shown]))
        return Open(np.where(few, usual, shares), few, np.where(few, spread, 0.0))

    def _counted(self, counts: np.ndarray, areas: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """A count in every place, and which of them are withheld from whoever does not work there."""
        summed = self.ground.summed(self.kept.areas if areas is None else areas, counts[:, None])[:, 0]
        # The tree has coarse places before fine ones.
        order = np.concatenate([np.arange(len(self.ground))[self.ground.part(layer)] for layer in reversed(LAYERS)])
        hidden = np.zeros(len(summed), dtype=bool)
        hidden[order] = withheld(self._tree, summed[order].astype(np.int64), np.zeros(len(order), dtype=bool))
        return summed, hidden
