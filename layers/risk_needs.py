"""Service needs as risk counts them: who lives alone at a great age, who needs care or support. Counts, no persons.

Needs change slowly and say nothing of it, so the counts are read again after ten minutes.
"""

from threading import Lock
from time import monotonic

import numpy as np

from gis.codes.entries import Code
from gis.people.need_counts import count_needs_of_all
from gis.snapshots import this_moment
from layers.places import numbers_of_codes

ALONE = frozenset({"elder_alone"})
#: Groups of `service_need` that count as needing care or support. Of the group "service" none does: it holds what is
#: nearly medical or says nothing of risk.
_GROUPS = ("elder", "child", "disability", "assistance")
#: Counted by components of their own.
_APART = ALONE | {"elder_80plus"}
_SECONDS = 600

Counts = dict[str, tuple[np.ndarray, np.ndarray]]
_kept: tuple[int, float, Counts] | None = None
_lock = Lock()


def needs_of_all() -> Counts:
    """For "alone" and "needs": ascending numbers of area codes, and how many people there."""
    global _kept
    here = this_moment()
    if here.is_writing:
        return _read()
    with _lock:
        if _kept is None or _kept[0] != here.database or monotonic() - _kept[1] > _SECONDS:
            _kept = here.database, monotonic(), _read()
        return _kept[2]


def _read() -> Counts:
    tags = Code.objects.filter(table="service_need", details__group__in=_GROUPS).values_list("code", flat=True)
    wanted = {"alone": ALONE, "needs": frozenset(tags) - _APART}
    counted = {name: count_needs_of_all(chosen) for name, chosen in wanted.items()}
    return {name: (numbers_of_codes(codes), people) for name, (codes, people) in counted.items()}
