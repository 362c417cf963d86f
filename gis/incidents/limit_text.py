"""Reading limits from a list as it comes out of a table: a line a limit, of a category or of all (urgent or not).

C0301    处置    4    工作时
暴露垃圾,核查,不限
紧急 派遣 1 紧急工作时
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.incidents.category import Category
from gis.incidents.limits import StageLimit
from gis.incidents.stages import Stage

#: Lines read in one go.
MOST = 1000
_PART = re.compile(r"[\s,，;；、]+")
_AMOUNT = re.compile(r"(\d{1,4})(\D*)")
_STAGES = {"受理": Stage.ACCEPT, "派遣": Stage.DISPATCH, "处置": Stage.DISPOSE, "核查": Stage.CHECK} | {
    str(stage): stage for stage in Stage.values
}
_UNITS = {
    "紧急工作时": Category.Unit.URGENT_HOUR,
    "工作时": Category.Unit.WORK_HOUR,
    "工作小时": Category.Unit.WORK_HOUR,
    "工作日": Category.Unit.WORK_DAY,
    "自然日": Category.Unit.NATURAL_DAY,
    "天": Category.Unit.NATURAL_DAY,
} | {str(unit): unit for unit in Category.Unit.values}
#: Words for what a limit of no category holds for.
_ALL = {"普通": False, "一般": False, "normal": False, "紧急": True, "urgent": True}
_NONE = ("不限", "无", "none")


@dataclass(frozen=True)
class Wanted:
    """One limit as it was written; no amount: no limit."""

    category: Category | None
    urgent: bool
    stage: str
    amount: int | None
    unit: str


@dataclass
class Read:
    limits: list[Wanted] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_limits(text: str) -> Read:
    """The limits of a text, and the lines that are none, each with what is wrong."""
    found, seen = Read(), set()
    lines = [line.strip() for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]
    if len(lines) > MOST:
        found.problems.append(_("超过 %(most)d 行：请分几次粘贴。") % {"most": MOST})
        return found
    known = _categories()
    for number, line in enumerate(lines, 1):
        wanted = _read_line(line, known)
        if isinstance(wanted, str):
            found.problems.append(_("第 %(number)d 行：%(problem)s") % {"number": number, "problem": wanted})
            continue
        key = (wanted.category and wanted.category.pk, wanted.urgent, wanted.stage)
        if key in seen:
            found.problems.append(_("第 %(number)d 行：与前面一行重复。") % {"number": number})
            continue
        seen.add(key)
        found.limits.append(wanted)
    return found


def _categories() -> dict[str, Category | None]:
    """Categories by code and by name; None where that means several."""
    found: dict[str, Category | None] = {}
    for category in Category.objects.exclude(kind=Category.Kind.IMPORTED).filter(retired=False):
        for word in {category.code.upper(), unicodedata.normalize("NFKC", category.name)}:
            found[word] = None if word in found else category
    return found


def _read_line(line: str, known: dict[str, Category | None]) -> Wanted | str:
    """The limit of a line, or what is wrong with it."""
    parts = [part for part in _PART.split(line) if part]
    place = next((n for n, part in enumerate(parts) if n and part in _STAGES), None)
    if place is None:
        return _("没有阶段（受理、派遣、处置、核查）。")
    name, limit = " ".join(parts[:place]), "".join(parts[place + 1 :])
    urgent = _ALL.get(name.lower())
    category = known.get(name.upper(), known.get(name)) if urgent is None else None
    if urgent is None and category is None:
        ambiguous = name.upper() in known or name in known
        return (_("“%(name)s”有好几个，请写代码。") if ambiguous else _("没有类别“%(name)s”。")) % {"name": name[:40]}
    stage = str(_STAGES[parts[place]])
    if limit in _NONE:
        return Wanted(category, bool(urgent), stage, None, "")
    amount = _AMOUNT.fullmatch(limit)
    unit = amount and _UNITS.get(amount[2])
    if not amount or not unit or not 0 < int(amount[1]) <= 1000:
        return _("时限“%(limit)s”读不懂，例如 4 工作时。") % {"limit": limit[:40]}
    return Wanted(category, bool(urgent), stage, int(amount[1]), str(unit))


@transaction.atomic
def set_limits(limits: list[Wanted], starts: date, user: User) -> None:
    """Let those limits hold from a day on; what was said for that same day before is replaced."""
    for one in limits:
        StageLimit.objects.update_or_create(
            category=one.category, urgent=one.urgent, stage=one.stage, starts=starts,
            defaults={"amount": one.amount, "unit": one.unit, "set_by": user},
        )  # fmt: skip
