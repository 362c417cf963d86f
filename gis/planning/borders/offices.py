"""Who is responsible for a community after its borders were drawn anew. The rule, for the report and for the deed,
and for streets the same:

A posting names a community by its code. Where the community goes on, its people stay. Where it ends, their postings end
with it and begin at the community that got most of its households. A new community is never left to nobody: whoever
holds a posting at the community that most of its households come from holds it there as well, for as long, until the
level above posts somebody else.
"""

from dataclasses import dataclass

import numpy as np

from gis.accounts.postings import Posting
from gis.planning.borders.held import Held
from gis.planning.publishing.workers import postings_at


@dataclass(frozen=True)
class Office:
    """A posting, and the community where its holder has it too, or from now on: "" for none. `ends`: it ends."""

    posting: Posting
    to: str
    ends: bool

    @property
    def begins(self) -> bool:
        return bool(self.to) and self.posting.role_row.fits(self.to)


def offices(reckoning: Held, heirs: dict[str, str]) -> list[Office]:
    """What becomes of the postings at communities. `heirs`: code of each that ends → the one that stands for it."""
    going = [Office(one, heirs[one.area], ends=True) for one in postings_at(list(heirs), reckoning.day)]
    known = {(one.posting.pk, one.to) for one in going}
    for code, origin in origins(reckoning).items():
        held = postings_at([origin], reckoning.day)
        going += [Office(one, code, ends=False) for one in held if (one.pk, code) not in known]
    return going


def origins(reckoning: Held) -> dict[str, str]:
    """Code of each new community → that of the one that most of its households come from, of its ground if none."""
    found = {}
    for number, code in reckoning.codes.items():
        mine = (reckoning.drawing.cell == number) & (reckoning.was >= 0)
        if code not in reckoning.before.codes and mine.any():
            weight = reckoning.load[mine] if reckoning.load[mine].any() else reckoning.drawing.ground.area[mine]
            found[code] = reckoning.before.codes[int(np.bincount(reckoning.was[mine], weight).argmax())]
    return found


def unattended(reckoning: Held, going: list[Office]) -> list[str]:
    """The codes of the new communities that nobody is responsible for."""
    return sorted(origins(reckoning).keys() - {one.to for one in going if one.begins})
