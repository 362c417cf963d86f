"""The cells that need someone first: most late cases, then most that will be late soon."""

from dataclasses import dataclass

import numpy as np

from gis.incidents.finding import Wanted
from layers.dashboard.facts import Facts
from layers.dashboard.places import cells_named
from layers.incident_columns import NEVER, code_of
from layers.incident_selection import is_late

#: Cells shown.
MOST = 8
#: Seconds before its time is up in which a case is nearly late.
SOON = 24 * 3600


@dataclass(frozen=True)
class Cell:
    """`worst`: days, with fractions, by which its latest case is late; 0 where none is."""

    code: str
    name: str
    open: int
    late: int
    soon: int
    worst: float
    wanted: Wanted | None
    late_wanted: Wanted | None


def soon_late(facts: Facts) -> np.ndarray:
    """Mask of the open cases that are in time now and will be late within a day."""
    due = facts.still_open.due - facts.clock.seconds
    return (due >= 0) & (due < SOON)


def cells_in_need(facts: Facts) -> tuple[Cell, ...]:
    """The first of them; none where nothing is late or nearly late."""
    rows = facts.still_open
    late, soon = is_late(rows, facts.clock.now), soon_late(facts)
    keys, place = np.unique(rows.area, return_inverse=True)
    opened, lates, soons = (np.bincount(one, minlength=len(keys)) for one in (place, place[late], place[soon]))
    first_due = np.full(len(keys), NEVER)
    np.minimum.at(first_due, place, rows.due)
    order = np.lexsort((keys, -opened, -soons, -lates))[:MOST]
    chosen = [at for at in order if lates[at] or soons[at]]
    codes = {at: code_of(int(keys[at])) for at in chosen}
    names = cells_named([*codes.values(), *(code[:12] for code in codes.values())])
    return tuple(
        Cell(
            code=code,
            name=_full_name(code, names),
            open=int(opened[at]),
            late=int(lates[at]),
            soon=int(soons[at]),
            worst=max(0, facts.clock.seconds - int(first_due[at])) / 86400,
            wanted=facts.open_wanted(area=code),
            late_wanted=facts.open_wanted(area=code, late=True),
        )
        for at, code in codes.items()
    )


def _full_name(code: str, names: dict[str, str]) -> str:
    """A cell's name with its community before it, where it does not hold it."""
    name, community = names.get(code, code), names.get(code[:12], "")
    return name if name.startswith(community) else community + name
