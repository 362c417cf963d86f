"""Taking in what comes with a step: its text, its photos; and refusing what cannot be taken."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from gis.errors import BadFile, Refused
from gis.incidents import photo_store
from gis.incidents.attachment import MOST_PHOTOS, Attachment
from gis.incidents.photo import Photo, clean_photo
from gis.incidents.step import Step
from gis.written import read_words, refuse

#: Characters of a description: more is a document.
LONGEST_TEXT = 2000


def read_text(text: str) -> str:
    """A description, or the note of a step. Raises Refused for one that is too long."""
    return read_words(text, "text", LONGEST_TEXT)


def judge_number(photos: int) -> None:
    """Raises Refused for more photos than one step may have."""
    if photos > MOST_PHOTOS:
        raise refuse("photos", _("照片超过 %(most)d 张。") % {"most": MOST_PHOTOS}, _("请去掉几张再发送。"))


def clean_photos(uploads: Iterable[bytes]) -> list[Photo]:
    """The photos of a report drawn anew. Raises Refused, with a reason for each that is none."""
    uploads = list(uploads)
    judge_number(len(uploads))
    photos, wrong = [], {}
    for number, upload in enumerate(uploads, 1):
        try:
            photos.append(clean_photo(upload))
        except BadFile as error:
            wrong[f"photo-{number}"] = str(error)
    if wrong:
        names = "、".join(name.removeprefix("photo-") for name in wrong)
        message = _("第 %(numbers)s 张照片不能用：%(reason)s") % {
            "numbers": names,
            "reason": next(iter(wrong.values())),
        }
        raise Refused(message, fix=_("请去掉或更换这张照片，文字不会丢失。"), fields=wrong)
    return photos


@contextmanager
def kept(photos: list[Photo]) -> Iterator[list[tuple[str, Photo]]]:
    """The photos as files; should their rows not come about, neither do they."""
    stored: list[tuple[str, Photo]] = []
    try:
        for photo in photos:
            stored.append((photo_store.keep(photo), photo))
        yield stored
    except BaseException:
        for name, _photo in stored:
            photo_store.forget(name)
        raise


def attach(step: Step, stored: list[tuple[str, Photo]]) -> None:
    """Let stored photos belong to a step."""
    Attachment.objects.bulk_create(
        Attachment(
            incident_id=step.incident_id, step=step, position=position, name=name,
            width=photo.width, height=photo.height, size=len(photo.full),
        )
        for position, (name, photo) in enumerate(stored, 1)
    )  # fmt: skip
