"""The filter of the dashboard: what its form offers, and what is chosen as labels one can take off again."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.incidents.finding import ENDED_ALL, NO_DEPARTMENT, OPEN, Wanted
from gis.incidents.incident import State
from gis.models import Building, Category, Department, Incident
from web.templatetags.words import named

#: Periods one click away, in days.
PERIODS = (7, 30, 90, 365)


@dataclass(frozen=True)
class Chosen:
    """One condition in words, and the filter without it."""

    label: str
    without: Wanted


def filter_choices(wanted: Wanted, request: HttpRequest) -> dict:
    departments = {one.pk: named(one) for one in Department.objects.all()}
    return {
        "periods": [(days, replace(wanted, days=days, first=None, last=None)) for days in PERIODS],
        "majors": list(dict.fromkeys(Category.objects.filter(retired=False).values_list("major", flat=True))),
        "departments": departments,
        "origins": Incident.Source.choices,
        "chosen": _chosen(wanted, departments, request),
        "narrowed": replace(wanted, area="", days=None, first=None, last=None) != Wanted(),
    }


def _chosen(wanted: Wanted, departments: dict[int, str], request: HttpRequest) -> list[Chosen]:
    categories = dict(Category.objects.filter(pk__in=wanted.categories).values_list("pk", "name"))
    several = {
        "majors": {major: _(major) for major in wanted.majors},
        "categories": {pk: _(categories[pk]) if pk in categories else _("已不存在的类别") for pk in wanted.categories},
        "states": dict(_states()),
        "departments": {NO_DEPARTMENT: _("未派部门")} | departments,
        "origins": dict(Incident.Source.choices),
    }
    found = [
        Chosen(str(names.get(one, one)), replace(wanted, **{field: getattr(wanted, field) - {one}}))
        for field, names in several.items()
        for one in sorted(getattr(wanted, field), key=str)
    ]
    if wanted.late:
        found.append(Chosen(_("超时未结"), replace(wanted, late=False)))
    if wanted.building:
        building = Building.objects.inside(request.scope).filter(pk=wanted.building).select_related("compound").first()
        found.append(Chosen(building.label if building else _("其他楼栋"), replace(wanted, building=None)))
    if wanted.text:
        found.append(Chosen(f"“{wanted.text}”", replace(wanted, text="")))
    return found


def _states() -> list[tuple[str, str]]:
    return [(OPEN, _("未结")), (ENDED_ALL, _("已结")), *State.choices]
