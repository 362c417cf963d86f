"""A page of features as GeoJSON, put together by the database: a row never becomes an object of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import DataError, InternalError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import BadQuery
from layers.features.kind import TYPES, Condition, Field, Kind
from layers.features.order import By, beyond, ordered

#: Features of which the exact number is told; counting more would cost more than the page.
COUNTED = 100_000
#: Milliseconds the database may work on one question: a filter of others must hold no connection.
PATIENCE = 10_000


@dataclass(frozen=True)
class Asked:
    """Which features: conditions beside the scope, fields in the order of the kind, the key after which to begin.

    `by`: an order before that of the keys; `past`: its values, as texts, of the feature that has the key `after`.
    """

    limit: int
    where: tuple[Condition, ...] = ()
    fields: tuple[Field, ...] = ()
    after: str | int | None = None
    served: crs.Served = crs.CRS84
    day: date = field(default_factory=timezone.localdate)
    by: tuple[By, ...] = ()
    past: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Page:
    """`features` is JSON text, features parted by commas. `after` is the last key where there are more, or where an
    order was asked for the place in it; `matched` is None where it was not counted."""

    features: str
    number: int
    after: str | None
    matched: int | None


_PAGE = """
SELECT string_agg(told, ',' ORDER BY place) FILTER (WHERE place <= %s), count(*),
  max(mark) FILTER (WHERE place = %s)
FROM (SELECT {mark} AS mark, row_number() OVER (ORDER BY {order}) AS place, told FROM (
  SELECT {key} AS key{columns}, {told} AS told FROM {rows} WHERE {where} ORDER BY {first} LIMIT %s) found) numbered"""


def page(kind: Kind, scope: Scope, asked: Asked) -> Page:
    """The features in scope that fit, in order of their keys. Raises BadQuery for what cannot be worked out."""
    first = _where(kind, scope, asked)
    rest = [beyond(kind, asked.by, list(asked.past), asked.after)] if asked.after else []
    where = _all([first, *rest])
    told = _told(kind, asked)
    sql = _PAGE.format(key=kind.key.sql, told=told.sql, rows=kind.rows, where=where.sql, **_in_order(kind, asked.by))
    limits = (asked.limit, asked.limit)
    features, found, last = _row(sql, [*limits, *told.params, *where.params, asked.limit + 1])
    number = min(found, asked.limit)
    matched = None
    if not asked.after:
        matched = found if found <= asked.limit else _count(kind, first)
    return Page(features or "", number, last if found > asked.limit else None, matched)


def _in_order(kind: Kind, by: tuple[By, ...]) -> dict[str, str]:
    """The parts of the question that an order changes."""
    names = [f"s{number}" for number in range(len(by))]
    texts = ", ".join([*(f"{name}::text" for name in names), "key::text"])
    return {
        "columns": "".join(f", {one.sql} AS {name}" for one, name in zip(by, names, strict=True)),
        "order": ordered(by, [*names, "key"]),
        "first": ordered(by, [*(one.sql for one in by), kind.key.sql]),
        "mark": f"json_build_array({texts})::text" if by else "key::text",
    }


def in_degrees(asked: Asked) -> Asked:
    """The same question, answered in the CRS of GeoJSON: for a map."""
    return replace(asked, served=crs.CRS84)


def one(kind: Kind, scope: Scope, key: str, asked: Asked) -> str | None:
    """A feature by its id as JSON text, or None."""
    if kind.key.type == "integer" and not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    same = Condition(f"{kind.key.sql} = %s::{TYPES[kind.key.type]}", (key,))
    where, told = _all([_where(kind, scope, asked), same]), _told(kind, asked)
    found = _row(f"SELECT {told.sql} FROM {kind.rows} WHERE {where.sql}", [*told.params, *where.params])
    return found[0] if found else None


def extent(kind: Kind, scope: Scope) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what is in scope, in degrees, from the outlines of its areas."""
    sql, params = scope.sql("code")
    box = _row(
        "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM"
        f" (SELECT ST_Extent(geometry) AS e FROM grid_area WHERE {sql}) a",
        params,
    )
    return tuple(round(value, 6) for value in box) if box and box[0] is not None else None


def _where(kind: Kind, scope: Scope, asked: Asked) -> Condition:
    return _all([kind.inside(scope, asked.day), *asked.where])


def _all(conditions: Sequence[Condition]) -> Condition:
    text = " AND ".join(f"({one.sql})" for one in conditions)
    return Condition(text, tuple(value for one in conditions for value in one.params))


def _told(kind: Kind, asked: Asked) -> Condition:
    """SQL that makes the text of a feature."""
    names = ", ".join(f"%s::text, {one.sql}" for one in asked.fields)
    sql = (
        f'\'{{"type":"Feature","id":\' || to_json({kind.key.sql}) || \',"geometry":\''
        f" || coalesce(ST_AsGeoJSON({_shape(kind, asked.served)}, {asked.served.digits}, 0), 'null')"
        f" || ',\"properties\":' || json_build_object({names})::text || '}}'"
    )
    return Condition(sql, tuple(one.name for one in asked.fields))


def _shape(kind: Kind, served: crs.Served) -> str:
    moved = kind.shape if served.srid == crs.STORE else f"ST_Transform({kind.shape}, {served.srid})"
    return f"ST_FlipCoordinates({moved})" if served.flips else moved


def _count(kind: Kind, where: Condition) -> int | None:
    sql = f"SELECT count(*) FROM (SELECT FROM {kind.rows} WHERE {where.sql} LIMIT {COUNTED + 1}) found"
    (number,) = _row(sql, where.params)
    return number if number <= COUNTED else None


def _row(sql: str, params: Sequence) -> tuple | None:
    try:
        # A savepoint: what fails must not take the request's transaction with it.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            cursor.execute(sql, params)
            found = cursor.fetchone()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise BadQuery(_("这个条件算得太久。"), fix=_("请缩小 bbox 或 limit，或把 filter 写得简单些。")) from None
    except (DataError, InternalError):  # a shape or a number that PostGIS cannot work with
        raise BadQuery(_("这个条件无法计算。"), fix=_("请核对 filter 和 bbox 中的形状和数值。")) from None
