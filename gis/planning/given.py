"""The arguments of a step as they come from a browser, read one by one."""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.written import read_line

#: Tiles one step may name: more than a street has.
_MOST_TILES = 200_000
_LONGEST_NAME = 40


class Given:
    """The arguments of a step, read one by one. Raises Refused for what is not of its kind."""

    def __init__(self, args: dict[str, Any]) -> None:
        self.args = args if isinstance(args, dict) else {}

    def number(self, name: str) -> int:
        value = self.args.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            raise unreadable(name)
        return value

    def numbers(self, name: str) -> list[int]:
        values = self.args.get(name, [])
        if not isinstance(values, list) or len(values) > _MOST_TILES:
            raise unreadable(name)
        if any(isinstance(one, bool) or not isinstance(one, int) or not 0 <= one < 2**31 for one in values):
            raise unreadable(name)
        return values

    def flag(self, name: str) -> bool:
        value = self.args.get(name)
        if not isinstance(value, bool):
            raise unreadable(name)
        return value

    def text(self, name: str, most: int = _LONGEST_NAME, *, needed: bool = True) -> str:
        value = self.args.get(name, "")
        if not isinstance(value, str):
            raise unreadable(name)
        return read_line(value, name, most, needed=needed)

    def xy(self, name: str, least: int) -> np.ndarray:
        """Places [[longitude, latitude], …] in degrees (k × 2), at least so many."""
        try:
            found = np.array(self.args.get(name), dtype=float).reshape(-1, 2)
        except (TypeError, ValueError, OverflowError):  # the last: a whole number of 400 digits
            raise unreadable(name) from None
        if len(found) < least or len(found) > 10_000 or not (np.abs(found) <= [180, 90]).all():
            raise unreadable(name)
        return found


def unreadable(name: str) -> Refused:
    return Refused(_("读不懂“%(name)s”。") % {"name": name}, fix=_("请刷新页面再试。"), fields={name: name})
