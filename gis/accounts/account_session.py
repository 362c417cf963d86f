"""Where an account is signed in now: one row for each session, so that its owner and an administrator may end it."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.outside_identity import OutsideIdentity
from gis.accounts.users import User


class AccountSession(models.Model):
    """A session of an account. `device` and `network` say no more than its owner needs to know it again.

    `outside` and `outside_session` (the provider's `sid`) are those by which a provider outside may end it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField(_("设备"), max_length=60, blank=True)
    network = models.CharField(_("来自"), max_length=45, blank=True)
    since = models.DateTimeField(_("登录时间"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("最近使用"), default=timezone.now)
    outside = models.ForeignKey(OutsideIdentity, models.SET_NULL, null=True, blank=True, related_name="sessions")
    outside_session = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["-last_seen_at"]
        # For the provider's message that a person has signed out there.
        indexes = [models.Index(fields=["outside_session"], name="session_by_provider")]

    def __str__(self) -> str:
        return f"session {self.pk}"


def end_sessions(sessions: Iterable[AccountSession]) -> list[AccountSession]:
    """End sessions at once, whoever holds their cookies; returns those ended."""
    ended = list(sessions)
    with transaction.atomic():
        Session.objects.filter(session_key__in=[one.key for one in ended]).delete()
        AccountSession.objects.filter(pk__in=[one.pk for one in ended]).delete()
    return ended


def forget_ended(now: datetime | None = None) -> None:
    """Delete sessions that have run out, and the notes of those that are gone."""
    Session.objects.filter(expire_date__lt=now or timezone.now()).delete()
    AccountSession.objects.exclude(key__in=Session.objects.values("session_key")).delete()
