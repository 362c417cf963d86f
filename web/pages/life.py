"""What happened to a person, recorded and taken back on their page by whoever writes people there."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import Conflict, Refused
from gis.models import Resident
from gis.people.life.happening import read_happening
from gis.people.life.recording import record_life
from gis.people.life.taking_back import take_back
from gis.written import read_line
from web.errors import status_of
from web.pages.paging import read_number
from web.pages.residents import read_resident, record


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the form says; or the page with the form, what is wrong beside each part."""
    resident = read_resident(request, pk)
    now = timezone.now()
    try:
        told = read_happening(body_of(request.POST, resident.pk), timezone.localdate(now))
        outcome = record_life(told, by=request.user, access=request.access, at=now, number=uuid4())
    except (Refused, Conflict) as trouble:
        return record(
            request,
            resident,
            "web/records/resident.html",
            life_trouble=trouble,
            posted=request.POST,
            status=status_of(trouble),
        )
    messages.success(request, _said(outcome))
    return _to(resident)


def _said(outcome: dict) -> str:
    said = _("已登记。")
    if outcome["asked"]:
        said += " " + _("有 %(n)s 人与新户主的关系不能推定，请在下次走访时询问。") % {"n": outcome["asked"]}
    if outcome["alone"]:
        said += " " + _("这一户只剩未成年人，请尽快走访。")
    return said


def body_of(form: QueryDict, resident: int) -> dict:
    """The form as `gis.people.life.happening` takes it."""
    body: dict = {name: value for name, value in form.items() if name in _PLAIN and value}
    for name in ("head", "into"):
        body[name] = read_number(form.get(name))
    body["along"] = [key for key in map(read_number, form.getlist("along")) if key is not None]
    if form.get("building"):
        door = [form.get("unit", "").strip(), form.get("room", "").strip()]
        body["to"] = {"building": read_number(form["building"]), "door": door if door[1] else None}
    if form.get("base"):
        body["base"] = {"event": read_number(form["base"])}
    return body | {"resident": resident, "another": form.get("another") == "1"}


_PLAIN = frozenset(
    {"kind", "on", "far", "to_area", "place", "registration", "relation", "reason", "population", "name", "sex",
     "number", "note"}
)  # fmt: skip


@require_POST
def undo(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """Take an event back; what it did to the records goes, the event stays and says so."""
    resident = read_resident(request, pk)
    try:
        reason = read_line(request.POST.get("reason", ""), "reason", 100)
        take_back(event, by=request.user, access=request.access, at=timezone.now(), reason=reason)
    except Refused as trouble:
        return record(
            request,
            resident,
            "web/records/resident.html",
            life_trouble=trouble,
            undoing=event,
            status=status_of(trouble),
        )
    messages.success(request, _("已撤销。"))
    return _to(resident)


def _to(resident: Resident) -> HttpResponse:
    """The person's page; the list, where the record went with what was taken back or is another's by now."""
    if Resident.objects.filter(pk=resident.pk).exists():
        return redirect(f"{reverse('resident', args=[resident.pk])}#life")
    return redirect("residents")
