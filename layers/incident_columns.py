"""Incidents as columns in memory: what every filter asks but words and buildings, and where they lie, in order of time.

Read as packed numbers, a hundred thousand a row, because a driver spends its time on rows and values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from django.db import connection

from gis.accounts.scope import Scope
from gis.incidents.incident import Incident, State
from gis.incidents.on_time import NEVER

#: State → its number in `Columns.state`.
STATES = {str(state): number for number, state in enumerate(State.values)}
#: Origin → its number in `Columns.origin`.
ORIGINS = {str(origin): number for number, origin in enumerate(Incident.Source.values)}
#: `Columns.east` and `north` per metre of the drawing CRS. The whole world fits 32 bits in centimetres.
PER_METRE = 100
_DIGITS = 15
_WEIGHTS = np.array([11 ** (_DIGITS - 1 - place) for place in range(_DIGITS)], dtype=np.int64)
_PACKED = np.dtype(
    [("ids", ">i8"), ("east", ">i4"), ("north", ">i4"), ("at", ">i8"), ("category", ">i4"), ("state", "i1"),
     ("origin", "i1"), ("doubt", "i1"), ("department", ">i4"), ("due", ">i8"), ("closed", ">i8"),
     ("area", "u1", (_DIGITS,))]
)  # fmt: skip
_PLAIN = tuple(name for name in _PACKED.names or () if name != "area")
_ROWS = (
    "SELECT string_agg(int8send(id) || int4send(round(ST_X(drawing) * {per_metre})::int)"
    " || int4send(round(ST_Y(drawing) * {per_metre})::int) || int8send(floor(extract(epoch FROM reported_at))::bigint)"
    " || int4send(category_id::int)"
    " || set_byte('\\x00', 0, coalesce(array_position('{{{states}}}'::text[], state::text), 0) - 1 & 255)"
    " || set_byte('\\x00', 0, coalesce(array_position('{{{origins}}}'::text[], origin::text), 0) - 1 & 255)"
    " || set_byte('\\x00', 0, (doubt <> '')::int) || int4send(coalesce(department_id, 0)::int)"
    " || int8send(coalesce(floor(extract(epoch FROM due_at))::bigint, {never}))"
    " || int8send(coalesce(floor(extract(epoch FROM closed_at))::bigint, {never}))"
    " || convert_to(rpad(area, {digits}), 'SQL_ASCII'), '') FROM grid_incident {where} GROUP BY id / 100000"
)


@dataclass(frozen=True)
class Columns:
    """n incidents by time, then id: arrays of one length."""

    ids: np.ndarray  # int64
    east: np.ndarray  # int32, centimetres of the drawing CRS
    north: np.ndarray  # int32
    at: np.ndarray  # int64, seconds since 1970
    category: np.ndarray  # int32, primary key
    state: np.ndarray  # int8, a number of STATES, -1 for none of them
    origin: np.ndarray  # int8, a number of ORIGINS, -1 for none of them
    doubt: np.ndarray  # int8, 1 where the position is in doubt
    department: np.ndarray  # int32, primary key, 0 for none
    due: np.ndarray  # int64, seconds since 1970, NEVER for none
    closed: np.ndarray  # int64, likewise
    area: np.ndarray  # int64, as `number_of` writes it

    def __len__(self) -> int:
        return len(self.ids)

    def values(self, name: str, rows: np.ndarray) -> np.ndarray:
        """One column of the rows with these indices."""
        return getattr(self, name)[rows]

    def taken(self, rows: np.ndarray | slice) -> "Columns":
        """Some of the rows, by index, mask or slice, in the order they are given."""
        return Columns(*(getattr(self, column.name)[rows] for column in fields(self)))

    def joined(self, other: "Columns") -> "Columns":
        """Both, in order of time."""
        pairs = [(getattr(self, column.name), getattr(other, column.name)) for column in fields(self)]
        return in_order(Columns(*(np.concatenate(pair) for pair in pairs)))


class Picked:
    """Some rows of columns, standing for them: a column is gathered when it is asked for, and once.

    Common words are in half a million texts, and of most columns no more is ever looked at than what a filter leaves.
    """

    def __init__(self, columns: Columns, rows: np.ndarray) -> None:
        self._columns, self._rows = columns, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getattr__(self, name: str) -> np.ndarray:
        gathered = getattr(self._columns, name)[self._rows]
        setattr(self, name, gathered)
        return gathered

    def values(self, name: str, rows: np.ndarray) -> np.ndarray:
        gathered = self.__dict__.get(name)
        return self._columns.values(name, self._rows[rows]) if gathered is None else gathered[rows]

    def taken(self, rows: np.ndarray | slice) -> Columns:
        return self._columns.taken(self._rows[rows])


def in_order(columns: Columns) -> Columns:
    return columns.taken(np.lexsort((columns.ids, columns.at)))


def numbers_of(codes: np.ndarray) -> np.ndarray:
    """Area codes as int64 that sort as the texts do. `codes`: n × 15 bytes of ASCII, padded with spaces on the right.

    In base 11 with 0 for "no further digit", so that a 12-digit community and its cell 000 stay apart, and the codes
    that begin with a code are one range.
    """
    digits = np.where(codes == ord(" "), 0, codes.astype(np.int64) - (ord("0") - 1))
    return digits @ _WEIGHTS


def code_of(number: int) -> str:
    """The area code that `numbers_of` wrote as this number."""
    digits = []
    while number:
        number, digit = divmod(number, 11)
        digits.append(str(digit - 1) if digit else "")
    return "".join(reversed(digits))


def range_of(code: str) -> tuple[int, int]:
    """Lowest number that begins with an area code, and the first after it that does not."""
    padded = np.frombuffer(code.ljust(_DIGITS).encode("ascii"), dtype=np.uint8)[None, :]
    low = int(numbers_of(padded)[0])
    return low, low + 11 ** (_DIGITS - len(code))


def inside(area: np.ndarray, scope: Scope) -> np.ndarray:
    """Mask of the rows of `Columns.area` that lie in a scope."""
    mask = np.zeros(len(area), dtype=bool)
    for code in scope.areas:
        low, high = range_of(code)
        mask |= (area >= low) & (area < high)
    return mask


def read_all() -> Columns:
    """Every incident."""
    return in_order(_unpacked(_read("", [])))


def read_some(ids: Sequence[int]) -> Columns:
    """The incidents of these primary keys that exist."""
    return in_order(_unpacked(_read("WHERE id = ANY(%s)", [list(ids)])))


def _read(where: str, params: list) -> Iterator[bytes]:
    """The packed rows. By COPY, the only way Django's cursor hands over bytes as bytes and not as twice the text."""
    lists = {"states": ",".join(STATES), "origins": ",".join(ORIGINS)}
    rows = _ROWS.format(per_metre=PER_METRE, digits=_DIGITS, never=NEVER, where=where, **lists)
    statement = f"COPY ({rows}) TO STDOUT (FORMAT binary)"
    # The driver's own cursor: the one Django wraps it in for DEBUG takes no parameters here.
    with connection.cursor() as cursor, cursor.cursor.copy(statement, params) as copy:
        copy.set_types(["bytea"])
        for (packed,) in copy.rows():
            yield packed


def _unpacked(parts: Iterator[bytes]) -> Columns:
    rows = np.frombuffer(b"".join(parts), dtype=_PACKED)
    plain = {name: rows[name].astype(_PACKED[name].newbyteorder("=")) for name in _PLAIN}
    return Columns(**plain, area=numbers_of(rows["area"]))
