"""Who has a plan open just now, so that two who work in it know of each other.

A row lives for as long as the page gives signs of life, and is then deleted: nothing is kept of who looked when.
"""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from gis.accounts.users import User
from gis.columns import TransactionField
from gis.planning.plan import Plan

#: Without a sign of life for so long somebody has left; a page gives one every 20 seconds.
_GONE = timedelta(seconds=50)


class PlanPresence(models.Model):
    """Somebody has the plan open."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="present")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    transaction = TransactionField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "user"], name="plan_presence_once")]
        indexes = [models.Index(fields=["transaction"], name="plan_presence_order")]  # the live feed

    def __str__(self) -> str:
        return f"presence {self.pk}"


def arrive(plan: Plan, user: User) -> list[User]:
    """Keep that somebody has a plan open; the others who have, by name."""
    now = timezone.now()
    PlanPresence.objects.filter(plan=plan, at__lt=now - _GONE).delete()
    PlanPresence.objects.update_or_create(plan=plan, user=user, defaults={"at": now})
    others = User.objects.filter(pk__in=plan.present.exclude(user=user).values("user"), is_active=True)
    return [one for one in others.order_by("name", "username") if one.access.may("plan.read", plan.area)]


def leave(plan: Plan, user: User) -> None:
    PlanPresence.objects.filter(plan=plan, user=user).delete()
