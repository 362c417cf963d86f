"""Once a day, at an hour of their own, what lies before somebody: late, due today, and whatever else waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.incidents.holidays import calendar_in_force
from gis.incidents.incident import Incident
from gis.incidents.reminders.notice import NoticeSetting
from gis.incidents.workflow import waiting
from gis.planning.deciding import awaiting
from web.jobs.mailing import NoServer, link, places_of, try_to_send

#: Cases named; the rest are a number and a link.
_MOST = 20
#: A server that was away in the morning makes up for it so many hours long, then lets it be.
_LATEST = 4


@dataclass(frozen=True)
class Before:
    """What waits for somebody: how many, of those late and due before the day ends; the first of them by name.

    `plans` wait for approval by them; their names stay in the house, as those in single notices do.
    """

    waiting: int
    late: int
    today: int
    first: list[Incident]
    plans: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.waiting or self.plans)


def before(user: User, now: datetime) -> Before:
    """What waits for somebody's next move, the most pressing first."""
    ends = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    mine = Incident.objects.inside(user.access.which("incident.read")).filter(waiting(user, user.access))
    late = mine.filter(_due_before(now)).count()
    today = mine.filter(_due_before(ends)).count() - late
    rows = mine.select_related("category").order_by(F("stage_due_at").asc(nulls_last=True), "reported_at", "pk")
    return Before(mine.count(), late, today, list(rows[:_MOST]), len(awaiting(user, user.access)))


def _due_before(moment: datetime) -> Q:
    return Q(stage_due_at__lt=moment) | Q(due_at__lt=moment)


def send_digests(now: datetime) -> int:
    """Send today's digests whose hour has come. Returns how many were sent."""
    if not settings.EMAIL_HOST:
        return 0
    _with_defaults()
    local = timezone.localtime(now)
    due = NoticeSetting.objects.filter(
        Q(digested_on=None) | Q(digested_on__lt=local.date()), digest=True, user__is_active=True,
        digest_hour__lte=local.hour, digest_hour__gt=local.hour - _LATEST,
    ).exclude(user__email="")  # fmt: skip
    if not calendar_in_force().work.is_worked(local.date()):
        due = due.filter(workdays_only=False)
    sent = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            sent += _send(pk, now)
        except NoServer:
            break  # the hour is not over: the next minute tries again
    return sent


def _with_defaults() -> None:
    """Everybody with an address has a row, by which the digest of a day is marked."""
    without = User.objects.filter(is_active=True, notice_setting=None).exclude(email="")
    made = [NoticeSetting(user=user, language=settings.LANGUAGE_CODE) for user in without]
    NoticeSetting.objects.bulk_create(made, ignore_conflicts=True)


def _send(pk: int, now: datetime) -> bool:
    today = timezone.localdate(now)
    with transaction.atomic():
        rows = NoticeSetting.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
        way = rows.filter(pk=pk).exclude(digested_on=today).first()
        if way is None:
            return False
        told = before(way.user, now)
        trouble = try_to_send(digest_of(way, told, now), way.user) if told.anything else ""
        if trouble == "server":
            raise NoServer
        NoticeSetting.objects.filter(pk=pk).update(digested_on=today)
    return told.anything and not trouble


def digest_of(way: NoticeSetting, told: Before, now: datetime) -> EmailMessage:
    """The message of one day."""
    user = way.user
    with translation.override(way.language):
        names = places_of(told.first)
        cases = [(one, names.get(one.area[:12], ""), link("incident", one.number)) for one in told.first]
        context = {"told": told, "cases": cases, "now": now, "list_url": link("incidents"), "plans_url": link("plans")}
        counts = {"waiting": told.waiting, "late": told.late, "today": told.today}
        subject = _("待办 %(waiting)s 件，已超时 %(late)s 件，今日到期 %(today)s 件") % counts
        if not told.waiting:
            subject = _("待审批的方案 %(plans)s 个") % {"plans": told.plans}
        text = render_to_string("web/mail/digest.txt", context | {"settings_url": link("notice-settings")})
    key = f"digest.{user.pk}.{timezone.localdate(now):%Y%m%d}"
    return EmailMessage(f"[{_('网格')}] {subject}", text, to=[user.email], headers={"X-Wangge-Key": key})
