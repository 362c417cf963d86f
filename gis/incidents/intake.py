"""Taking a report in: a new incident, or one more voice for an open one.

Whoever finds something says where, what and, if they like, more. The rest follows from the place: cell, community,
building, time limit. All of it is one transaction, and the maps hear of it at its commit (`gis.incidents.changes`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import NotAllowed
from gis.incidents.attaching import attach, clean_photos, kept, read_text
from gis.incidents.category import Category, Terms
from gis.incidents.category_changing import hold_categories
from gis.incidents.clock import set_clock
from gis.incidents.consequences import follow
from gis.incidents.incident import ENDED, Incident, State
from gis.incidents.photo import Photo
from gis.incidents.place import Spot, find_spot
from gis.incidents.pointing import pointed_at
from gis.incidents.step import Act, Step
from gis.written import refuse

#: A clock may run ahead by so much; a report from later than that is not from now.
AHEAD = timedelta(minutes=2)
#: A phone's own figure of its error, metres, above which the position is marked as doubtful.
SURE = 50


@dataclass(frozen=True)
class Told:
    """What somebody reports. `point` (degrees), `building` or `component` says where; `same_as` is the number of an
    open incident that it adds to. `error` is how far the position may be off, metres, None where a person chose it.
    What comes from another system brings its number there (`source`, `source_code`), perhaps a limit (`due`), and
    `doubt` about the position.
    """

    category: int | None = None
    point: Point | None = None
    building: int | None = None
    text: str = ""
    place: str = ""
    same_as: str = ""
    error: float | None = None
    origin: str = Incident.Source.WORKER
    component: int | None = None
    source: str = ""
    source_code: str = ""
    due: datetime | None = None
    doubt: str = ""


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
    return store_report(told, photos, scope=scope, user=user, at=at, uuid=uuid)


def store_report(
    told: Told, photos: Iterable[bytes], *, scope: Scope, user: User | None, at: datetime, uuid: UUID | None = None
) -> Filed:
    """The same for whoever may report in a scope, with an account or, as a resident does, without one."""
    _judge_time(at)
    with transaction.atomic(), kept(clean_photos(photos)) as stored:
        return write_report(told, stored, scope=scope, user=user, at=at, uuid=uuid)


def write_report(
    told: Told,
    stored: list[tuple[str, Photo]],
    *,
    scope: Scope,
    user: User | None,
    at: datetime,
    uuid: UUID | None = None,
    is_news: bool = True,
) -> Filed:
    """The same where the photos lie in their files already, inside the caller's transaction.

    What is over already is no news: nothing follows from it.
    """
    text = read_text(told.text)
    if told.same_as:
        incident, step = _join(told, text, scope, user, at)
    else:
        incident, step = _open(told, text, scope, user, at, uuid, has_photos=bool(stored))
    attach(step, stored)
    if is_news:
        follow(incident, step)
    return Filed(incident, step, joined=bool(told.same_as))


def _judge_time(at: datetime) -> None:
    if at > timezone.now() + AHEAD:
        raise refuse("at", _("上报时间在将来。"), _("请核对手机的日期和时间。"))


def _open(
    told: Told, text: str, scope: Scope, user: User | None, at: datetime, uuid: UUID | None, *, has_photos: bool
) -> tuple[Incident, Step]:
    category = _category(told.category, text, at, has_photos=has_photos)
    component = pointed_at(told.component, scope)
    point = component.position if component and told.point is None and told.building is None else told.point
    spot = find_spot(point, told.building, scope, timezone.localdate(at))
    incident = Incident(
        uuid=uuid or uuid4(),
        number=_next_number(at),
        category=category,
        description=text,
        reported_at=at,
        position=spot.point,
        place=" ".join(told.place.split())[:120] or spot.name,
        building=spot.building,
        component=component,
        cell=spot.cell,
        area=spot.area,
        state=State.REPORTED,
        origin=told.origin,
        urgent=category.at(at).urgent,
        doubt=told.doubt or _doubt(told, spot),
        source=told.source,
        source_code=told.source_code,
        given_due_at=told.due,
    )
    set_clock(incident, Act.REPORT, at)
    incident.save()
    return incident, Step.objects.create(incident=incident, at=at, after=State.REPORTED, actor=user)


def _category(key: int | None, text: str, at: datetime, *, has_photos: bool) -> Category:
    hold_categories()
    category = Category.objects.exclude(kind=Category.Kind.IMPORTED).filter(pk=key).first()
    if category is None:
        raise refuse("category", _("还没有选择类别。"), _("请选择一个类别。"))
    terms = category.at(at)
    if terms.retired:
        raise refuse("category", _("类别“%(name)s”已停用。") % {"name": _(terms.name)}, _instead(terms))
    if terms.name.startswith("其他") and not text and not has_photos:
        raise refuse("text", _("“其他”类别要有说明或照片。"), _("请写一句说明，或拍一张照片。"))
    return category


def _instead(terms: Terms) -> str:
    names = [_(name) for name in Category.objects.filter(pk__in=terms.successors).values_list("name", flat=True)]
    return _("请改用“%(names)s”。") % {"names": _("”或“").join(names)} if names else _("请选择别的类别。")


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


def _join(told: Told, text: str, scope: Scope, user: User | None, at: datetime) -> tuple[Incident, Step]:
    """One more report of an open incident: a step of its own, no second incident, so that counts stay true."""
    incident = Incident.objects.inside(scope).select_for_update().filter(number=told.same_as).first()
    if incident is None:
        raise refuse("same_as", _("没有找到，或不在您的辖区内。"), _("请作为新的事件上报。"))
    if incident.state in ENDED:
        raise refuse("same_as", _("这件事已经办结。"), _("请作为新的事件上报。"))
    incident.revision += 1
    incident.save(update_fields=["revision"])
    step = Step.objects.create(
        incident=incident, at=at, before=incident.state, after=incident.state, actor=user, note=text,
        act=Act.AGAIN, revision=incident.revision,
    )  # fmt: skip
    return incident, step
