"""Taking a report in: a new incident, or one more voice for an open one.

Whoever finds something says where, what and, if they like, more. The rest follows from the place: cell, community,
building, time limit. All of it is one transaction, and the maps hear of it at its commit (`gis.incidents.changes`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import BadFile, NotAllowed, Refused
from gis.incidents import photo_store
from gis.incidents.attachment import MOST_PHOTOS, Attachment
from gis.incidents.category import Category
from gis.incidents.incident import ENDED, Incident, State, Step
from gis.incidents.photo import Photo, clean_photo
from gis.incidents.place import Spot, find_spot
from gis.incidents.working_time import due_at

#: Characters of a description: more is a document.
LONGEST_TEXT = 2000
#: A clock may run ahead by so much; a report from later than that is not from now.
AHEAD = timedelta(minutes=2)
#: A phone's own figure of its error, metres, above which the position is marked as doubtful.
SURE = 50


@dataclass(frozen=True)
class Told:
    """What somebody reports. Either `point` (degrees) or `building` says where; `same_as` is the number of an open
    incident that it adds to. `error` is how far the position may be off, metres, None where a person chose it.
    """

    category: int | None = None
    point: Point | None = None
    building: int | None = None
    text: str = ""
    place: str = ""
    same_as: str = ""
    error: float | None = None
    origin: str = Incident.Source.WORKER


@dataclass(frozen=True)
class Filed:
    """What became of it: the incident, the step that was written, and whether the incident was there before."""

    incident: Incident
    step: Step
    joined: bool


def file_report(
    told: Told, photos: Iterable[bytes], *, user: User, access: Access, at: datetime, uuid: UUID | None = None
) -> Filed:
    """Store a report that was made at a moment.

    Raises NotAllowed for a role that reports nothing, and Refused, with the field and what to do about it, for what
    cannot be stored: then nothing is.
    """
    scope = access.which("incident.write")
    if not scope:
        raise NotAllowed(_("您的角色不能上报事件。"), fix=_("需要时请联系管理员调整任职。"))
    _judge_time(at)
    text = read_text(told.text)
    with transaction.atomic(), _kept(clean_photos(photos)) as kept:
        if told.same_as:
            incident, step = _join(told, text, scope, user, at)
        else:
            incident, step = _open(told, text, scope, user, at, uuid, has_photos=bool(kept))
        Attachment.objects.bulk_create(_attachments(step, kept))
    return Filed(incident, step, joined=bool(told.same_as))


def _judge_time(at: datetime) -> None:
    if at > timezone.now() + AHEAD:
        raise refuse("at", _("上报时间在将来。"), _("请核对手机的日期和时间。"))


def read_text(text: str) -> str:
    """A description without what no text holds. Raises Refused for one that is too long."""
    kept = "".join(letter for letter in text.replace("\r\n", "\n") if letter.isprintable() or letter == "\n").strip()
    if len(kept) > LONGEST_TEXT:
        raise refuse("text", _("说明超过 %(most)d 个字。") % {"most": LONGEST_TEXT}, _("请缩短说明。"))
    return kept


def refuse(field: str, message: str, fix: str) -> Refused:
    """A refusal of one field."""
    return Refused(message, fix=fix, fields={field: f"{message} {fix}"})


def clean_photos(uploads: Iterable[bytes]) -> list[Photo]:
    """The photos of a report drawn anew. Raises Refused, with a reason for each that is none."""
    uploads = list(uploads)
    if len(uploads) > MOST_PHOTOS:
        raise refuse("photos", _("照片超过 %(most)d 张。") % {"most": MOST_PHOTOS}, _("请去掉几张再发送。"))
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
def _kept(photos: list[Photo]) -> Iterator[list[tuple[str, Photo]]]:
    """The photos as files; should their rows not come about, neither do they."""
    kept: list[tuple[str, Photo]] = []
    try:
        for photo in photos:
            kept.append((photo_store.keep(photo), photo))
        yield kept
    except BaseException:
        for name, _photo in kept:
            photo_store.forget(name)
        raise


def _attachments(step: Step, kept: list[tuple[str, Photo]]) -> list[Attachment]:
    return [
        Attachment(
            incident_id=step.incident_id, step=step, position=position, name=name,
            width=photo.width, height=photo.height, size=len(photo.full),
        )
        for position, (name, photo) in enumerate(kept, 1)
    ]  # fmt: skip


def _open(
    told: Told, text: str, scope: Scope, user: User, at: datetime, uuid: UUID | None, *, has_photos: bool
) -> tuple[Incident, Step]:
    category = _category(told.category, text, has_photos=has_photos)
    spot = find_spot(told.point, told.building, scope, timezone.localdate(at))
    incident = Incident.objects.create(
        uuid=uuid or uuid4(),
        number=_next_number(at),
        category=category,
        description=text,
        reported_at=at,
        position=spot.point,
        place=" ".join(told.place.split())[:120] or spot.name,
        building=spot.building,
        cell=spot.cell,
        area=spot.area,
        state=State.REPORTED,
        origin=told.origin,
        due_at=due_at(category, at),
        doubt=_doubt(told, spot),
    )
    return incident, Step.objects.create(incident=incident, at=at, after=State.REPORTED, actor=user)


def _category(key: int | None, text: str, *, has_photos: bool) -> Category:
    category = Category.objects.exclude(kind=Category.Kind.IMPORTED).filter(pk=key).first()
    if category is None:
        raise refuse("category", _("还没有选择类别。"), _("请选择一个类别。"))
    if category.retired:
        raise refuse("category", _("类别“%(name)s”已停用。") % {"name": _(category.name)}, _("请选择别的类别。"))
    if category.name.startswith("其他") and not text and not has_photos:
        raise refuse("text", _("“其他”类别要有说明或照片。"), _("请写一句说明，或拍一张照片。"))
    return category


def _doubt(told: Told, spot: Spot) -> str:
    if told.error is None or told.error <= SURE or (spot.building and told.building):
        return ""
    return f"手机定位误差约 {round(min(told.error, 99_999))} 米"


def _next_number(at: datetime) -> str:
    """The day and a running number, such as 20260305-000123. The town and imports have numbers of their own."""
    day = timezone.localtime(at).strftime("%Y%m%d")
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('grid_incident_number')")
            number = f"{day}-{cursor.fetchone()[0]:06d}"
            if not Incident.objects.filter(number=number).exists():
                return number


def _join(told: Told, text: str, scope: Scope, user: User, at: datetime) -> tuple[Incident, Step]:
    """One more report of an open incident: a step of its own, no second incident, so that counts stay true."""
    incident = Incident.objects.inside(scope).select_for_update().filter(number=told.same_as).first()
    if incident is None:
        raise refuse("same_as", _("没有找到，或不在您的辖区内。"), _("请作为新的事件上报。"))
    if incident.state in ENDED:
        raise refuse("same_as", _("这件事已经办结。"), _("请作为新的事件上报。"))
    step = Step.objects.create(
        incident=incident, at=at, before=incident.state, after=incident.state, actor=user, note=text,
        act=Step.Act.AGAIN,
    )  # fmt: skip
    return incident, step
