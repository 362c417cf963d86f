"""What somebody has filled in for a new plan, read field by field: everything that is wrong is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.models import Plan
from gis.planning.ground_of import LOADS, cells_on
from gis.planning.opening import Start
from gis.written import read_line

_LONGEST = 60
_STARTS = ("current", "nothing", "past", "copy", "file")
#: What a plan of communities or streets can start from: their outlines in force, or those in a file.
_BORDER_STARTS = ("current", "file")
_MOST_TARGET, _MOST_WEIGHT = 100_000, 100


@dataclass(frozen=True)
class Wanted:
    name: str
    area: str
    kind: str
    start: str
    day: date | None
    source: UUID | None
    target: float | None  # None: what is usual
    tolerance: float
    weights: dict[str, float]

    @property
    def wish(self) -> dict:
        wish = {"tolerance": self.tolerance, "weights": self.weights}
        return wish | ({"target": self.target} if self.target else {})

    def cells(self) -> Start:
        """The cells it starts from. Raises Refused for a day on which there were none."""
        if self.start == "past":
            if not cells_on(self.area, self.day):
                words = _("那一天这里没有网格。")
                raise Refused(words, fix=_("请换一个日期。"), fields={"day": words})
            return Start(day=self.day, begun_from=self.day.isoformat())
        if self.kind != Plan.Kind.CELLS:
            return Start(begun_from=self.start)
        return Start(cells=self.start not in ("nothing", "file"), begun_from=self.start)


def read_wanted(body: Mapping[str, str]) -> Wanted:
    """Raises Refused with all fields that will not do. What does not apply to what is chosen is not read."""
    wrong: dict[str, str] = {}

    def read(reader, *given):
        try:
            return reader(body, *given)
        except Refused as refusal:
            wrong.update(refusal.fields)
            return None

    start = body.get("start", "current")
    start = start if start in _STARTS else "current"
    wanted = Wanted(
        read(_name), read(_area, start), _kind(body, start), start, read(_day, start), read(_source, start),
        *((None, 0.1, {}) if start == "copy" else (read(_target), read(_tolerance), read(_weights))),
    )  # fmt: skip
    if wrong:
        raise Refused(_("有几处需要改正。"), fix=_("错处写在各项下面。"), fields=wrong)
    return wanted


def _name(body: Mapping[str, str]) -> str:
    return read_line(body.get("name", ""), "name", _LONGEST, needed=True)


def _kind(body: Mapping[str, str], start: str) -> str:
    kind = body.get("kind", "")
    return kind if kind in Plan.Kind and start in _BORDER_STARTS else Plan.Kind.CELLS


def _area(body: Mapping[str, str], start: str) -> str:
    area = body.get("area", "")
    if start == "copy":
        return ""
    of_streets = _kind(body, start) == Plan.Kind.STREETS
    if not (area.isascii() and area.isdigit() and len(area) in ((6,) if of_streets else (9, 12))):
        words = _("请选择区县。") if of_streets else _("请选择一个街道或社区。")
        raise Refused("", fields={"area": words})
    return area


def _day(body: Mapping[str, str], start: str) -> date | None:
    if start != "past":
        return None
    try:
        day = date.fromisoformat(body.get("day", "").strip())
    except ValueError:
        raise Refused("", fields={"day": _("请选择日期。")}) from None
    if day > timezone.localdate():
        raise Refused("", fields={"day": _("请选择今天或以前的日期。")})
    return day


def _source(body: Mapping[str, str], start: str) -> UUID | None:
    if start != "copy":
        return None
    try:
        return UUID(body.get("source", ""))
    except ValueError:
        raise Refused("", fields={"source": _("请选择要复制的方案。")}) from None


def _target(body: Mapping[str, str]) -> float | None:
    return _number(body, "target", 0, 1, _MOST_TARGET) if body.get("target", "").strip() else None


def _number(body: Mapping[str, str], name: str, usual: float, least: float, most: float) -> float:
    """A number as people write it; the usual one where nothing is written."""
    text = body.get(name, "").strip()
    try:
        value = float(text) if text else usual
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        words = _("请填写 %(least)s 到 %(most)s 之间的数。") % {"least": f"{least:.7g}", "most": f"{most:.7g}"}
        raise Refused(words, fields={name: words})
    return value


def _tolerance(body: Mapping[str, str]) -> float:
    return _number(body, "tolerance", 10, 1, 99) / 100


def _weights(body: Mapping[str, str]) -> dict[str, float]:
    """A weight for each load; nothing written is none, households alone are the usual."""
    found, wrong = {}, {}
    for name in LOADS:
        try:
            found[name] = _number(body, f"weight-{name}", 0, 0, _MOST_WEIGHT)
        except Refused as refusal:
            wrong |= refusal.fields
    if wrong:
        raise Refused("", fields=wrong)
    kept = {name: weight for name, weight in found.items() if weight}
    return {} if kept == {"households": 1.0} else kept
