"""The filter of incidents in an address: read in one place, so that it means the same on every page.

`/incidents/?state=open&category=3&category=5` finds what `/?state=open&category=3&category=5` draws on the map and
`/map/heat/?…` counts. A part that cannot be read is left out, and `Asked.notices` says so; an area, a category or a
department that is not the reader's or is no more finds nothing, as for any other reader. Words searched for may name a
person and never stand in an address: `held` names those of the session.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import NotAllowed
from gis.incidents.finding import GROUPS, Wanted
from gis.incidents.incident import State
from gis.models import Incident
from web.pages.held import held_text
from web.pages.paging import read_number

#: The parameters in the order in which they are written, and what is written; the token of the words comes last.
_WRITTEN: dict[str, Callable[[Wanted], object]] = {
    "area": lambda wanted: wanted.area,
    "building": lambda wanted: wanted.building,
    "category": lambda wanted: sorted(wanted.categories),
    "major": lambda wanted: sorted(wanted.majors),
    "state": lambda wanted: sorted(wanted.states),
    "late": lambda wanted: "1" if wanted.late else "",
    "department": lambda wanted: sorted(wanted.departments),
    "origin": lambda wanted: sorted(wanted.origins),
    "days": lambda wanted: wanted.days,
    "first": lambda wanted: "" if wanted.days else wanted.first,
    "last": lambda wanted: "" if wanted.days else wanted.last,
}
PARAMETERS = (*_WRITTEN, "held")
#: Values of one parameter; more are not typed by anyone.
_MOST = 60
_LONGEST_PERIOD = 36500
_SHORTEST_CODE, _LONGEST_CODE = 2, 15


@dataclass(frozen=True)
class Asked:
    """A filter as it came: what is wanted, the token of its words, and what of it was left out, in plain words."""

    wanted: Wanted
    held: str = ""
    notices: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        return write_filter(self.wanted, self.held)


def read_filter(request: HttpRequest) -> Asked:
    """The filter that an address asks for."""
    notices: list[str] = []
    words, held = held_text(request), request.GET.get("held", "")
    if held and not words:
        notices.append(_("搜索的文字已经失效，请重新输入。"))
    wanted = read_fields(request.GET, notices, words)
    return Asked(wanted, held if words else "", tuple(dict.fromkeys(notices)))


def incident_scope(request: HttpRequest) -> Scope:
    """Where the reader reads incidents. Raises NotAllowed for a role that reads none."""
    scope = request.access.which("incident.read")
    if not scope:
        raise NotAllowed(_("您的角色不能查看事件。"), fix=_("需要时请联系管理员调整任职。"))
    return scope


def write_filter(wanted: Wanted, held: str = "") -> str:
    """The query string of a filter: always in the same order, without what asks nothing."""
    return joined([*(part_of(name, wanted) for name in _WRITTEN), held_part(held)])


def part_of(parameter: str, wanted: Wanted) -> str:
    """What one parameter adds to the query string of a filter; empty for nothing."""
    value = _WRITTEN[parameter](wanted)
    return urlencode({parameter: value}, doseq=True) if value else ""


def held_part(held: str) -> str:
    return urlencode({"held": held}) if held else ""


def joined(parts: Iterable[str]) -> str:
    return "&".join(filter(None, parts))


def read_fields(data: QueryDict, notices: list[str], words: str = "") -> Wanted:
    """The filter of an address or a form; what cannot be read is told to `notices`."""
    get = _Reader(data, notices)
    days = get.one("days", _period, _("天数"))
    first, last = (None, None) if days else (get.one("first", _day, _("日期")), get.one("last", _day, _("日期")))
    if first and last and last < first:
        notices.append(_("开始日期晚于结束日期，已经互换。"))
        first, last = last, first
    return Wanted(
        text=words,
        area=get.one("area", _code, _("辖区")) or "",
        building=get.one("building", _key, _("楼栋")),
        categories=get.several("category", _key, _("类别")),
        majors=get.several("major", _word, _("大类")),
        states=get.several("state", _among({*State.values, *GROUPS}), _("状态")),
        late=bool(get.one("late", _among({"1"}), _("超时"))),
        departments=get.several("department", read_number, _("部门")),
        origins=get.several("origin", _among(set(Incident.Source.values)), _("渠道")),
        days=days,
        first=first,
        last=last,
    )


@dataclass
class _Reader:
    data: QueryDict
    notices: list[str]

    def _values(self, name: str, read: Callable[[str], object], said: str) -> Iterator:
        for text in self.data.getlist(name)[:_MOST]:
            value = read(text) if text else None
            if value is not None:
                yield value
            elif text:
                self.notices.append(_("筛选条件“%(name)s”无法识别，已忽略。") % {"name": said})

    def several(self, name: str, read: Callable[[str], object], said: str) -> frozenset:
        return frozenset(self._values(name, read, said))

    def one(self, name: str, read: Callable[[str], object], said: str):
        return next(self._values(name, read, said), None)


def _among(known: set[str]) -> Callable[[str], str | None]:
    return lambda text: text if text in known else None


def _key(text: str) -> int | None:
    return read_number(text) or None


def _word(text: str) -> str | None:
    return text[:60].replace("\x00", "") or None


def _code(text: str) -> str | None:
    fits = text.isascii() and text.isdigit() and _SHORTEST_CODE <= len(text) <= _LONGEST_CODE
    return text if fits else None


def _period(text: str) -> int | None:
    days = read_number(text)
    return min(days, _LONGEST_PERIOD) if days else None


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2200 else None
