"""What is masked, shown in full with a reason; and all that is known of a person, printed for themselves."""

import re
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.codes.naming import names_in
from gis.errors import NotAllowed, Refused
from gis.incidents.residents.allowance import spend
from gis.models import Resident
from gis.people.masking import revealable
from gis.people.reading import Act
from gis.people.sealing import blind_index
from gis.written import read_line, refuse
from web.pages.readings import readings_of
from web.pages.residents import prints_records, read_resident, record

#: What one person may reveal in an hour: more is no longer looking somebody up.
_MOST = 30
_LONGEST = 100
_NUMBER = re.compile(r"\d{6}")


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The record again, with one masked field in full; who, when, which and why is noted."""
    resident = read_resident(request, pk)
    field = request.POST.get("field", "")
    if field not in revealable(request.access, resident.area):
        raise NotAllowed(_("按您的角色，不能显示这一项的完整内容。"), fix=_("请联系社区工作人员。"))
    try:
        reason = read_reason(request)
    except Refused as trouble:
        return record(request, resident, "web/records/resident.html", trouble=trouble, asked=field)
    count_reveal(request)
    return record(
        request, resident, "web/records/resident.html", act=Act.REVEAL, revealed=[field], reason=reason
    )  # fmt: skip


@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of a person and who has read it, to be handed to them: their right of access."""
    resident = read_resident(request, pk)
    if not prints_records(request, resident):
        raise NotAllowed(_("按您的角色，不能打印居民档案。"), fix=_("请到居民所在的社区办理。"))
    try:
        reason = read_reason(request)
    except Refused as trouble:
        return record(request, resident, "web/records/resident.html", trouble=trouble, asked="paper")
    count_reveal(request)
    return record(
        request, resident, "web/records/resident_paper.html", act=Act.PRINT, revealed=["identity"], reason=reason,
        readings=readings_of(resident), printed_at=timezone.now(), **_facts(resident),
    )  # fmt: skip


def _facts(resident: Resident) -> dict:
    return {
        "needs_known": resident.needs.order_by("-starts"),
        "need_names": names_in("service_need"),
        "visits_known": resident.visits.order_by("-at"),
    }


def read_reason(request: HttpRequest) -> str:
    """Why it is needed, in words: a number written there would stand in the log."""
    reason = read_line(request.POST.get("reason", ""), "reason", _LONGEST)
    if len(reason) < 2:
        raise refuse("reason", _("请写明理由。"), _("如“核对低保申请”。"))
    if _NUMBER.search(reason):
        raise refuse("reason", _("理由里不要写证件号或电话。"), _("请只写事由。"))
    return reason


def count_reveal(request: HttpRequest) -> None:
    """One more of the reader's hour. Raises where that is spent."""
    spend("reveal", blind_index(f"reveal {request.user.pk}"), _MOST, timedelta(hours=1))
