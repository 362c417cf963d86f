import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import CodeField
from gis.people.resident import Resident
from gis.places.building import Dwelling, InScopeQuerySet


class LifeEventQuerySet(InScopeQuerySet):
    def standing(self):
        """Events that nobody has taken back."""
        return self.filter(withdrawal=None)


class LifeEvent(models.Model):
    """Something that happened to a person: born, moved, left, died … Row-level security guards the table.

    One act may concern several people and two places: a family that moves leaves a row each where they lived (`moved`)
    and a row each where they live now (`came`), with one `act` in common. So each place keeps the history of its own
    time, and a row never says where in another place somebody lives: whoever goes to another office's ground (`left`)
    is said to go to its area, not to a door. `name` is what the person was called: a record that has gone to another
    office, or that should never have been there, is not seen here any more, the event is.

    Rows are appended; a wrong one is taken back by a `LifeEventWithdrawal`. `changes` is what the act did to the
    records, each with what stood there before (`ledger.py`), so that it can be undone exactly.
    """

    class Kind(models.TextChoices):
        BORN = "born", _("出生")
        CAME = "came", _("迁入")
        MOVED = "moved", _("搬出")
        LEFT = "left", _("迁离")
        DIED = "died", _("去世")
        SPLIT = "split", _("分户")
        JOINED = "joined", _("并户")
        HEAD = "head", _("变更户主")
        TYPE = "type", _("人口类型变更")
        REGISTERED = "registered", _("户籍变更")
        NAMED = "named", _("更名")

    class Far(models.TextChoices):
        AREA = "area", _("本区其他街道或社区")
        AWAY = "away", _("外地")
        ABROAD = "abroad", _("境外")
        UNKNOWN = "unknown", _("去向不明")

    act = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("变动"), max_length=10, choices=Kind.choices)
    resident = models.ForeignKey(
        Resident, models.DO_NOTHING, db_constraint=False, related_name="events", verbose_name=_("居民")
    )
    name = models.CharField(_("姓名"), max_length=60)
    on = models.DateField(_("日期"))
    dwelling = models.ForeignKey(
        Dwelling, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="events"
    )
    before = models.CharField(_("原来"), max_length=60, blank=True)  # a type, a relation or a name
    after = models.CharField(_("现在"), max_length=60, blank=True)
    far = models.CharField(_("去向"), max_length=7, choices=Far.choices, blank=True)
    to_area = CodeField(_("去往辖区"), max_length=12, blank=True)
    place = models.CharField(_("去往地点"), max_length=40, blank=True)  # a city or a country, never an address
    reason = models.CharField(_("原因"), max_length=2, blank=True)  # code table migrate_reason
    note = models.CharField(_("备注"), max_length=100, blank=True)
    changes = models.JSONField(default=list, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    area = CodeField(_("辖区代码"), max_length=15)

    objects = LifeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员变动")
        verbose_name_plural = _("人员变动")
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["area", "-on"], name="life_event_by_area"),  # row-level security; an area's changes
            models.Index(fields=["resident", "-on"], name="life_event_by_resident"),  # a person's, newest first
            models.Index(fields=["dwelling", "-on"], name="life_event_by_dwelling"),  # who lived behind a door
            models.Index(fields=["act"], name="life_event_by_act"),  # to take back all of it
        ]

    def __str__(self) -> str:
        return f"life event {self.pk}"


class LifeEventWithdrawal(models.Model):
    """Says that an event did not happen so. Appended; the event stays in the record and counts for nothing."""

    event = models.OneToOneField(LifeEvent, models.CASCADE, related_name="withdrawal", verbose_name=_("人员变动"))
    at = models.DateTimeField(_("撤销时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("撤销人"))
    reason = models.CharField(_("原因"), max_length=100, blank=True)
    area = CodeField(_("辖区代码"), max_length=15)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("变动撤销")
        verbose_name_plural = _("变动撤销")
        indexes = [models.Index(fields=["area"], name="life_withdrawal_by_area")]  # row-level security
