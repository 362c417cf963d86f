"""The mediation of a dispute, on a page of its own: nothing of it stands on a page that others see too."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.codes.naming import names_in
from gis.errors import Conflict, Refused
from gis.incidents.mediation.keeping import (
    FIELDS,
    add_meeting,
    add_party,
    keep_record,
    phone_of,
    usual_kind,
)
from gis.incidents.mediation.opening import note_look, opened, record_of
from gis.models import Dispute, DisputeParty, Incident
from web.pages.case_page import readable
from web.pages.mediation_forms import read_meeting, read_party, read_record
from web.pages.paging import read_number


def show(request: HttpRequest, number: str) -> HttpResponse:
    """The record with its parties and meetings, for those who handle the case; posted, one part of it is written."""
    incident = readable(request, number)
    with opened(incident, request.user, request.access):
        if request.method != "POST":
            return _page(request, incident)
        try:
            said = _write(request, incident)
        except (Refused, Conflict) as error:
            return _page(request, incident, error)
        messages.success(request, said)
    return redirect("mediation", number=number)


def _write(request: HttpRequest, incident: Incident) -> str:
    act = request.POST.get("do", "")
    if act == "record":
        keep_record(incident, read_record(request.POST), request.user, read_number(request.POST.get("seen")) or 0)
        return _("调解记录已保存。")
    dispute = record_of(incident)
    if dispute is None:
        raise Refused(_("还没有调解记录。"), fix=_("请先保存调解记录，再登记当事人和调解会。"))
    if act == "party":
        add_party(dispute, **read_party(request.POST))
        return _("已登记当事人。")
    if act == "remove":
        DisputeParty.objects.filter(dispute=dispute, pk=read_number(request.POST.get("party")) or 0).delete()
        return _("已移除当事人。")
    if act == "meeting":
        add_meeting(dispute, request.user, **read_meeting(request.POST))
        return _("已记下这次调解会。")
    raise Refused(_("没有这个动作。"), fix=_("请刷新页面再试。"))


def _page(request: HttpRequest, incident: Incident, error: Refused | Conflict | None = None) -> HttpResponse:
    dispute = record_of(incident)
    if dispute:
        note_look(dispute, request.user)
    posted = request.POST if error else {}
    context = {
        "incident": incident,
        "dispute": dispute,
        "parties": [(party, phone_of(party)) for party in dispute.parties.all()] if dispute else [],
        "meetings": list(dispute.meetings.select_related("written_by")) if dispute else [],
        "looks": list(dispute.looks.select_related("by")[:30]) if dispute else [],
        "kinds": names_in("dispute").items(),
        "methods": Dispute.Method.choices,
        "outcomes": Dispute.Outcome.choices,
        "sides": DisputeParty.Side.choices,
        "value": _values(dispute, incident, posted if posted.get("do") == "record" else {}),
        "typed": posted if posted.get("do") in ("party", "meeting") else {},
        "error": error,
        "failed": posted.get("do", ""),
        "fields": getattr(error, "fields", {}),
        "now": timezone.localtime(),
    }
    status = 409 if isinstance(error, Conflict) else 422 if error else 200
    response = render(request, "web/mediation/record.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _values(dispute: Dispute | None, incident: Incident, posted) -> dict[str, str]:
    """What the form of the record shows: what was typed, else what is stored, else what is usual."""
    if posted:
        return {name: posted.get(name, "") for name in FIELDS}
    if dispute is None:
        return {"kind": usual_kind(incident), "method": Dispute.Method.PEOPLES, "outcome": Dispute.Outcome.ONGOING}
    stored = {name: getattr(dispute, name) for name in FIELDS}
    return {name: "" if value is None else str(value) for name, value in stored.items()}
