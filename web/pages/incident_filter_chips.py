"""What a filter of incidents asks, in words, each with the filter without it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.incidents.finding import ENDED_ALL, NO_DEPARTMENT, OPEN, Wanted
from gis.incidents.incident import State
from gis.models import Building, Category, Department, Incident
from layers.incident_selection import Sieve
from web.pages.choices import names_of
from web.pages.incident_filter import PARAMETERS, Asked, held_part, joined, part_of
from web.templatetags.words import named, word


@dataclass(frozen=True)
class Choice:
    """One value of one field: the filter that results from taking it or leaving it, and how many that choice finds."""

    label: str
    count: int | None
    query: str
    on: bool
    depth: int = 0


#: Field of a filter → the parameters that are written of it.
_PARAMETERS = {
    "text": (),
    "area": ("area",),
    "building": ("building",),
    "categories": ("category",),
    "majors": ("major",),
    "states": ("state",),
    "late": ("late",),
    "departments": ("department",),
    "origins": ("origin",),
} | dict.fromkeys(("days", "first", "last"), ("days", "first", "last"))


class Links:
    """Filters one step from the one that is asked, as query strings. Hundreds a page: only what differs is written."""

    def __init__(self, asked: Asked) -> None:
        self.wanted, self.held = asked.wanted, asked.held
        self._parts = {name: part_of(name, self.wanted) for name in PARAMETERS if name != "held"}

    def toggled(self, field: str, value) -> str:
        """With one value more of a field that holds several, or without it where it is there."""
        return self.with_(**{field: getattr(self.wanted, field) ^ {value}})

    def with_(self, **fields) -> str:
        wanted = replace(self.wanted, **fields)
        written = {name: part_of(name, wanted) for field in fields for name in _PARAMETERS[field]}
        held = "" if fields.get("text") == "" else self.held
        return joined([*(self._parts | written).values(), held_part(held)])


def chips_of(asked: Asked, links: Links, scope: Scope) -> list[Choice]:
    """What is asked, a chip each; its filter is the one without it."""
    return [Choice(label, None, query, True) for label, query in _chips(asked.wanted, links, scope)]


def _chips(wanted: Wanted, links: Links, scope: Scope) -> Iterator[tuple[str, str]]:
    if wanted.text:
        yield f"“{wanted.text}”", links.with_(text="")
    yield from _places(wanted, links, scope)
    for field, values, label in _several(wanted):
        for value in sorted(values):
            yield label(value), links.toggled(field, value)
    if wanted.late:
        yield _("超时未结"), links.with_(late=False)
    if said := _said_period(wanted):
        yield said, links.with_(days=None, first=None, last=None)


def _places(wanted: Wanted, links: Links, scope: Scope) -> Iterator[tuple[str, str]]:
    """Area and building, by name where the reader may know it."""
    if wanted.area:
        name = names_of({wanted.area}).get(wanted.area) if scope.touches(wanted.area) else None
        yield name or wanted.area, links.with_(area="")
    if wanted.building:
        building = Building.objects.inside(scope).filter(pk=wanted.building).select_related("compound").first()
        yield building.label if building else _("未知楼栋"), links.with_(building=None)


def _several(wanted: Wanted) -> list[tuple]:
    chosen = Category.objects.filter(pk__in=wanted.categories).order_by().values_list("pk", "name")
    kinds = dict(chosen) if wanted.categories else {}
    bodies = Department.objects.in_bulk([*wanted.departments]) if wanted.departments else {}
    return [
        ("majors", wanted.majors, word),
        ("categories", wanted.categories, lambda pk: word(kinds.get(pk, "")) or _("未知类别")),
        ("states", wanted.states, state_name),
        ("departments", wanted.departments, lambda pk: body_name(pk, bodies)),
        ("origins", wanted.origins, lambda code: str(Incident.Source(code).label)),
    ]


def state_name(code: str) -> str:
    return {OPEN: _("未结"), ENDED_ALL: _("已办结")}.get(code) or str(State(code).label)


def body_name(pk: int, bodies: dict[int, Department]) -> str:
    if pk == NO_DEPARTMENT:
        return _("未派部门")
    return named(bodies[pk]) if pk in bodies else _("未知部门")


def _said_period(wanted: Wanted) -> str:
    if wanted.days:
        return said_days(wanted.days)
    if wanted.first and wanted.last:
        same = wanted.first == wanted.last
        return str(wanted.first) if same else f"{wanted.first} – {wanted.last}"
    if wanted.first:
        return _("%(day)s 起") % {"day": wanted.first}
    return _("截至 %(day)s") % {"day": wanted.last} if wanted.last else ""


def said_days(days: int) -> str:
    return _("今天") if days == 1 else _("近 %(days)s 天") % {"days": days}


def loosened(sieve: Sieve, links: Links) -> Iterator[Choice]:
    """Where nothing is found: the fields that stand in the way, each with what there would be without it."""
    if len(sieve.but()):
        return
    for names, label, fields in _fields_named():
        count = len(sieve.but(*names))
        if count:
            yield Choice(label, count, links.with_(**fields), True)


def _fields_named() -> list[tuple[tuple[str, ...], str, dict]]:
    nothing: frozenset = frozenset()
    return [
        (("found",), _("文字或楼栋"), {"text": "", "building": None}),
        (("area",), _("辖区"), {"area": ""}),
        (("kind",), _("类别"), {"categories": nothing, "majors": nothing}),
        (("state", "late"), _("状态"), {"states": nothing, "late": False}),
        (("department",), _("部门"), {"departments": nothing}),
        (("origin",), _("渠道"), {"origins": nothing}),
        (("time",), _("时间"), {"days": None, "first": None, "last": None}),
    ]
