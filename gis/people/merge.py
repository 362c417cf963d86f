import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField
from gis.places.building import InScopeQuerySet


class Merge(models.Model):
    """Two records of one person made one, in a way that can be taken back. Row-level security guards the table.

    Nothing is written anew and nothing is lost: what tells of the person (stays, needs, visits, facts, corrections,
    life events) now points to the record that is kept, and `moved` says which rows did; `ended` are open stays of the
    record that went which could not stay open beside the kept one's. `filled` are columns of the kept record that were
    empty. The other record is put `away`: into an area that no place has and nobody is posted to, so no list, search,
    count or map finds it. To take a merge back is to do each of these the other way round; what came to the kept record
    since stays there. A life event from before a merge is taken back after it, and one recorded since that changed what
    goes back, before it. Needs lie where the record of their person lies, before and after.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.BigIntegerField()
    gone = models.BigIntegerField()
    area = CodeField(_("辖区代码"), max_length=15)
    gone_area = CodeField(max_length=15)
    gone_doubled = models.BooleanField(default=False)
    moved = models.JSONField(default=dict)  # table → keys
    ended = models.JSONField(default=list)  # keys of stays
    filled = models.JSONField(default=list)  # names of columns
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("合并档案")
        verbose_name_plural = _("合并档案")
        ordering = ["-at"]
        indexes = [models.Index(fields=["area", "-at"], name="merge_by_area")]  # the list of an area

    def __str__(self) -> str:
        return f"merge {self.pk}"

    @property
    def away(self) -> str:
        """Where the record that went is: no division code begins with 00."""
        return f"00{self.pk:013d}"
