"""Where the next service points belong: maximal coverage and p-median, exact where time allows. Pure functions.

Solved as mixed-integer programmes by HiGHS (`scipy.optimize.milp`), which is there already: PySAL's spopt hands the
same formulations to a solver it has to be given, and OR-tools is a hundred megabytes for the two of them. Greedy first,
so that there is an answer whatever the time limit; the solver's bound says how far from the best it can be.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csc_matrix, csr_matrix, hstack, identity

#: Variables above which p-median is left to interchange: HiGHS would only spend its time limit.
_MOST_ASSIGNMENTS = 30_000


@dataclass(frozen=True)
class Choice:
    """`chosen`: candidates, the one with the largest gain first. `gain`: people reached, or metres saved, in all.

    `bound`: no choice can gain more; None where that is not known. `how`: "exact", "greedy" or "interchange".
    """

    chosen: list[int]
    gain: float
    bound: float | None
    how: str

    @property
    def gap(self) -> float | None:
        """How far below the bound the gain is, as a share; None where no bound is known."""
        if self.bound is None:
            return None
        return max(0.0, (self.bound - self.gain) / self.bound) if self.bound > 0 else 0.0


def most_reached(cover: csr_matrix, people: np.ndarray, k: int, seconds: float = 5.0) -> Choice:
    """The `k` candidates that together reach most people: maximal covering location (Church & ReVelle 1974).

    `cover`: candidates × demand, non-zero where a candidate reaches it; `people`: of each demand.
    """
    cover, people = merged_demand(cover, people)
    first = _greedy(cover, people, k)
    if len(first.chosen) < k or k == 1:  # everybody is reached with fewer, or there is only one step to be greedy in
        return Choice(first.chosen, first.gain, first.gain, "exact")
    solved = _solve_cover(cover, people, k, seconds)
    if solved is None:
        return first
    chosen, bound = solved
    gain = float(people[np.asarray(cover[chosen].sum(axis=0)).ravel() > 0].sum())
    if gain < first.gain:
        chosen, gain = first.chosen, first.gain
    proven = bound - gain <= 1e-6 * max(1.0, bound)
    return Choice(_largest_first(cover, people, chosen), gain, max(bound, gain), "exact" if proven else "greedy")


def merged_demand(cover: csr_matrix, people: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """The same problem with all demand that the same candidates reach taken together; what none reaches is dropped."""
    columns = csc_matrix(cover, dtype=bool)
    columns.sort_indices()
    groups: dict[bytes, list[int]] = {}
    for at in np.flatnonzero((np.diff(columns.indptr) > 0) & (people > 0)):
        groups.setdefault(columns.indices[columns.indptr[at] : columns.indptr[at + 1]].tobytes(), []).append(int(at))
    first = [members[0] for members in groups.values()]
    totals = np.array([people[members].sum() for members in groups.values()])
    return csr_matrix(columns[:, first], dtype=np.float64), totals


def _greedy(cover: csr_matrix, people: np.ndarray, k: int) -> Choice:
    """The candidate that adds most, one after the other: never below 1 − 1/e of the best (Nemhauser et al. 1978)."""
    left, chosen = people.astype(float).copy(), []
    for _ in range(k):
        gains = cover @ left if cover.shape[1] else np.zeros(cover.shape[0])
        best = int(np.argmax(gains)) if len(gains) else 0
        if not len(gains) or gains[best] <= 0:
            break
        chosen.append(best)
        left[cover[best].indices] = 0
    return Choice(chosen, float(people.sum() - left.sum()), None, "greedy")


def _solve_cover(cover: csr_matrix, people: np.ndarray, k: int, seconds: float) -> tuple[list[int], float] | None:
    """Maximise Σ w y with y_u ≤ Σ x over the candidates that reach u, Σ x ≤ k. None where time ran out before any."""
    candidates, demand = cover.shape
    reached = LinearConstraint(hstack([-cover.T, identity(demand)]).tocsr(), -np.inf, 0)
    number = LinearConstraint(np.concatenate([np.ones(candidates), np.zeros(demand)])[None, :], 0, k)
    whole = np.concatenate([np.ones(candidates), np.zeros(demand)])
    answer = milp(
        np.concatenate([np.zeros(candidates), -people]),
        constraints=[reached, number],
        integrality=whole,
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    if answer.x is None or answer.mip_dual_bound is None:
        return None
    return [int(at) for at in np.flatnonzero(answer.x[:candidates] > 0.5)], float(-answer.mip_dual_bound)


def _largest_first(cover: csr_matrix, people: np.ndarray, chosen: list[int]) -> list[int]:
    """The chosen in the order in which each adds most to those before it."""
    mine = cover[chosen]
    order = _greedy(mine, people, len(chosen)).chosen
    return [chosen[at] for at in [*order, *(at for at in range(len(chosen)) if at not in order)]]


def least_walk(metres: csr_matrix, present: np.ndarray, people: np.ndarray, k: int, seconds: float = 5.0) -> Choice:
    """The `k` candidates after which everybody together walks least: the p-median problem (Hakimi 1964).

    `metres`: candidates × demand, the walks that are known; `present`: what each walks now, finite. The gain is in
    person-metres saved. Exact by HiGHS while small, else by interchange (Teitz & Bart 1968) without a bound.
    """
    saved = coo_matrix(metres)
    better = (present[saved.col] - saved.data) * people[saved.col]
    useful = better > 0
    saving = csr_matrix((better[useful], (saved.row[useful], saved.col[useful])), shape=metres.shape)
    first = _interchange(saving, k)
    if len(first.chosen) < k or k == 1:  # nobody's walk can become shorter, or there is only one step to be greedy in
        return Choice(first.chosen, first.gain, first.gain, "exact")
    if saving.nnz > _MOST_ASSIGNMENTS:
        return first
    solved = _solve_median(saving, k, seconds)
    if solved is None:
        return first
    chosen, bound = solved
    gain = _saved(saving, chosen)
    if gain < first.gain:
        chosen, gain = first.chosen, first.gain
    proven = bound - gain <= 1e-6 * max(1.0, bound)
    return Choice(chosen, gain, max(bound, gain), "exact" if proven else "interchange")


def _saved(saving: csr_matrix, chosen: list[int]) -> float:
    return float(saving[chosen].max(axis=0).sum()) if chosen else 0.0


def _interchange(saving: csr_matrix, k: int) -> Choice:
    """Greedy, then exchanging one chosen for one not chosen as long as it saves more."""
    dense = saving[:, np.unique(saving.indices)].toarray()
    chosen: list[int] = []
    best = np.zeros(dense.shape[1])
    for _ in range(min(k, dense.shape[0])):
        gains = np.maximum(dense - best, 0).sum(axis=1)
        if gains.max(initial=0) <= 0:
            break
        chosen.append(int(np.argmax(gains)))
        best = np.maximum(best, dense[chosen[-1]])
    gain, moved = float(best.sum()), True
    while moved:
        moved = False
        for place in range(len(chosen)):
            others = dense[chosen[:place] + chosen[place + 1 :]].max(axis=0, initial=0)
            totals = np.maximum(dense, others).sum(axis=1)
            if totals.max() > gain + 1e-9:
                chosen[place], gain, moved = int(np.argmax(totals)), float(totals.max()), True
    return Choice(chosen, gain, None, "interchange")


def _solve_median(saving: csr_matrix, k: int, seconds: float) -> tuple[list[int], float] | None:
    """Maximise Σ s z with z_cu ≤ x_c, Σ_c z_cu ≤ 1, Σ x ≤ k."""
    pairs = coo_matrix(saving)
    candidates, count = saving.shape[0], pairs.nnz
    each = np.arange(count)
    opened = hstack([coo_matrix((-np.ones(count), (each, pairs.row)), shape=(count, candidates)), identity(count)])
    of_demand = coo_matrix((np.ones(count), (pairs.col, each)), shape=(saving.shape[1], count))
    once = hstack([csr_matrix((saving.shape[1], candidates)), of_demand])
    whole = np.concatenate([np.ones(candidates), np.zeros(count)])
    answer = milp(
        np.concatenate([np.zeros(candidates), -pairs.data]),
        constraints=[
            LinearConstraint(opened.tocsr(), -np.inf, 0),
            LinearConstraint(once.tocsr(), -np.inf, 1),
            LinearConstraint(whole[None, :], 0, k),
        ],
        integrality=whole,
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    if answer.x is None or answer.mip_dual_bound is None:
        return None
    return [int(at) for at in np.flatnonzero(answer.x[:candidates] > 0.5)], float(-answer.mip_dual_bound)
