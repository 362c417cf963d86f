"""What was on the screen when a report was ordered: a small value that travels as JSON, judged when it is read."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise

import numpy as np
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.errors import OutOfScope, WanggeError
from gis.incidents.finding import Wanted
from gis.people.sealing import open_seal, seal
from gis.risk.definitions import district_weights
from gis.risk.weighting import DISTRICT, Weights
from layers.indicator import Indicator
from layers.indicators import INDICATORS
from layers.places import LAYERS
from layers.values import PERIODS, Question

#: Classes of a legend at the most.
MOST_CLASSES = 9
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class View:
    """The places and figures of `question` (its indicator "" for none) inside `area` ("" for the whole scope) and
    `box`, a window in degrees (west, south, east, north), or None for all of it.

    `breaks`: the upper ends of the classes on the screen, ascending; `colours`: one a class, `#rrggbb`. Both empty:
    five quantiles. `incidents`: which of them, None for none. `change`: the figure is what changed against the period
    before, as a difference or in per cent, and classes and colours are the report's own.
    """

    question: Question
    area: str = ""
    box: tuple[float, float, float, float] | None = None
    breaks: tuple[float, ...] = ()
    colours: tuple[str, ...] = ()
    incidents: Wanted | None = None
    change: str = ""

    @property
    def indicator(self) -> Indicator | None:
        return INDICATORS.get(self.question.indicator)

    def needs(self) -> list[str]:
        """The capabilities whose figures are in it."""
        wanted = ["area.read"]
        if self.indicator:
            wanted.append(self.indicator.needs)
        if self.incidents is not None:
            wanted.append("incident.read")
        return list(dict.fromkeys(wanted))

    def scope(self, access: Access) -> Scope:
        """The areas it tells of: where every capability it needs is held, inside `area`.

        Raises OutOfScope where that is nowhere.
        """
        held = [self.area] if self.area else list(access.which("area.read").areas)
        for capability in self.needs():
            held = [part for code in held for part in access.which(capability).within(code).areas]
        scope = Scope.of(held)
        if not scope:
            raise OutOfScope(_("这里没有您可以导出的内容。"), fix=_("请在自己的辖区内选择。"))
        return scope

    def as_json(self) -> dict:
        """What is stored with an order; `read_stored` reads it."""
        plain = {name: getattr(self, name) for name in ("area", "box", "breaks", "colours", "change")}
        question = _plain(self.question) | {"weights": self.question.weights.given}
        return question | plain | {"incidents": self.incidents and _sealed(self.incidents), "needs": self.needs()}


def read_stored(data: dict) -> View:
    """The view of an order. Raises WanggeError where an indicator, a layer or a weighed component is no more."""
    weights = Weights.of(data["weights"], district_weights())
    return read_view(data, data["incidents"] and _wanted(data["incidents"]), weights)


def _plain(value) -> dict:
    """A dataclass as JSON: sets as lists, days as text."""
    said = {field.name: getattr(value, field.name) for field in fields(value)}
    sets = {name: sorted(one) for name, one in said.items() if isinstance(one, frozenset)}
    return said | sets | {name: one.isoformat() for name, one in said.items() if isinstance(one, date)}


def _sealed(wanted: Wanted) -> dict:
    """A filter as JSON, the words searched for sealed: they may name a person."""
    return _plain(wanted) | {"text": b64encode(seal(wanted.text)).decode() if wanted.text else ""}


def _wanted(said: dict) -> Wanted:
    usual = Wanted()
    known = {}
    for field in fields(usual):
        value = said.get(field.name, getattr(usual, field.name))
        known[field.name] = frozenset(value) if isinstance(getattr(usual, field.name), frozenset) else value
    for day in ("first", "last"):
        known[day] = date.fromisoformat(known[day]) if known[day] else None
    return Wanted(**known | {"text": open_seal(b64decode(known["text"])) if known["text"] else ""})


def read_view(data: dict, incidents: Wanted | None, weights: Weights = DISTRICT) -> View:
    """A view from what a browser says, with its filter and the reader's weights of risk as they have been read.

    Raises WanggeError naming the field that is wrong.
    """
    view = View(
        question=_question(data, weights),
        area=_area(data.get("area") or ""),
        box=_box(data.get("box")),
        breaks=_breaks(data.get("breaks") or ()),
        colours=_colours(data.get("colours") or ()),
        incidents=incidents,
        change=_change(data),
    )
    if len(view.colours) != len(view.breaks):
        raise _wrong("colours")
    return view


def _question(data: dict, weights: Weights) -> Question:
    return Question(
        _one_of("layer", data.get("layer"), LAYERS),
        _one_of("indicator", data.get("indicator") or "", ("", *INDICATORS)),
        days=_one_of("days", data.get("days", 30), PERIODS),
        categories=frozenset(_all_of("categories", data.get("categories"), int)),
        majors=frozenset(_all_of("majors", data.get("majors"), str)),
        compare=bool(_change(data)),
        weights=weights,
    )


def _change(data: dict) -> str:
    """How the change is told; nothing where the indicator knows no period before."""
    how = _one_of("change", data.get("change") or "", ("", "difference", "percent"))
    indicator = INDICATORS.get(data.get("indicator") or "")
    return how if indicator and indicator.compares else ""


def _all_of(field: str, value, kind: type) -> list:
    value = value or []
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise _wrong(field)
    return value[:60]


def _wrong(field: str) -> WanggeError:
    return WanggeError(_("报表的内容无法识别：%(field)s。") % {"field": field}, fix=_("请从地图上的“导出”重新申请。"))


def _one_of(field: str, value, allowed) -> str:
    if value not in allowed:
        raise _wrong(field)
    return value


def _area(value) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"([0-9]{2,15})?", value):
        raise _wrong("area")
    return value


def _box(value) -> tuple[float, float, float, float] | None:
    if value is None:
        return None
    try:
        west, south, east, north = (float(part) for part in value)
    except (TypeError, ValueError):
        raise _wrong("box") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise _wrong("box")
    return west, south, east, north


def _breaks(value) -> tuple[float, ...]:
    try:
        edges = tuple(float(edge) for edge in value)
    except (TypeError, ValueError):
        raise _wrong("breaks") from None
    rising = all(a < b for a, b in pairwise(edges))
    if len(edges) > MOST_CLASSES or not rising or not np.isfinite(edges).all():
        raise _wrong("breaks")
    return edges


def _colours(value) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and _COLOUR.fullmatch(one) for one in value):
        raise _wrong("colours")
    return tuple(value)
