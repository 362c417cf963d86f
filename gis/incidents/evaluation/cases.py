"""What became of each of many cases, as columns: when each stage was reached and what was its limit."""

from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
from django.db import connection

from gis.accounts.scope import Scope
from gis.incidents.incident import Incident, State

#: Stands for what never happened or has no limit, seconds since 1970: later than any.
NEVER = 2**62

STATES = {str(state): number for number, state in enumerate(State.values)}
ORIGINS = {str(origin): number for number, origin in enumerate(Incident.Source.values)}

#: Column → what it is of the steps of a case that were not taken back. Times are the first ones but of `disposed`.
_MOMENTS = {
    "verify": "min(s.at) FILTER (WHERE s.act = 'verify')",
    "verified": "min(s.at) FILTER (WHERE s.before = 'verifying')",
    "verified_due": "min(s.due) FILTER (WHERE s.before = 'verifying')",
    "filed": "min(s.at) FILTER (WHERE s.act = 'file')",
    "filed_due": "min(s.due) FILTER (WHERE s.act = 'file')",
    "dispatched": "min(s.at) FILTER (WHERE s.act = 'dispatch')",
    "dispatched_due": "min(s.due) FILTER (WHERE s.act = 'dispatch')",
    "disposed": "max(s.at) FILTER (WHERE s.act = 'dispose')",
    "check": "min(s.at) FILTER (WHERE s.act = 'check')",
    "checked": "min(s.at) FILTER (WHERE s.before = 'checking')",
    "checked_due": "min(s.due) FILTER (WHERE s.before = 'checking')",
    "answered": "min(s.at) FILTER (WHERE s.act = 'answer')",
    "rated": "max(s.at) FILTER (WHERE s.act = 'rate')",
}
_FLAGS = {
    "rework": "bool_or(s.act = 'rework')",
    "solved": "bool_or(r.solved)",
    "satisfied": "bool_or(r.content >= 4)",
}
_PACKED = np.dtype(
    [(name, ">i8") for name in ("ids", "area", "department", "at", "due", "closed", "now_due", *_MOMENTS)]
    + [(name, "i1") for name in ("state", "origin", *_FLAGS)]
)


@dataclass(frozen=True)
class Cases:
    """n cases in order of id: int64 columns of one length. Times are seconds since 1970, NEVER where there is none."""

    ids: np.ndarray
    #: The area's digits, filled up with zeros to fifteen.
    area: np.ndarray
    #: 0 for none.
    department: np.ndarray
    at: np.ndarray
    due: np.ndarray
    closed: np.ndarray
    #: The limit of the present stage.
    now_due: np.ndarray
    verify: np.ndarray
    verified: np.ndarray
    verified_due: np.ndarray
    filed: np.ndarray
    filed_due: np.ndarray
    dispatched: np.ndarray
    dispatched_due: np.ndarray
    disposed: np.ndarray
    check: np.ndarray
    checked: np.ndarray
    checked_due: np.ndarray
    answered: np.ndarray
    rated: np.ndarray
    state: np.ndarray
    origin: np.ndarray
    rework: np.ndarray
    solved: np.ndarray
    satisfied: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def taken(self, mask: np.ndarray) -> "Cases":
        """Some of them."""
        return Cases(*(getattr(self, column.name)[mask] for column in fields(self)))


def read_cases(scope: Scope, first: datetime, end: datetime, department: int | None = None) -> Cases:
    """The cases of a scope that were reported from one moment up to another, with a department where one is named."""
    where, params = scope.sql("area")
    if department is not None:
        where, params = f"{where} AND department_id = %s", [*params, department]
    statement = f"COPY ({_ROWS.format(where=where)}) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.cursor.copy(statement, [*params, first, end]) as copy:
        copy.set_types(["bytea"])
        packed = b"".join(row[0] for row in copy.rows())
    rows = np.frombuffer(packed, dtype=_PACKED)
    return Cases(**{name: rows[name].astype(np.int64) for name in _PACKED.names or ()})


def _eight(expression: str) -> str:
    return f"int8send(coalesce(floor(extract(epoch FROM {expression}))::bigint, {NEVER}))"


def _one(expression: str) -> str:
    return f"set_byte('\\x00', 0, {expression})"


def _number(column: str, names: dict[str, int]) -> str:
    return _one(f"coalesce(array_position('{{{{{','.join(names)}}}}}'::text[], {column}::text), 0) - 1 & 255")


_STEPS = ", ".join(f"{what} AS {name}" for name, what in (_MOMENTS | _FLAGS).items())
_BYTES = " || ".join(
    [
        "int8send(c.id)",
        "int8send(rpad(area, 15, '0')::bigint)",
        "int8send(coalesce(department_id, 0))",
        *map(_eight, ("reported_at", "due_at", "closed_at", "stage_due_at", *(f"t.{name}" for name in _MOMENTS))),
        _number("state", STATES),
        _number("origin", ORIGINS),
        *(_one(f"coalesce(t.{name}, false)::int") for name in _FLAGS),
    ]
)
_ROWS = f"""
WITH c AS MATERIALIZED (
  SELECT id, area, department_id, state, origin, reported_at, due_at, closed_at, stage_due_at FROM grid_incident
  WHERE {{where}} AND reported_at >= %s AND reported_at < %s),
t AS (
  SELECT s.incident_id, {_STEPS}
  FROM (
    SELECT incident_id, id, at, act, before, facts,
      coalesce(facts->'was'->>'stage_due_at', facts->>'stage_due')::timestamptz AS due
    FROM grid_step WHERE incident_id IN (SELECT id FROM c)) s
  LEFT JOIN grid_rating r ON r.step_id = s.id
  WHERE NOT EXISTS (SELECT FROM grid_step u WHERE u.undoes_id = s.id)
  GROUP BY s.incident_id)
SELECT string_agg({_BYTES}, '' ORDER BY c.id) FROM c LEFT JOIN t ON t.incident_id = c.id GROUP BY c.id / 100000
ORDER BY c.id / 100000"""  # noqa: S608 - no words but ours
