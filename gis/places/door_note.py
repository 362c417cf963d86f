from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import CodeField
from gis.places.building import Building, Dwelling, InScopeQuerySet


class DoorNote(models.Model):
    """What was found at a door or done to it, by whom and when. Appended, never edited.

    Row-level security guards the table: when somebody was at home says something of people. No note names one, nor
    says where a worker was. It outlives a door that was added by mistake and taken away again, so `door` keeps its
    name and the links carry no constraint.
    """

    class What(models.TextChoices):
        ANSWERED = Dwelling.Answer.ANSWERED.value, Dwelling.Answer.ANSWERED.label
        NO_ANSWER = Dwelling.Answer.NO_ANSWER.value, Dwelling.Answer.NO_ANSWER.label
        REFUSED = Dwelling.Answer.REFUSED.value, Dwelling.Answer.REFUSED.label
        STATE = "state", _("更改居住状态")
        ADDED = "added", _("新增户室")
        RENAMED = "renamed", _("更改室号")
        GONE = "gone", _("拆除或合并")
        RESTORED = "restored", _("恢复户室")
        REMOVED = "removed", _("撤销新增")
        MOVED_IN = "moved_in", _("登记迁入")
        MOVED_OUT = "moved_out", _("登记迁出")
        CORRECTED = "corrected", _("更正住户资料")

    building = models.ForeignKey(Building, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    dwelling = models.ForeignKey(Dwelling, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="notes")
    door = models.CharField(_("户室"), max_length=40)
    what = models.CharField(_("事项"), max_length=9, choices=What.choices)
    before = models.CharField(_("原来"), max_length=40, blank=True)
    after = models.CharField(_("现在"), max_length=40, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    area = CodeField(_("辖区代码"), max_length=15)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("户室记录")
        verbose_name_plural = _("户室记录")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["dwelling", "-at"], name="doornote_by_door"),  # history of a door, newest first
            models.Index(fields=["area"], name="doornote_by_area"),  # row-level security
        ]


def note(dwelling: Dwelling, what: str, *, by: User, at=None, before: str = "", after: str = "") -> None:
    """Write down what happened at a door."""
    note_all([dwelling], what, by=by, at=at, before=before, after=after)


def note_all(doors: Iterable[Dwelling], what: str, *, by: User, at=None, before: str = "", after: str = "") -> None:
    """Write down what happened at several doors at once."""
    DoorNote.objects.bulk_create(
        DoorNote(
            building_id=door.building_id,
            dwelling_id=door.pk,
            door=str(door)[:40],
            what=what,
            before=before,
            after=after,
            at=at or timezone.now(),
            by=by,
            area=door.area,
        )
        for door in doors
    )
