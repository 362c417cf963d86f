"""Photos as the public sees them: covered, looked at by a person, and apart from the originals."""

import uuid
from collections.abc import Sequence

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.incidents import photo_store
from gis.incidents.attachment import Attachment
from gis.incidents.incident import Incident
from gis.incidents.redaction import Box, cover


class PublicPhotoQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at=None)


class PublicPhoto(models.Model):
    """A covered copy of an attachment, with an id of its own that tells nothing of the original's.

    Who approved which boxes stays on record; a copy that is withdrawn or covered anew loses its file at once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="public_photos", verbose_name=_("照片"))
    # The public's pages read this table alone: row-level security hides the attachment from them.
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="public_photos", verbose_name=_("事件"))
    shows_result = models.BooleanField(_("处置之后"), default=False)
    boxes = models.TextField(_("黑框"), blank=True)
    name = models.CharField(max_length=40, unique=True)
    width = models.PositiveSmallIntegerField(_("宽"))
    height = models.PositiveSmallIntegerField(_("高"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤下人")
    )

    objects = PublicPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("公开照片")
        verbose_name_plural = _("公开照片")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attachment"], condition=Q(withdrawn_at=None), name="public_photo_once_standing"
            )
        ]

    def __str__(self) -> str:
        return f"public photo {self.pk}"

    def read(self, size: str) -> bytes:
        """The JPEG, `full` or `small`. Raises FileNotFoundError."""
        return photo_store.read(self.name, size)


def publish_photo(attachment: Attachment, boxes: Sequence[Box], *, shows_result: bool, user: User) -> PublicPhoto:
    """Show a photo in public with its boxes painted black, in place of the copy shown so far."""
    photo = cover(attachment.read("full"), boxes)
    name = photo_store.keep(photo)
    try:
        with transaction.atomic():
            withdraw_photo(attachment, user=user)
            return PublicPhoto.objects.create(
                attachment=attachment, incident_id=attachment.incident_id, shows_result=shows_result,
                boxes="\n".join(map(str, boxes)), name=name, width=photo.width, height=photo.height, by=user,
            )  # fmt: skip
    except BaseException:
        photo_store.forget(name)
        raise


def withdraw_photo(attachment: Attachment, *, user: User) -> bool:
    """Take the public copy of a photo away; whether there was one."""
    Incident.objects.select_for_update().only("pk").get(pk=attachment.incident_id)  # one at a time
    standing = list(PublicPhoto.objects.standing().filter(attachment=attachment))
    PublicPhoto.objects.filter(pk__in=[photo.pk for photo in standing]).update(
        withdrawn_at=timezone.now(), withdrawn_by=user
    )
    for photo in standing:
        transaction.on_commit(lambda name=photo.name: photo_store.forget(name))
    return bool(standing)


def named(names: set[str]) -> set[str]:
    """Which of some files are those of public photos."""
    return set(PublicPhoto.objects.standing().filter(name__in=names).values_list("name", flat=True))
