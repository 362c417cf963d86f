import uuid

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField
from gis.places.building import InScopeQuerySet


class Proposal(models.Model):
    """Places for new service points that somebody has tried out and named, to come back to and to show to others.

    Only positions and settings are kept; the figures are worked out for whoever opens it, with what they may see.
    `area` is the ground it was made for: who may see that ground may open it by its link.
    """

    MOST_SITES = 10

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="proposals")
    name = models.CharField(_("名称"), max_length=60)
    kind = models.SlugField(_("类型"), max_length=40, db_index=False)
    minutes = models.PositiveSmallIntegerField(_("步行分钟"))
    sites = models.JSONField(_("位置"), validators=[MaxLengthValidator(MOST_SITES)])  # [[longitude, latitude], …]
    area = CodeField(_("辖区代码"), max_length=15)
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("选址方案")
        verbose_name_plural = _("选址方案")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="proposal_once_per_owner")]
        indexes = [models.Index(fields=["area"], name="proposal_by_area")]  # scope range

    def __str__(self) -> str:
        return self.name
