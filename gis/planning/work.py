"""What is made in the background while somebody waits: who wants it, how far it is, what went wrong.

The row is the order. A worker that is killed leaves it as it stands, and whoever takes it up begins anew.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User


class Work(models.Model):
    """An order and how it goes; `web.jobs.working` carries it out."""

    class Stage(models.TextChoices):
        WAITING = "waiting", _("排队中")
        WORKING = "working", _("计算中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        CANCELLED = "cancelled", _("已取消")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    fix = models.CharField(max_length=200, blank=True)
    ordered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK


AT_WORK = (Work.Stage.WAITING, Work.Stage.WORKING)
