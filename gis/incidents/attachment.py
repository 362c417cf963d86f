import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope, applied
from gis.incidents import photo_store
from gis.incidents.incident import Incident
from gis.incidents.step import Step

#: Photos of one step.
MOST_PHOTOS = 4
#: Every code of an area begins with two digits.
_EVERYWHERE = Scope.of(f"{number:02d}" for number in range(100))


class AttachmentQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q("incident__area"))


class Attachment(models.Model):
    """A photo that came with a step of an incident. Appended, never edited.

    A photo shows more than was meant: it belongs where its incident lies and has no area of its own, so it follows the
    incident when cells are redrawn. The database itself hides it from who may not see that area (migration 0021).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="attachments", verbose_name=_("事件"))
    step = models.ForeignKey(Step, models.CASCADE, related_name="attachments", verbose_name=_("流转记录"))
    position = models.PositiveSmallIntegerField(_("次序"))
    #: Of its files in `photo_store`.
    name = models.CharField(max_length=40, unique=True)
    width = models.PositiveSmallIntegerField(_("宽"))
    height = models.PositiveSmallIntegerField(_("高"))
    size = models.PositiveIntegerField(_("大小"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("照片")
        verbose_name_plural = _("照片")
        ordering = ["step", "position"]
        constraints = [models.UniqueConstraint(fields=["step", "position"], name="attachment_once_per_place")]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    def read(self, size: str) -> bytes:
        """The JPEG, `full` or `small`. Raises FileNotFoundError."""
        return photo_store.read(self.name, size)


def named(names: set[str]) -> set[str]:
    """Which of some files a row names, anywhere: without a scope row-level security would hide the rows, and every file
    would look left over.
    """
    with applied(_EVERYWHERE):
        return set(Attachment.objects.filter(name__in=names).values_list("name", flat=True))
