"""Who represents a unit, or the phone, shown in full with a reason, as of residents."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import NotAllowed, Refused
from web.errors import status_of
from web.organisations.record import read_organisation, record, revealable_of
from web.pages.reveal import count_reveal, read_reason


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The record again, with one masked field in full; who, when, which and why is noted."""
    organisation = read_organisation(request, pk)
    field = request.POST.get("field", "")
    if field not in revealable_of(request, organisation):
        raise NotAllowed(_("按您的角色，不能显示这一项的完整内容。"), fix=_("请联系社区工作人员。"))
    try:
        reason = read_reason(request)
    except Refused as trouble:
        return record(request, organisation, status_of(trouble), unreasoned=trouble)
    count_reveal(request)
    return record(request, organisation, revealed=[field], reason=reason)
