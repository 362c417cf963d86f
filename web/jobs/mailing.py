"""Reminders by e-mail: what waits, one message a person; and once a day, who wants it, what lies before them.

A message names number, kind, community and time limit, and nothing anybody wrote: e-mail leaves the house. It is marked
as sent in the transaction that sends it. A server that does not answer is tried again, later each time.
"""

import logging
import smtplib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis.accounts.users import User
from gis.areas.area import Area
from gis.incidents.incident import Incident
from gis.incidents.reminders.notice import Mail, Mailed, Notice, setting_of
from gis.incidents.reminders.saying import say
from gis.models import PlanNotice
from web.jobs.plan_mail import readable_plans

logger = logging.getLogger(__name__)
#: Notices in one message; more go into the next.
_MOST = 50
#: After so many tries, a day and a half, a notice is not sent any more; it is still in the app.
_TRIES = 11


class NoServer(Exception):
    """The mail server does not answer, or refuses us."""


def send_waiting(now: datetime) -> int:
    """Send what waits, each person one message. Returns how many messages were sent."""
    if not settings.EMAIL_HOST:
        return 0
    users = {user for kind in (Notice, PlanNotice) for user in _waiting(kind, now).values_list("user", flat=True)}
    sent = 0
    for user in sorted(users):
        try:
            sent += _send_to(user, now)
        except NoServer:
            break  # the others wait for a server that answers
    return sent


def _waiting(kind: type[Mailed], now: datetime) -> QuerySet:
    return kind.objects.filter(mail=Mail.WAITS, mail_at__lte=now)


def _send_to(user_id: int, now: datetime) -> bool:
    """One person's message. Raises NoServer, with what waits put off, when it cannot be sent for no fault of theirs."""
    with transaction.atomic():
        waits = [_taken(kind, user_id, now) for kind in (Notice, PlanNotice)]
        user = User.objects.get(pk=user_id)
        told, plans = readable(user, waits[0]), readable_plans(user, waits[1])
        says = bool((told or plans) and user.email)
        trouble = try_to_send(message_of(user, told, plans), user) if says else ""
        for notices in waits:
            _put_off(notices, now) if trouble else _settle(notices, Mail.SENT if says else Mail.NONE, now)
    if trouble == "server":
        raise NoServer
    return bool(told or plans) and not trouble


def _taken(kind: type[Mailed], user_id: int, now: datetime) -> list[Mailed]:
    """What waits for one person, locked; what another worker sends just now is left to it."""
    rows = _waiting(kind, now).filter(user=user_id).select_for_update(skip_locked=True, of=("self",))
    return list(rows.order_by("at")[:_MOST])


def _settle(notices: list[Mailed], mail: str, now: datetime) -> None:
    if notices:
        type(notices[0]).objects.filter(pk__in=[one.pk for one in notices]).update(mail=mail, mail_at=now)


def readable(user: User, notices: Iterable[Notice]) -> list[Notice]:
    """Those of the notices whose case they may still read, with what is said of it."""
    if not user.is_active:
        return []
    mine = Notice.objects.of(user, user.access).filter(pk__in=[one.pk for one in notices])
    return list(mine.select_related("incident__category").order_by("-urgent", "at"))


def message_of(user: User, notices: list[Notice], plans: Sequence[PlanNotice] = ()) -> EmailMessage:
    """One message that says some notices, of cases and of plans, in their reader's language."""
    with translation.override(setting_of(user).language):
        say(notices)
        for one in plans:
            one.url = link("plan-notice", one.pk)
        context = {"notices": with_places(notices), "plans": plans, "settings_url": link("notice-settings")}
        subject, text = _subject(notices, plans), render_to_string("web/mail/notices.txt", context)
    key = ".".join(f"{rows[0].pk}.{rows[-1].pk}.{len(rows)}" if rows else "0" for rows in (notices, plans))
    return EmailMessage(subject, text, to=[user.email], headers={"Message-ID": f"<notices.{key}@{_host()}>"})


def _subject(notices: list[Notice], plans: Sequence[PlanNotice]) -> str:
    count = len(notices) + len(plans)
    if count > 1:
        said = ngettext("%(count)s 条提醒", "%(count)s 条提醒", count) % {"count": count}
    elif plans:
        said = f"{plans[0].get_kind_display()} {plans[0].place}"
    else:
        said = f"{notices[0].title}：{_(notices[0].incident.terms.name)} {notices[0].incident.number}"
    # Names of categories and areas are imported, and a line more would be a header.
    return " ".join(f"[{_('网格')}] {said}".split())


def with_places(notices: list[Notice]) -> list[Notice]:
    """Put into each notice the community of its case and where to find it."""
    names = places_of([notice.incident for notice in notices])
    for notice in notices:
        notice.community = names.get(notice.incident.area[:12], "")
        notice.url = link("incident", notice.incident.number)
    return notices


def places_of(incidents: Iterable[Incident]) -> dict[str, str]:
    """Code → name of the communities of some cases."""
    codes = {incident.area[:12] for incident in incidents}
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))


def link(name: str, *arguments: object) -> str:
    """The whole address of a page; empty where it is not known under which address people reach us."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=arguments) if settings.SITE_URL else ""


def deliver(message: EmailMessage) -> None:
    """Send one message by the server of the settings. Raises SMTPException or OSError."""
    message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    message.send()


def try_to_send(message: EmailMessage, user: User) -> str:
    """Send it. What went wrong: "" nothing, "address" this address alone, "server" all of it."""
    try:
        deliver(message)
    except (smtplib.SMTPRecipientsRefused, ValueError):  # ValueError: an address that no message can be written to
        logger.warning("mail address refused", extra={"user": user.pk})
        return "address"
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("mail not sent", extra={"reason": type(error).__name__})
        return "server"
    return ""


def _put_off(notices: list[Mailed], now: datetime) -> None:
    for notice in notices:
        notice.tries += 1
        notice.mail = Mail.FAILED if notice.tries >= _TRIES else Mail.WAITS
        notice.mail_at = now + timedelta(minutes=2**notice.tries)
    if notices:
        type(notices[0]).objects.bulk_update(notices, ["tries", "mail", "mail_at"])


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def test_message(user: User) -> EmailMessage:
    """What somebody is sent who wants to see whether it arrives."""
    return EmailMessage(f"[{_('网格')}] {_('测试邮件')}", _("收到这封邮件，说明提醒可以送达。"), to=[user.email])
