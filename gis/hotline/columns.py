"""Which column of an export is which field: by the names that cities give them, in `columns.csv`, or as one says."""

import csv
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.errors import BadFile
from gis.exchange.columns import plain_name

_TABLE = Path(__file__).with_name("columns.csv")
#: What each field is called where somebody maps columns; in the order of the table.
LABELS = {
    "number": gettext_lazy("工单编号"),
    "at": gettext_lazy("来电时间"),
    "text": gettext_lazy("诉求内容"),
    "title": gettext_lazy("标题"),
    "place": gettext_lazy("诉求地址"),
    "district": gettext_lazy("区县"),
    "street": gettext_lazy("街道或乡镇"),
    "community": gettext_lazy("社区或村"),
    "kind1": gettext_lazy("诉求分类（一级）"),
    "kind2": gettext_lazy("诉求分类（二级）"),
    "kind3": gettext_lazy("诉求分类（三级）"),
    "name": gettext_lazy("联系人"),
    "phone": gettext_lazy("联系电话"),
    "due": gettext_lazy("办理时限"),
    "department": gettext_lazy("承办单位"),
    "result": gettext_lazy("办理结果"),
    "state": gettext_lazy("状态"),
    "closed": gettext_lazy("办结时间"),
    "content": gettext_lazy("满意度"),
    "longitude": gettext_lazy("经度"),
    "latitude": gettext_lazy("纬度"),
}
#: Names shorter than this mean too much to be recognised inside a longer one.
_TELLING = 3


@dataclass(frozen=True)
class Field:
    name: str
    needed: bool
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


@cache
def fields() -> dict[str, Field]:
    """The fields of a work order, by name."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["field"]: Field(row["field"], row["needed"] == "1", tuple(map(plain_name, row["names"].split("|"))))
        for row in rows
    }


def recognise(titles: Sequence[str]) -> dict[str, str]:
    """Field → title: the best names first, each title used once."""
    scored = sorted(
        (-score, order, place, field.name, title)
        for order, field in enumerate(fields().values())
        for place, title in enumerate(titles)
        if (score := _score(field, title))
    )
    found: dict[str, str] = {}
    for *_rank, name, title in scored:
        if name not in found and title not in found.values():
            found[name] = title
    return {name: found[name] for name in fields() if name in found}


def known_titles(titles: Iterable[str]) -> int:
    """How many of some titles are names of the table: by this the row of a heading is known."""
    return sum(any(plain_name(title) in field.names for field in fields().values()) for title in titles)


def _score(field: Field, title: str) -> int:
    """Above 1,000 for a name of the table, below for one that contains such a name, 0 for none."""
    plain = plain_name(title)
    if plain in field.names:
        return 2000 - field.names.index(plain)
    if any(plain in other.names for other in fields().values()):
        return 0  # it is the very name of another field
    inside = [name for name in field.names if len(name) >= _TELLING and not name.isascii() and name in plain]
    return 10 * max(map(len, inside)) if inside else 0


def looks_like_hotline(titles: Sequence[str]) -> bool:
    """Whether a heading is that of a hotline's export rather than of any list of incidents."""
    plain = [plain_name(title) for title in titles]
    own = {"工单编号", "工单号", "工单流水号", "诉求编号", "受理单号", "受理编号", "办件编号"}
    words = ("诉求", "来电", "承办", "主办", "市民", "反映", "满意")
    return any(name in own for name in plain) and any(word in name for name in plain for word in words)


def choose(titles: Sequence[str], chosen: dict[str, str], wishes: Iterable[str]) -> dict[str, str]:
    """A choice corrected by `field=column` texts; `field=` leaves a field out. Raises BadFile."""
    found = dict(chosen)
    for wish in wishes:
        name, equals, title = (part.strip() for part in wish.partition("="))
        if not equals or name not in fields():
            raise BadFile(
                _("没有字段“%(name)s”。") % {"name": name[:40]},
                fix=_("可以写：%(names)s。") % {"names": ", ".join(fields())},
            )
        found.pop(name, None)
        if title and title not in titles:
            close = difflib.get_close_matches(title, titles, 3, 0.5) or list(titles)[:12]
            raise BadFile(
                _("文件里没有“%(title)s”这一列。") % {"title": title[:40]},
                fix=_("有这些列：%(names)s。") % {"names": "、".join(close)},
            )
        if title:
            found[name] = title
    return found


def missing(chosen: dict[str, str]) -> list[Field]:
    """Fields without which a work order cannot be told."""
    return [field for field in fields().values() if field.needed and field.name not in chosen]
