"""Who takes over from a cell that is no more."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis.planning.publishing.reckoning import Reckoning


@dataclass(frozen=True)
class Heir:
    """A cell that ground and households of a vanished one went to. `place` is the index of its draft."""

    place: int
    number: int
    code: str
    share_area: float
    share_households: float


def heirs(reckoning: Reckoning) -> dict[str, list[Heir]]:
    """Code of each vanished cell → its heirs, the one with the largest share of households first."""
    gone = set(reckoning.vanished.tolist())
    found: dict[str, list[Heir]] = {str(reckoning.before.codes[place]): [] for place in sorted(gone)}
    for link in reckoning.lineage:
        if link.before in gone:
            number, code = reckoning.drafts[link.after].number, str(reckoning.codes[link.after])
            heir = Heir(link.after, number, code, link.share_area, link.share_households)
            found[str(reckoning.before.codes[link.before])].append(heir)
    for code, mine in found.items():
        found[code] = sorted(mine, key=lambda one: (-one.share_households, -one.share_area, one.code))
    return found


def main_heirs(found: Mapping[str, list[Heir]]) -> dict[str, str]:
    """Code of each vanished cell → the code that stands for it now; the community's where nothing was left of it."""
    return {code: mine[0].code if mine else code[:12] for code, mine in found.items()}
