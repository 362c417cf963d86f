"""A plate at a door with a code to scan: whoever stands there reports without saying where they are."""

import secrets
from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import CodeField
from gis.places.building import Building, InScopeQuerySet

#: Letters and digits that are not mistaken for one another when they are typed from a plate.
SIGNS = "ACDEFHJKLMNPQRTUVWXY34679"
#: 25^10: 46 bits. A plate is no secret, but nobody is to walk through all of them.
_LENGTH = 10


class DoorPlateQuerySet(InScopeQuerySet):
    def hanging(self):
        return self.filter(retired_at=None)


class DoorPlate(models.Model):
    """A printed plate of a building. It keeps its code for life; one that was torn down is retired."""

    code = models.CharField(_("编码"), max_length=_LENGTH, unique=True)
    building = models.ForeignKey(Building, models.CASCADE, related_name="plates", verbose_name=_("楼栋"))
    area = CodeField(_("辖区代码"), max_length=15)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("制作人"))
    made_at = models.DateTimeField(_("制作时间"), default=timezone.now)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = DoorPlateQuerySet.as_manager()

    class Meta:
        verbose_name = _("门牌二维码")
        verbose_name_plural = _("门牌二维码")
        ordering = ["building", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["building"], condition=models.Q(retired_at=None), name="plate_one_hangs_at_a_building"
            )
        ]

    def __str__(self) -> str:
        return self.code


def plates_for(buildings: Iterable[Building], user: User) -> list[DoorPlate]:
    """The plate of each building, made where it has none yet."""
    buildings = list(buildings)
    DoorPlate.objects.bulk_create(
        [DoorPlate(code=_new_code(), building=one, area=one.area, made_by=user) for one in buildings],
        ignore_conflicts=True,
    )
    hanging = DoorPlate.objects.hanging().filter(building__in=buildings)
    found = {plate.building_id: plate for plate in hanging.select_related("building__compound")}
    return [found[one.pk] for one in buildings if one.pk in found]


def renew_plate(building: Building, user: User) -> DoorPlate:
    """Another code for a building whose plate was torn down or copied; the old one opens nothing any more."""
    DoorPlate.objects.hanging().filter(building=building).update(retired_at=timezone.now())
    return plates_for([building], user)[0]


def building_of_plate(code: str) -> Building | None:
    """Where a plate hangs; None for a code that is none, or of a plate that is retired."""
    typed = "".join(sign for sign in code.upper() if sign in SIGNS)
    plate = DoorPlate.objects.hanging().filter(code=typed).select_related("building__compound").first()
    return plate.building if plate else None


def _new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(_LENGTH))
