"""A question to the people of a community, their opinions as far as they were looked at, and what came of it."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gis.commons.consultation import LONGEST_REPLY
from gis.commons.consulting import reply, tally
from gis.errors import Conflict, Refused, TooMany
from gis.incidents.residents.allowance import spend
from gis.models import Consultation, Reply
from web.community.opened import community_at, opened
from web.open_pages import is_machine, new_ticket, read_ticket
from web.pages.paging import page_of, read_number
from web.whence import who

#: Replies of one visitor to one consultation a day: a whole building may share one address.
_REPLIES, _DAY = 20, timedelta(days=1)


@opened
def show(request: HttpRequest, code: str, uuid: str) -> HttpResponse:
    area, now = community_at(code), timezone.now()
    asked = get_object_or_404(Consultation.objects.for_area(code).shown(now), uuid=uuid)
    error, sent, body = None, False, {"text": request.POST.get("text", ""), "choice": request.POST.get("choice", "")}
    if request.method == "POST":
        try:
            sent = is_machine(request) or _send(request, asked, body)
        except (Refused, Conflict, TooMany) as refused:
            error = refused
    replies = page_of(asked.replies.filter(state=Reply.State.SHOWN), request.GET.get("page"))
    context = {"area": area, "asked": asked, "is_open": asked.is_open(now), "page": replies, "sent": sent, "body": body}
    context |= {"trouble": error, "fields": getattr(error, "fields", {}), "longest": LONGEST_REPLY}
    # Counts are told once it is over, so that nobody is led by them.
    context |= {"tally": [] if asked.is_open(now) else _shares(asked)}
    context |= {"ticket": request.POST.get("ticket", "") if error else new_ticket()}
    return render(request, "web/community/consultation.html", context, status=422 if error else 200)


def _send(request: HttpRequest, asked: Consultation, body: dict) -> bool:
    # Whoever opens the form again gets a ticket of its own: what keeps one visitor from voting all day is this count.
    spend("reply", who(request) + asked.uuid.bytes, _REPLIES, _DAY)
    reply(asked, read_number(body["choice"]), body["text"], uuid=read_ticket(request.POST.get("ticket", "")))
    return True


def _shares(asked: Consultation) -> list[dict]:
    counted = tally(asked)
    total = sum(number for _option, number in counted)
    return [
        {"option": option, "number": number, "percent": 100 * number / total if total else 0}
        for option, number in counted
    ]
