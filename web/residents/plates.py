"""Door plates to print: a QR code for each building of a compound, by those who report in it."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import NotAllowed
from gis.incidents.residents.plate import DoorPlate, plates_for, renew_plate
from gis.models import Building, Compound
from web.pages.paging import read_number
from web.residents.qr import qr_picture

#: Plates on one sheet to print; more would be a stack nobody hangs in a day.
_MOST = 300


def show(request: HttpRequest) -> HttpResponse:
    """The plates of a building or a compound; posted, those that are missing are made, or one is made anew."""
    scope = _scope(request)
    buildings, title, query = _asked(request, scope)
    if request.method == "POST":
        if renewed := request.POST.get("renew", ""):
            renew_plate(get_object_or_404(buildings, pk=read_number(renewed) or 0), request.user)
        else:
            plates_for(buildings[:_MOST], request.user)
        return redirect(f"{reverse('plates')}?{query}")
    hanging = DoorPlate.objects.hanging().filter(building__in=buildings[:_MOST])
    plates = {plate.building_id: plate for plate in hanging}
    context = {
        "title": title,
        "query": query,
        "rows": [_row(request, one, plates.get(one.pk)) for one in buildings[:_MOST]],
        "missing": sum(one.pk not in plates for one in buildings[:_MOST]),
        "more": max(buildings.count() - _MOST, 0),
    }
    return render(request, "web/residents/plates.html", context)


def _row(request: HttpRequest, building: Building, plate: DoorPlate | None) -> dict:
    address = request.build_absolute_uri(reverse("plate", args=[plate.code])) if plate else ""
    return {"building": building, "plate": plate, "address": address, "qr": qr_picture(address) if plate else ""}


def _asked(request: HttpRequest, scope: Scope) -> tuple[QuerySet[Building], str, str]:
    """The buildings the address asks for, what to call them, and the address's query."""
    inside = Building.objects.inside(scope).select_related("compound").defer("drawing").order_by("code")
    for name, field in (("building", "pk"), ("compound", "compound")):
        key = request.GET.get(name, "")
        if key.isascii() and key.isdigit() and len(key) < 18:
            found = inside.filter(**{field: int(key)})
            first = found.first()
            if first is None:
                raise Http404
            title = first.label if name == "building" else Compound.objects.get(pk=int(key)).name
            return found, title, f"{name}={int(key)}"
    raise Http404


def _scope(request: HttpRequest) -> Scope:
    scope = request.access.which("incident.write")
    if not scope:
        raise NotAllowed(_("您的角色不能制作门牌二维码。"), fix=_("需要时请联系管理员调整任职。"))
    return scope
