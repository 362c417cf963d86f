"""The feed of a subscription: who came, changed or is gone, by token."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from procrastinate.exceptions import AlreadyEnqueued

from gis.accounts.scope import Scope, applied
from gis.collection.sharing.feed import PAGE, changes_since
from gis.collection.sharing.preparing import needs_preparing, order
from gis.collection.sharing.subscribing import granted, refuse_unless_in_force
from gis.collection.sharing.taking import in_rows, note_given
from gis.collection.showing import noted
from gis.errors import OutOfScope
from gis.models import Subscription
from gis.written import refuse
from web.api.refusals import described
from web.tasks import prepare_feed

router = Router(tags=["subscriptions"])

#: Seconds after which a reader asks again for a feed that is being prepared.
_AGAIN = 10


class EntryOut(Schema):
    id: str = Field(
        description="by which this subscription knows the person, household, home or unit; never a number of a document"
    )
    change: str = Field(description="`added`, `changed` or `gone`")
    cell: str = Field(description="code of the cell, or of the community where no cell holds it")
    values: dict[str, str | None] | None = Field(description="by code of the field, masked; null in a tombstone")


class ChangesOut(Schema):
    items: list[EntryOut]
    next: str = Field(description="to be sent as `since` next time, after these items are stored")
    more: bool = Field(description="whether more is there now")


class PreparingOut(ChangesOut):
    """No items yet, `next` as it was asked for, `more` true: whoever goes on as always misses nothing."""

    preparing: int = Field(description="per cent of everybody that was looked at")


@router.get(
    "/{uuid}/changes", **described("changes", "Changes of a subscription", {200: ChangesOut, 202: PreparingOut})
)
def changes(
    request: HttpRequest,
    response: HttpResponse,
    uuid: UUID,
    since: str = Query("0", max_length=20, description="`next` of the answer before; `0` for everybody"),
    limit: int = Query(PAGE, ge=1, le=PAGE),
) -> dict | Status:
    """Who came, changed or is gone since an answer, the oldest first. Nothing is lost between two answers; an item may
    come again where it changed again.

    The first answer, and the first of a day or after other fields were granted, looks at everybody. Where that is a
    whole district, a job does it: the answer is 202 with `Retry-After`, and the same is asked again then."""
    one, today = _subscription(request, uuid), timezone.localdate()
    refuse_unless_in_force(one, request.user, request.access, today)
    if not (since.isascii() and since.isdigit() and int(since) <= one.last_number):
        raise refuse("since", _("没有这样的位置。"), _("请用上一次回答中的 next，或从 0 重新开始。"))
    scope = request.access.which("share.take").within(one.area)
    if _is_preparing(one, scope, today):
        response["Retry-After"] = str(_AGAIN)
        return Status(202, {"items": [], "next": since, "more": True, "preparing": _done(one)})
    with applied(scope):
        page = changes_since(one, int(since), scope, today, limit)
        _note(request, one, page)
    items = [{"id": row.key, "change": row.change, "cell": row.area, "values": row.values} for row in page.entries]
    return {"items": items, "next": str(page.cursor), "more": page.more}


def _is_preparing(one: Subscription, scope: Scope, today: date) -> bool:
    """Whether a job looks at everybody first; it is asked for once, and again where one was given up.

    What is asked for must not be undone with the answer, which is why that is no refusal (`web.scope`)."""
    with applied(scope):
        waits = needs_preparing(one, scope, today)
    if waits:
        order(one)
        _start(one)
    return waits


def _start(one: Subscription) -> None:
    """One waits at a time, and no two are at work: a second finds everything done."""
    name = f"prepare_feed {one.pk}"
    try:
        with transaction.atomic():
            prepare_feed.configure(lock=name, queueing_lock=name).defer(subscription_id=one.pk)
    except AlreadyEnqueued:
        pass


def _done(one: Subscription) -> int:
    return Subscription.objects.values_list("preparing", flat=True).get(pk=one.pk) or 0


def _subscription(request: HttpRequest, uuid: UUID) -> Subscription:
    """One of the account's own department that the token reaches wholly; of every other nothing is told."""
    token, mine = request.token, Subscription.objects.filter(uuid=uuid, department=request.user.department_id)
    one = mine.first() if request.user.department_id else None
    narrowed = token.department_id not in (None, request.user.department_id)
    if one is None or narrowed or not request.access.may("share.take", one.area):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return one


def _note(request: HttpRequest, one: Subscription, page) -> None:
    """Whose values were told, as for a file."""
    told = [(entry.subject, entry.area) for entry in page.entries if entry.values is not None]
    if told:
        fields = noted(in_rows(granted(one)))
        note_given(one, told, request.user, request.access, fields=fields, kind="feed", reason=one.name)
