"""What anybody may know of an incident. Everything shown without signing in comes through here.

Only of categories marked public; never what was written by whoever reported, never a name, a number, an exact place or
hour. Texts are those a person has marked as public, photos those a person has covered and approved.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.incidents.coarse import HalfDay, half_day
from gis.incidents.incident import Incident, State
from gis.incidents.private_words import is_plain
from gis.incidents.public_photo import PublicPhoto
from gis.incidents.step import Act, Step

#: How far a case has come, in the words of whoever waits for it.
STAGES: dict[str, Promise] = {
    "received": _("已收到"),
    "working": _("处理中"),
    "paused": _("暂时停下"),
    "checking": _("已处理，待核查"),
    "done": _("已办结"),
}
_STAGE_OF = {
    State.REPORTED: "received",
    State.VERIFYING: "received",
    State.FILED: "working",
    State.DISPATCHED: "working",
    State.IN_PROGRESS: "working",
    State.SUSPENDED: "paused",
    State.DISPOSED: "checking",
    State.CHECKING: "checking",
    State.CLOSED: "done",
}


@dataclass(frozen=True)
class PublicCase:
    """An incident as anybody may see it. `place` is a compound or a road, "" where neither is near; `voices` how many
    reported it; `answers` public notes, the latest last. `uuid` names it to a program, and tells nothing of it."""

    uuid: UUID
    category: str
    major: str
    place: str
    reported: HalfDay
    done: date | None
    stage: str
    in_time: bool | None
    voices: int
    text: str
    result: str
    answers: tuple[str, ...]
    photos: tuple[PublicPhoto, ...]

    @property
    def stage_name(self) -> Promise:
        return STAGES[self.stage]


def public_cases(*areas: str) -> QuerySet:
    """The incidents in some areas of which anybody may hear, the latest first: none rejected, no duplicate."""
    return (
        Incident.objects.inside(Scope.of(areas))
        .filter(Q(publication=None) | Q(publication__hidden=False), category__is_public=True, state__in=_STAGE_OF)
        .order_by("-reported_at", "-pk")
    )


def latest_first(cases: QuerySet) -> QuerySet:
    """By the half day of the report, which is all that is told; within one at random, so the order tells nothing."""
    afternoon = Case(When(reported_at__hour__gte=12, then=1), default=0)
    return cases.order_by(TruncDate("reported_at").desc(), afternoon.desc(), "uuid")


def last_done_first(cases: QuerySet) -> QuerySet:
    """Those that are closed, by the day of it, in the same way."""
    return cases.filter(state=State.CLOSED).order_by(TruncDate("closed_at").desc(), "uuid")


def tell(incidents: QuerySet | Sequence[Incident]) -> list[PublicCase]:
    """Some of the `public_cases` in the form in which they may be shown, in their order.

    Whatever else comes in is left out: one that was hidden meanwhile, or a queryset that forgot to ask.
    """
    keys = [incident.pk for incident in incidents]
    asked = Incident.objects.filter(pk__in=keys, category__is_public=True, state__in=_STAGE_OF)
    rows = (
        asked.exclude(publication__hidden=True).select_related("category", "publication").defer("drawing", "position")
    )
    found = {row.pk: row for row in rows}
    places, photos, answers, voices = coarse_places(list(found)), _photos(found), _answers(found), _voices(found)
    return [
        _told(found[key], places.get(key, ""), photos[key], answers[key], voices.get(key, 0))
        for key in keys
        if key in found
    ]


def _told(incident: Incident, place: str, photos: list, answers: list[str], again: int) -> PublicCase:
    publication = getattr(incident, "publication", None)
    return PublicCase(
        uuid=incident.uuid,
        category=incident.terms.name,
        major=incident.terms.major,
        place=place,
        reported=half_day(incident.reported_at),
        done=timezone.localdate(incident.closed_at) if incident.closed_at and incident.state == State.CLOSED else None,
        stage=_STAGE_OF[State(incident.state)],
        in_time=_in_time(incident),
        voices=1 + again,
        text=publication.text if publication else "",
        result=publication.result if publication else "",
        answers=tuple(answers),
        photos=tuple(photos),
    )


def _in_time(incident: Incident) -> bool | None:
    """Whether it was settled in time, False too once it is late; None while that is open or nobody set a limit."""
    if incident.due_at is None:
        return None
    if incident.state == State.CLOSED:
        return None if incident.closed_at is None else incident.closed_at <= incident.due_at
    return False if incident.due_at < timezone.now() else None


_PLACES = """
SELECT i.id, coalesce(nullif(c.name, ''), nullif(b.road, ''), w.name, '')
FROM grid_incident i
LEFT JOIN grid_building b ON b.id = i.building_id
LEFT JOIN grid_compound c ON c.id = b.compound_id
LEFT JOIN LATERAL (
  SELECT name FROM grid_way
  WHERE kind = 'road' AND name <> '' AND b.id IS NULL AND ST_DWithin(drawing, i.drawing, %(reach)s)
  ORDER BY drawing <-> i.drawing LIMIT 1
) w ON true
WHERE i.id = ANY(%(ids)s)"""
#: How far the road may be that a place is called after, metres of the drawing CRS.
_REACH = 300


def coarse_places(keys: list[int]) -> dict[int, str]:
    """What each place is called from afar: the compound, or the road."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"ids": keys, "reach": _REACH})
        return dict(cursor.fetchall())


def _photos(found: dict[int, Incident]) -> dict[int, list[PublicPhoto]]:
    photos = defaultdict(list)
    for photo in PublicPhoto.objects.standing().filter(incident__in=found).order_by("shows_result", "at", "pk"):
        photos[photo.incident_id].append(photo)
    return photos


def _answers(found: dict[int, Incident]) -> dict[int, list[str]]:
    """Notes of steps that staff marked as public; one that seems to name somebody only once it was looked at."""
    answers = defaultdict(list)
    steps = Step.objects.filter(incident__in=found, is_public=True, undone_by=None).exclude(note="")
    for step in steps.order_by("at", "pk"):
        publication = getattr(found[step.incident_id], "publication", None)
        if is_plain(step.note) or (publication and step.pk in publication.cleared):
            answers[step.incident_id].append(step.note)
    return answers


def _voices(found: dict[int, Incident]) -> dict[int, int]:
    again = Step.objects.filter(incident__in=found, act=Act.AGAIN, undone_by=None).order_by()
    return dict(again.values_list("incident").annotate(number=Count("pk")))
