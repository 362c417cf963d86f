"""Withholding small counts where a count and its parts are all shown: residents and their kinds, or their ages.

Over the tree of places every count is settled by itself (`layers.withheld`). Here it is settled with the others of the
same place: one part withheld would be the whole less the other parts. What is withheld for that is settled over the
tree again, until nothing changes, so that every sum in either direction leaves at least two unknowns.
"""

from collections.abc import Sequence
from itertools import pairwise
from threading import Lock

import numpy as np
from cachetools import LRUCache

from layers.small_counts import SMALLEST_SHOWN
from layers.withheld import Sight, Tree, withheld


def withheld_parts(tree: Tree, own: np.ndarray, whole: np.ndarray, parts: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Masks (n) of the whole and of each part. Parts do not overlap; what is in none of them is shown nowhere."""
    counts = [whole, *parts]
    masks = [withheld(tree, one, own) for one in counts]
    while (more := _uncovered(np.array(counts), np.array(masks), own)).any():
        before = sum(mask.sum() for mask in masks)
        masks = [withheld(tree, one, own, mask | add) for one, mask, add in zip(counts, masks, more, strict=True)]
        if sum(mask.sum() for mask in masks) == before:
            break
    return masks


def _uncovered(counts: np.ndarray, masks: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Per count (k × n) whether it has to be withheld too: the smallest part shown where too little is unknown, or,
    where no part is left to take along, the whole."""
    parts, hidden = counts[1:], masks[1:]
    rest = counts[0] - parts.sum(axis=0)
    places = hidden.sum(axis=0) + (rest > 0)
    people = (parts * hidden).sum(axis=0) + rest
    asks = hidden.any(axis=0) | ((rest > 0) & (rest < SMALLEST_SHOWN))
    poor = np.where(masks[0], places == 0, asks & ((places < 2) | (people < SMALLEST_SHOWN))) & (counts[0] > 0) & ~own
    open_parts = np.where(hidden | (parts <= 0), np.iinfo(np.int64).max, parts)
    smallest = open_parts.argmin(axis=0)
    takes = poor & (open_parts.min(axis=0) < np.iinfo(np.int64).max)
    found = np.zeros(counts.shape, dtype=bool)
    found[1 + smallest[takes], np.flatnonzero(takes)] = True
    found[0] = poor & ~takes & ~masks[0]
    return found


def withheld_chain(tree: Tree, own: np.ndarray, chain: Sequence[np.ndarray], widest: np.ndarray) -> list[np.ndarray]:
    """Masks (n) of counts each of which is a part of the one before: 60 and over, 65 and over, 80 and over.

    `widest` is the mask of the first. Where one and the next would differ by a small count, the next is withheld.
    """
    masks = [widest]
    for wider, narrower in pairwise(chain):
        between = wider - narrower
        tells = ~masks[-1] & (between > 0) & (between < SMALLEST_SHOWN)
        masks.append(withheld(tree, narrower, own, tells))
    return masks


#: Name → counts of all places of a tree and the masks made of them: they change when somebody moves, not when an
#: incident does.
_kept: LRUCache = LRUCache(64)
_lock = Lock()


def kept_masks(name: str, sight: Sight, counts: list[np.ndarray], make) -> list[np.ndarray]:
    """What `make` makes of the counts, as long as they and the reader's own ground are the same."""
    key = name, *(places.mark for places in sight.ground.values()), sight.own.tobytes()
    with _lock:
        before, masks = _kept.get(key, (None, None))
    if before is None or not all(map(np.array_equal, before, counts)):
        masks = make()
        with _lock:
            _kept[key] = counts, masks
    return masks
