"""What was done to settle a dispute: the record, the parties, the meetings, and who has looked at it.

A dispute is a case like any other, with its steps and limits; what is said about people and between them stands here,
apart, and is shown to nobody but those who handle it (`opening.py`). No list, export, search, API or public page reads
these tables.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import SealedField
from gis.incidents.incident import Incident


class Dispute(models.Model):
    """The mediation record of a case. `kind`: a code of the table `dispute`."""

    class Method(models.TextChoices):
        PEOPLES = "peoples", _("人民调解")
        ADMINISTRATIVE = "administrative", _("行政调解")
        JUDICIAL = "judicial", _("司法调解")
        TRADE = "trade", _("行业性、专业性调解")
        TALKS = "talks", _("协商和解")
        OTHER = "other", _("其他方式")

    class Outcome(models.TextChoices):
        ONGOING = "ongoing", _("调解中")
        AGREED = "agreed", _("达成协议")
        FAILED = "failed", _("调解不成")
        WITHDRAWN = "withdrawn", _("当事人撤回")
        REFERRED = "referred", _("转其他途径")

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="dispute", verbose_name=_("事件"))
    kind = models.SlugField(_("纠纷类型"), max_length=40, db_index=False)
    brief = models.TextField(_("争议事项"), max_length=4000, blank=True)
    people = models.PositiveSmallIntegerField(_("涉及人数"), null=True, blank=True)
    mediator = models.CharField(_("调解员或调解组织"), max_length=80, blank=True)
    method = models.CharField(_("化解方式"), max_length=16, choices=Method.choices, default=Method.PEOPLES)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, default=Outcome.ONGOING)
    agreement = models.TextField(_("协议内容"), max_length=8000, blank=True)
    agreed_on = models.DateField(_("协议日期"), null=True, blank=True)
    review_on = models.DateField(_("回访日期"), null=True, blank=True)
    review = models.TextField(_("回访情况"), max_length=4000, blank=True)
    #: Counts the changes, so that two who write do not overwrite each other.
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    written_at = models.DateTimeField(_("记录时间"), auto_now=True)

    class Meta:
        verbose_name = _("调解记录")
        verbose_name_plural = _("调解记录")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="agreed") | Q(agreed_on__isnull=False), name="dispute_agreed_on_a_day"
            )
        ]
        indexes = [models.Index(fields=["review_on"], condition=Q(review=""), name="dispute_reviews_due")]  # calendar

    def __str__(self) -> str:
        return f"dispute {self.pk}"


class DisputeParty(models.Model):
    """One who is part of a dispute, as they gave their name. A phone is sealed at rest."""

    class Side(models.TextChoices):
        APPLICANT = "applicant", _("申请人")
        OTHER_SIDE = "other_side", _("被申请人")
        CONCERNED = "concerned", _("其他相关人")

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties")
    side = models.CharField(_("身份"), max_length=10, choices=Side.choices, default=Side.APPLICANT)
    name = models.CharField(_("姓名或名称"), max_length=80)
    phone_sealed = SealedField(null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("当事人")
        verbose_name_plural = _("当事人")
        ordering = ["dispute", "side", "pk"]

    def __str__(self) -> str:
        return f"party {self.pk}"


class DisputeMeeting(models.Model):
    """One sitting of a mediation. Appended, never edited: the database refuses."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="meetings")
    at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    attended = models.CharField(_("到场人员"), max_length=200, blank=True)
    summary = models.TextField(_("经过"), max_length=4000)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))

    class Meta:
        verbose_name = _("调解会")
        verbose_name_plural = _("调解会")
        ordering = ["dispute", "at", "pk"]

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class DisputeLook(models.Model):
    """That somebody opened a record on a day. Appended, never edited: the database refuses."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="looks")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    day = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        ordering = ["dispute", "-day", "by"]
        constraints = [models.UniqueConstraint(fields=["dispute", "by", "day"], name="dispute_look_once_a_day")]

    def __str__(self) -> str:
        return f"look {self.pk}"
