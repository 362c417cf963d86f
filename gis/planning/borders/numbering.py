"""Codes of communities: one that goes on keeps its code, a merged one is numbered from 601 (CJ/T 349-2010), and any
other new one gets a local code until the statistics bureau assigns one. No code is ever used again.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from gis.codes.division import mint, reading_order
from gis.errors import BadCode

#: The numbers of merged communities; the bureau's own end at 599, local ones begin at 900.
MERGED = range(601, 900)
#: A community that ends is merged into another that gets more of its households than this share.
_MOST = 0.5


def absorbed(codes: Sequence[str], heirs: Sequence[Mapping[int, float]], goes_on: Collection[str]) -> dict[int, set]:
    """Number of a plan cell → codes of the communities that end and went mostly into it."""
    found: dict[int, set] = {}
    for code, shares in zip(codes, heirs, strict=True):
        number, share = max(shares.items(), key=lambda one: one[1], default=(0, 0.0))
        if code not in goes_on and number and share > _MOST:
            found.setdefault(number, set()).add(code)
    return found


def give_codes(
    street: str, kept: Mapping[int, str], taken_in: Mapping[int, set], middles: np.ndarray, taken: Collection[str]
) -> dict[int, str]:
    """Number of each plan cell → its code. `kept`: number → code it continues, "" for none; `middles`: x, y of each, in
    metres, in the order of `kept`. Raises BadCode when a street has no number left.
    """
    order = reading_order(middles[:, 0], middles[:, 1], height_of(middles))
    numbers = [list(kept)[place] for place in order]
    merged = [one for one in numbers if len(taken_in.get(one, ())) + bool(kept[one]) > 1]
    new = [one for one in numbers if not kept[one] and one not in merged]
    codes = {number: code for number, code in kept.items() if code}
    codes |= dict(zip(merged, _merged(street, taken, len(merged)), strict=True))
    local = {code for code in taken if int(code[9:12]) not in MERGED}
    return codes | dict(zip(new, mint(street, local, len(new)), strict=True))


def _merged(street: str, taken: Collection[str], count: int) -> list[str]:
    last = max((int(code[9:12]) for code in taken if int(code[9:12]) in MERGED), default=MERGED[0] - 1)
    if last + count > MERGED[-1]:
        raise BadCode(f"The numbers of merged communities of {street} are used up.", fix="Ask for help.")
    return [f"{street}{number:03d}" for number in range(last + 1, last + 1 + count)]


def height_of(middles: np.ndarray) -> float:
    """The usual height of a community, for rows from north to south: that of a square of the mean ground."""
    if len(middles) < 2:
        return 1.0
    return float(np.sqrt(np.prod(np.maximum(np.ptp(middles, axis=0), 1.0)) / len(middles)))
