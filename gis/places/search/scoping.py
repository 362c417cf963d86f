"""Area codes as numbers: in the order of the codes, so that a scope is a few ranges."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis.accounts.scope import Scope

_DIGITS = 15
#: `number // LEVELS[n]` is the same for all areas inside one area of n digits.
LEVELS = {digits: 2 * 10 ** (_DIGITS - digits) for digits in (2, 4, 6, 9, 12)}


def as_numbers(codes: pa.ChunkedArray) -> np.ndarray:
    """Codes of up to 15 digits; a cell's is odd, so that no community is taken for its first cell."""
    padded = pc.cast(pc.utf8_rpad(codes, _DIGITS, "0"), pa.int64())
    cells = pc.cast(pc.equal(pc.utf8_length(codes), _DIGITS), pa.int64())
    return pc.add(pc.multiply(padded, 2), cells).combine_chunks().to_numpy(zero_copy_only=False)


def as_number(code: str) -> int:
    return 2 * int(code.ljust(_DIGITS, "0")) + (len(code) == _DIGITS)


@dataclass(frozen=True)
class Ranges:
    """A scope as ranges [low, high) of area numbers, sorted."""

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, scope: Scope) -> "Ranges":
        low = [as_number(code) for code in scope.areas]
        high = [2 * (int(code) + 1) * 10 ** (_DIGITS - len(code)) for code in scope.areas]
        return cls(np.array(low, np.int64), np.array(high, np.int64))

    def hold(self, areas: np.ndarray) -> np.ndarray:
        """Which of these area numbers lie inside."""
        if not len(self.low):
            return np.zeros(len(areas), bool)
        at = np.searchsorted(self.low, areas, side="right") - 1
        return (at >= 0) & (areas < self.high[np.maximum(at, 0)])

    def touch(self, areas: np.ndarray) -> np.ndarray:
        """Which of them lie inside, or are a community that holds a part of the scope."""
        return self.hold(areas) | np.isin(areas // LEVELS[12], self.low // LEVELS[12])
