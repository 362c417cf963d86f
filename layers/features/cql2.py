"""A filter in CQL2 text as a condition on the fields of a kind, by three-valued logic as in SQL.

Every name is looked up among the fields of the kind, every value travels as a parameter of its type: nothing that was
typed becomes SQL, and nothing that is not a field can be asked about.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import shapely
from django.utils.translation import gettext as _
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput, VisitError
from shapely.errors import ShapelyError

from gis import crs
from gis.errors import BadQuery
from layers.features.kind import TYPES, Condition, Kind
from layers.features.places import placed, polygon_of
from layers.features.times import read_day, read_moment

#: Characters of a filter.
LONGEST = 8000
_OPEN = Lark((Path(__file__).with_name("grammar.lark")).read_text("utf-8"), parser="lalr", propagate_positions=False)
#: The property that stands for the shape of a feature.
SHAPE = "geometry"
_ORDERED = ("integer", "number", "date", "moment", "text")


@dataclass(frozen=True)
class Value:
    """Something that is compared: a field, or what was typed."""

    sql: str
    params: tuple
    type: str
    caseless: bool = False

    @property
    def family(self) -> str:
        return "number" if self.type == "integer" else self.type


@dataclass(frozen=True)
class Instant:
    """A time as SQL for its first and its last moment."""

    first: Value
    last: Value


def condition(text: str, kind: Kind, served: crs.Served = crs.CRS84) -> Condition:
    """What a filter says of the features of a kind; `served` is the CRS of the shapes in it.

    Raises BadQuery: not CQL2, a name that is no field, values that cannot be compared, a shape that is none.
    """
    if len(text) > LONGEST or "\x00" in text:
        raise BadQuery(_("filter 太长或含有不能用的字符。"), fix=_("请写短一些。"))
    try:
        return _Reader(kind, served).transform(_OPEN.parse(text))
    except VisitError as error:
        if isinstance(error.orig_exc, BadQuery):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        near = {"near": error.get_context(text, 20).splitlines()[0][:60]}
        raise BadQuery(
            _("filter 读不懂，在“%(near)s”附近。") % near, fix=_("请写成 CQL2，如 floors > 6 AND kind = 'office'。")
        ) from None
    except (LarkError, RecursionError):
        raise BadQuery(_("filter 读不懂。"), fix=_("请写成 CQL2，如 floors > 6 AND kind = 'office'。")) from None


@v_args(inline=True)
class _Reader(Transformer):
    def __init__(self, kind: Kind, served: crs.Served) -> None:
        super().__init__()
        self._kind, self._served = kind, served

    # Conditions

    def either(self, *parts: Condition) -> Condition:
        return _joined(" OR ", parts)

    def both(self, *parts: Condition) -> Condition:
        return _joined(" AND ", parts)

    def negated(self, part: Condition) -> Condition:
        return Condition(f"NOT ({part.sql})", part.params)

    def truth(self, token: Token) -> Condition:
        return Condition(token.upper())

    def compared(self, left: Value, sign: Token, right: Value) -> Condition:
        _alike(left, right, sign not in ("=", "<>"))
        left, right = _folded(left, right)
        return Condition(f"{left.sql} {sign} {right.sql}", left.params + right.params)

    def between(self, value: Value, *more) -> Condition:
        no, (low, high) = _negation(more)
        _alike(value, low, True)
        _alike(value, high, True)
        value, low, high = _folded(value, low, high)
        return Condition(f"{value.sql} {no}BETWEEN {low.sql} AND {high.sql}", value.params + low.params + high.params)

    def like(self, value: Value, *more) -> Condition:
        no, (pattern,) = _negation(more)
        if value.type != "text":
            raise BadQuery(_("LIKE 只用于文字。"), fix=_("数值和日期请用 =、<、BETWEEN。"))
        (typed,) = pattern.params
        if (len(typed) - len(typed.rstrip("\\"))) % 2:
            raise BadQuery(_("LIKE 的样式以 \\ 结尾。"), fix=_("请写成 \\\\，或去掉它。"))
        value, pattern = _folded(value, pattern)
        return Condition(f"{value.sql} {no}LIKE {pattern.sql}", value.params + pattern.params)

    def among(self, value: Value, *more) -> Condition:
        no, choices = _negation(more)
        for choice in choices:
            _alike(value, choice, False)
        value, *choices = _folded(value, *choices)
        listed = ", ".join(choice.sql for choice in choices)
        return Condition(
            f"{value.sql} {no}IN ({listed})", value.params + tuple(one for choice in choices for one in choice.params)
        )

    def missing(self, value: Value, *more) -> Condition:
        no, _nothing = _negation(more)
        return Condition(f"{value.sql} IS {no}NULL", value.params)

    def spatial(self, name: Token, left: Value, right: Value) -> Condition:
        if left.type != "shape" or right.type != "shape":
            raise BadQuery(_("%(name)s 要两个形状。") % {"name": name.upper()}, fix=_("形状的属性叫 geometry。"))
        function = f"ST_{name[2:].capitalize()}"
        return Condition(f"{function}({left.sql}, {right.sql})", left.params + right.params)

    def temporal(self, name: Token, left: Value | Instant, right: Value | Instant) -> Condition:
        a, b = _instant(left), _instant(right)
        _alike(a.first, b.first, True)
        sql, ends = _TEMPORAL[name[2:].lower()]
        values = {"a0": a.first, "a1": a.last, "b0": b.first, "b1": b.last}
        parts = sql.format(**{key: value.sql for key, value in values.items()})
        return Condition(parts, tuple(one for key in ends for one in values[key].params))

    # Values

    def text(self, token: Token) -> Value:
        return _typed(token[1:-1].replace("''", "'").replace("\\'", "'"), "text")

    def number(self, token: Token) -> Value:
        if len(token) > 40 or abs(float(token)) > 1e30:
            raise BadQuery(_("数太大了。"), fix=_("请核对 filter 中的数值。"))
        return _typed(str(token), "number")

    def boolean(self, token: Token) -> Value:
        return _typed(token.lower() == "true", "boolean")

    def day(self, token: Token) -> Value:
        return _typed(read_day(_quoted(token)[0]), "date")

    def moment(self, token: Token) -> Value:
        return _typed(read_moment(_quoted(token)[0]), "moment")

    def interval(self, token: Token) -> Instant:
        first, last = (_end_of(text, number) for number, text in enumerate(_quoted(token)))
        _alike(first, last, True)
        if first.params > last.params:
            raise BadQuery(_("时间段的开始晚于结束。"), fix=_("请互换两个时间。"))
        return Instant(first, last)

    def named(self, token: Token) -> Value:
        return self._field(str(token))

    def quoted(self, token: Token) -> Value:
        return self._field(token[1:-1])

    def property(self, value: Value) -> Value:
        return value

    def _field(self, name: str) -> Value:
        if name == SHAPE:
            return Value(self._kind.shape, (), "shape")
        field = self._kind.field(name)
        return Value(f"({field.sql})", (), field.type)

    def caseless(self, value: Value) -> Value:
        if value.type != "text":
            raise BadQuery(_("CASEI 只用于文字。"), fix=_("请去掉 CASEI。"))
        return replace(value, caseless=True)

    def wkt(self, token: Token) -> Value:
        try:
            shape = shapely.from_wkt(str(token))
        except (ShapelyError, ValueError):
            raise BadQuery(_("filter 中的形状读不懂。"), fix=_("请写成 WKT，如 POINT(116.6 40.1)。")) from None
        return _shape(placed(shape, self._served))

    def box(self, token: Token) -> Value:
        numbers = token[token.index("(") + 1 : -1].split(",")
        return _shape(polygon_of(numbers, self._served))


#: What the temporal functions say of two spans [a0, a1] and [b0, b1], and the order in which they name the ends.
_TEMPORAL = {
    "after": ("{a0} > {b1}", ("a0", "b1")),
    "before": ("{a1} < {b0}", ("a1", "b0")),
    "disjoint": ("({a0} > {b1} OR {a1} < {b0})", ("a0", "b1", "a1", "b0")),
    "intersects": ("({a0} <= {b1} AND {a1} >= {b0})", ("a0", "b1", "a1", "b0")),
    "equals": ("({a0} = {b0} AND {a1} = {b1})", ("a0", "b0", "a1", "b1")),
    "during": ("({a0} > {b0} AND {a1} < {b1})", ("a0", "b0", "a1", "b1")),
}


def _joined(word: str, parts: tuple[Condition, ...]) -> Condition:
    return Condition(
        word.join(f"({part.sql})" for part in parts), tuple(value for part in parts for value in part.params)
    )


def _typed(value: object, type: str) -> Value:
    return Value(f"%s::{TYPES[type]}", (value,), type)


def _shape(shape: shapely.Geometry) -> Value:
    return Value(f"ST_GeomFromWKB(%s, {crs.STORE})", (shapely.to_wkb(shape),), "shape")


def _negation(more: tuple) -> tuple[str, tuple]:
    denied = bool(more) and isinstance(more[0], Token)
    return ("NOT ", more[1:]) if denied else ("", more)


def _alike(left: Value, right: Value, ordered: bool) -> None:
    if left.family != right.family or (ordered and left.type not in _ORDERED) or left.type == "shape":
        told = {"left": left.family, "right": right.family}
        raise BadQuery(
            _("%(left)s 和 %(right)s 不能这样比较。") % told,
            fix=_("文字写 'x'，日期写 DATE('2026-01-01')，时间写 TIMESTAMP('2026-01-01T00:00:00Z')。"),
        )


def _folded(*values: Value) -> list[Value]:
    """Text is compared byte by byte, and where one side says CASEI in small letters."""
    if values[0].type != "text":
        return list(values)
    lower = any(value.caseless for value in values)
    return [replace(one, sql=f'lower({one.sql}) COLLATE "C"' if lower else f'{one.sql} COLLATE "C"') for one in values]


def _instant(value: Value | Instant) -> Instant:
    if isinstance(value, Value) and value.type not in ("date", "moment"):
        raise BadQuery(_("T_ 函数只用于日期和时间。"), fix=_("日期写 DATE('2026-01-01')。"))
    return value if isinstance(value, Instant) else Instant(value, value)


def _quoted(token: Token) -> list[str]:
    return re.findall(r"'([^']*)'", token)


def _end_of(text: str, place: int) -> Value:
    """An end of a span; ".." is before all times, or after them."""
    if text == "..":
        return _typed((date.min, date.max)[place], "date")
    return _typed(read_day(text), "date") if len(text) == 10 else _typed(read_moment(text), "moment")
