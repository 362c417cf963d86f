"""Who read what of whose data: the log of an area for those who answer for it, and of one person for themselves."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.accounts.scope import Scope, applied
from gis.errors import NotAllowed
from gis.models import Area, Field, Reading, Resident, User
from gis.people.reading import Act
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.paging import page_of, read_number

#: Days back, as the filter offers them.
_DAYS = (7, 30, 90, 365)
_FIELDS = {
    "name": gettext_lazy("姓名"),
    "born": gettext_lazy("年龄"),
    "identity": gettext_lazy("证件号码"),
    "phone": gettext_lazy("电话"),
    "room": gettext_lazy("住址"),
    "needs": gettext_lazy("服务需求"),
}
_KINDS = {
    "identity": gettext_lazy("证件号码"),
    "phone": gettext_lazy("电话"),
    "surname": gettext_lazy("姓氏"),
    "name": gettext_lazy("姓名"),
    "pinyin": gettext_lazy("拼音"),
    "address": gettext_lazy("地址"),
}


def index(request: HttpRequest) -> HttpResponse:
    """What was read of the people of the reader's area, newest first. Nothing of the people themselves is here."""
    scope = request.access.which("people.audit")
    if not scope:
        raise NotAllowed(_("您的角色不能查看查阅记录。"), fix=_("请联系社区、街道或区的主管。"))
    found, asked = _asked(request, scope)
    page = page_of(found.select_related("by"), request.GET.get("page"))
    context = {
        "page": page,
        "rows": told(page.rows),
        "names": names_of({row.area for row in page.rows}),
        "areas": area_choices(scope, asked["area"]),
        "acts": Act.choices,
        "periods": _DAYS,
        "readers": User.objects.filter(pk__in=_readers(scope)).order_by("name", "username"),
        "asked": asked,
    }
    response = render(request, "web/lists/readings.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest, scope: Scope) -> tuple[QuerySet[Reading], dict]:
    get = request.GET.get
    days = read_number(get("days"))
    asked = {
        "area": chosen_area(get("area", ""), scope),
        "act": get("act", "") if get("act") in Act.values else "",
        "days": days if days in _DAYS else 30,
        "by": read_number(get("by")),
    }
    found = Reading.objects.inside(scope).filter(at__gte=timezone.now() - timedelta(days=asked["days"]))
    if asked["area"]:
        found = found.filter(area__gte=asked["area"], area__lt=asked["area"] + ":")
    if asked["act"]:
        found = found.filter(act=asked["act"])
    if asked["by"]:
        found = found.filter(by=asked["by"])
    return found, asked


def _readers(scope: Scope) -> list[int]:
    """Those who read anything there within the longest period."""
    recent = Reading.objects.inside(scope).filter(at__gte=timezone.now() - timedelta(days=_DAYS[-1]))
    return list(recent.order_by().values_list("by", flat=True).distinct())


def told(readings: list[Reading]) -> list[dict]:
    """Readings as a page writes them."""
    names = _FIELDS | _catalogued({field for one in readings for field in one.fields})
    return [
        {
            "reading": one,
            "people": len(one.residents),
            "fields": [str(names.get(field, field)) for field in one.fields],
            "kind": str(_KINDS.get(one.kind, "")),
            "only": one.residents[0] if len(one.residents) == 1 else None,
        }
        for one in readings
    ]


def _catalogued(fields: set[str]) -> dict[str, str]:
    """Names of the fields that the log names by their keys in the catalogue."""
    keys = [int(field[1:]) for field in fields if field.startswith("#")]
    return {f"#{one.pk}": one.shown for one in Field.objects.filter(pk__in=keys)} if keys else {}


def readings_of(resident: Resident) -> list[dict]:
    """Everything read of one person wherever they lived, newest first, for themselves: under a scope of all areas,
    opened for this one question, from which no other person's row comes."""
    everywhere = Scope.of({code[:2] for code in Area.objects.values_list("code", flat=True)})
    places = {code[:12] for code in [resident.area, *resident.residences.values_list("area", flat=True)]}
    with applied(everywhere):
        places |= {code[:12] for code in resident.residences.values_list("area", flat=True)}
        found = Reading.objects.inside(Scope.of(places)).filter(residents__contains=[resident.pk])
        return told(list(found.select_related("by")))
