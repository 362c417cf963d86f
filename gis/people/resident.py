from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gis.columns import BlindIndexField, CodeField, SealedField
from gis.places.building import InScopeQuerySet

#: The constraints that refuse a number somebody has already, who may be out of sight (`doubled`).
ONCE = ("resident_once", "resident_once_by_either")


class Resident(models.Model):
    """A person who lives or is registered here. Row-level security guards the table.

    The identity number and the phone are kept sealed (`gis.people.sealing`): ciphertext to read back with a key
    that is not in the database, a keyed hash to match without reading, the last four digits to recognise.

    A person is registered once: the hash is unique. Only where somebody registers a person whose record lies outside
    their scope is a second one kept, `doubled`: to refuse it, to link it or to say so would tell whoever types a
    number that its owner is known elsewhere, and would hand over what is known there. No page shows the mark. It ends
    when one who is responsible for both places has the person move (`gis.people.moving`).
    """

    class Population(models.TextChoices):
        REGISTERED = "registered", _("户籍人口")
        FLOATING = "floating", _("流动人口")
        LEFT_BEHIND = "left_behind", _("留守人员")
        OVERSEAS = "overseas", _("境外人员")

    name = models.CharField(_("姓名"), max_length=60)
    sex = models.CharField(_("性别"), max_length=1, default="0")  # GB/T 2261.1
    born = models.DateField(_("出生日期"), null=True, blank=True)
    died_on = models.DateField(_("去世日期"), null=True, blank=True, editable=False)
    population = models.CharField(
        _("人口类型"), max_length=12, choices=Population.choices, default=Population.REGISTERED
    )
    document = models.CharField(_("证件类型"), max_length=3, default="111")  # GA/T 517
    identity_sealed = SealedField(
        index="identity_index", before="identity_before", null=True, blank=True, editable=False
    )
    identity_index = BlindIndexField(null=True, blank=True, editable=False, max_length=32)
    #: The index by the key that is being replaced: rows of either key are held against each other by it.
    identity_before = BlindIndexField(null=True, blank=True, editable=False, max_length=32)
    identity_last4 = models.CharField(max_length=4, blank=True, editable=False)
    doubled = models.BooleanField(default=False, db_default=False, editable=False)
    phone_sealed = SealedField(index="phone_index", null=True, blank=True, editable=False)
    phone_index = BlindIndexField(null=True, blank=True, editable=False, max_length=32)
    phone_last4 = models.CharField(max_length=4, blank=True, editable=False)
    area = CodeField(_("辖区代码"), max_length=15)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民")
        verbose_name_plural = _("居民")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_index"],
                condition=Q(identity_index__isnull=False, doubled=False),
                name=ONCE[0],
            ),
            # While keys are changed: whoever has been written by the new key carries the old one's index along, so that
            # a number is one number under either. Once all carry the new one, the constraint above holds alone.
            models.UniqueConstraint(
                Coalesce("identity_before", "identity_index"),
                condition=Q(identity_index__isnull=False, doubled=False),
                name=ONCE[1],
            ),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="resident_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["area"], name="resident_by_area"),  # row-level security and counts
            # Find by phone and by number, in the index alone: the time it takes tells nothing of who lives elsewhere.
            models.Index(fields=["phone_index", "area"], name="resident_by_phone"),
            models.Index(fields=["identity_index", "area"], name="resident_by_identity"),
            models.Index(fields=["identity_index"], condition=Q(doubled=True), name="resident_doubled"),  # find the few
        ]

    def __str__(self) -> str:
        return f"resident {self.pk}"
