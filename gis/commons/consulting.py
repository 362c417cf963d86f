"""Asking the people of a community, taking in what they say, and telling what came of it."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.commons.consultation import LONGEST_REPLY, MOST_OPTIONS, Consultation, Reply
from gis.errors import Conflict, OutOfScope
from gis.written import read_line, read_words, refuse

#: Replies to one consultation that may wait to be looked at; more would be a flood nobody reads.
MOST_WAITING = 2000


def read_options(text: str) -> list[str]:
    """The options of a question, one a line, each once."""
    options = list(dict.fromkeys(read_line(line, "options", 60) for line in text.splitlines() if line.strip()))
    if len(options) == 1 or len(options) > MOST_OPTIONS:
        raise refuse(
            "options",
            _("选项要有 2 到 %(most)d 个，或者一个也没有。") % {"most": MOST_OPTIONS},
            _("请每行写一个选项。"),
        )
    return options


def reply(consultation: Consultation, choice: int | None, text: str, *, uuid: UUID) -> bool:
    """Take in an opinion; False where the same one is there already. Raises Conflict once it is over."""
    text = read_words(text, "text", LONGEST_REPLY)
    if not consultation.is_open(timezone.now()):
        raise Conflict(_("意见征求已经结束。"), fix=_("结果会公布在这里。"))
    if choice is not None and not 0 <= choice < len(consultation.options):
        raise refuse("choice", _("没有这个选项。"), _("请重新选择。"))
    if choice is None and not text:
        raise refuse("text", _("还没有选择，也没有写意见。"), _("请选一项，或写一句话。"))
    if consultation.replies.filter(state=Reply.State.WAITING).count() >= MOST_WAITING:
        raise refuse("text", _("收到的意见太多，还没有看完。"), _("请明天再来。"))
    # A choice without words holds nothing to be looked at.
    state = Reply.State.WAITING if text else Reply.State.KEPT
    try:
        with transaction.atomic():
            Reply.objects.create(uuid=uuid, consultation=consultation, choice=choice, text=text, state=state)
    except IntegrityError:
        return False
    return True


def tally(consultation: Consultation) -> list[tuple[str, int]]:
    """How often each option was chosen, in the order of the options; invalid replies are not counted."""
    counted = consultation.replies.exclude(state=Reply.State.REFUSED).exclude(choice=None).order_by()
    counts = Counter(dict(counted.values_list("choice").annotate(number=Count("pk"))))
    return [(option, counts[place]) for place, option in enumerate(consultation.options)]


@transaction.atomic
def judge_reply(pk: int, state: str, answer: str, *, user: User, access: Access) -> Reply:
    """Show a reply, count it without showing it, or leave it out; with an answer that is shown beside it."""
    inside = access.which("commons.write").q("consultation__area")
    found = Reply.objects.select_related("consultation").filter(inside, pk=pk).select_for_update(of=("self",)).first()
    if found is None:
        raise OutOfScope("There is no such reply in scope.")
    if state not in (Reply.State.SHOWN, Reply.State.KEPT, Reply.State.REFUSED):
        raise refuse("state", _("没有这种处理。"), _("请刷新页面。"))
    found.state, found.answer, found.by = state, read_words(answer, "answer", LONGEST_REPLY), user
    found.save(update_fields=["state", "answer", "by"])
    return found


@transaction.atomic
def tell_result(pk: int, result: str, *, user: User, access: Access, now: datetime) -> Consultation:
    """Publish what came of a consultation, once it is over."""
    scope = access.which("commons.write")
    found = Consultation.objects.inside(scope).select_for_update().filter(pk=pk).first()
    if found is None:
        raise OutOfScope("There is no such consultation in scope.")
    if found.is_open(now):
        raise Conflict(_("意见征求还没有结束。"), fix=_("请等到截止，或先改截止时间。"))
    found.result, found.by = read_words(result, "result", 2000, needed=True), user
    found.result_at = found.result_at or now
    found.save(update_fields=["result", "result_at", "by"])
    return found
