"""What happened to a person, or behind a door, as one reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gis.accounts.scope import Access
from gis.areas.area import Area
from gis.codes.naming import names_in
from gis.people.life.event import LifeEvent
from gis.people.masking import rule, shown_name
from gis.people.resident import Resident
from gis.places.building import Building, Dwelling

Kind = LifeEvent.Kind
#: Events on a page.
MOST = 60


@dataclass(frozen=True)
class Told:
    """An event in the reader's words. `name` as they may know it; the door or the building where they may."""

    event: LifeEvent
    name: str
    building: Building | None = None
    dwelling: Dwelling | None = None
    said: list[str] = field(default_factory=list)

    @property
    def is_taken_back(self) -> bool:
        return getattr(self.event, "withdrawal", None) is not None


def events_of(resident: Resident, access: Access) -> list[Told]:
    """A person's events, newest first, those taken back included and marked."""
    found = LifeEvent.objects.inside(access.which("people.read")).filter(resident=resident)
    return tell(_with_all(found).order_by("-on", "-pk")[:MOST], access)


def who_left(dwelling: Dwelling, access: Access) -> list[Told]:
    """Who lived behind a door and does not any more; only for who may know the door."""
    gone = (Kind.MOVED, Kind.LEFT, Kind.DIED)
    found = LifeEvent.objects.standing().inside(access.which("people.read")).filter(dwelling=dwelling, kind__in=gone)
    return tell(_with_all(found).order_by("-on", "-pk")[:20], access)


def _with_all(events):
    return events.select_related("dwelling__building__compound", "by", "withdrawal__by")


def tell(events: Iterable[LifeEvent], access: Access) -> list[Told]:
    return [_told(event, access) for event in events]


def _told(event: LifeEvent, access: Access) -> Told:
    room = rule(access, "room", event.area)
    name = rule(access, "name", event.area)
    door = event.dwelling if event.dwelling_id and room in ("full", "building") else None
    return Told(
        event, shown_name(event.name, name), door.building if door else None, door if room == "full" else None,
        [word for word in _words(event, open=name == "full") if word],
    )  # fmt: skip


def _words(event: LifeEvent, *, open: bool) -> list[str]:
    """What is told beside the kind. Free words and names only to who reads names in full."""
    said = [_before_after(event, open=open), _where(event, open=open)]
    reason = names_in("migrate_reason").get(event.reason, "") if event.reason else ""
    return [*said, _(reason) if reason else "", event.note if open else ""]


def _before_after(event: LifeEvent, *, open: bool) -> str:
    types = dict(Resident.Population.choices)
    if event.kind == Kind.TYPE:
        return f"{types.get(event.before, '')} → {types.get(event.after, '')}"
    if event.kind == Kind.NAMED:
        return _("原名 %(name)s") % {"name": event.before} if open else ""
    if event.kind in (Kind.HEAD, Kind.BORN, Kind.CAME, Kind.JOINED):
        code = event.before if event.kind == Kind.HEAD else event.after
        word = names_in("relation").get(code, "")
        return pgettext("relation", word) if word else ""
    return ""


def _where(event: LifeEvent, *, open: bool) -> str:
    if not event.far:
        return ""
    area = _area_name(event.to_area) if event.to_area else ""
    return " ".join(part for part in (area or event.get_far_display(), event.place if open else "") if part)


def _area_name(code: str) -> str:
    found = Area.objects.filter(code=code).first()
    return str(found) if found else code


def since(events: Iterable[Told], kind: str) -> date | None:
    """The day of the last standing event of a kind."""
    return next((one.event.on for one in events if one.event.kind == kind and not one.is_taken_back), None)
