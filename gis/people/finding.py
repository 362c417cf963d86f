"""Finding residents by what the one who asks may see of them."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Access, Scope
from gis.people.household import Residence, ResidenceQuerySet
from gis.people.masking import shown_where
from gis.people.need import Need
from gis.people.resident import Resident

#: Age groups by name: from, and below, in full years.
AGE_GROUPS = {"0-14": (0, 15), "15-34": (15, 35), "35-64": (35, 65), "65-79": (65, 80), "80": (80, 200)}


class Stand(models.TextChoices):
    """Whom a list holds beside those who live here; without one everybody who is alive."""

    HERE = "here", _("现住")
    AWAY = "away", _("已迁离")
    DIED = "died", _("去世")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field asks nothing."""

    text: str = ""
    area: str = ""
    building: int | None = None
    age: str = ""
    population: str = ""
    need: str = ""
    stand: str = ""
    keys: tuple[int, ...] | None = None  # those a search found, the nearest first (`gis.people.searching`)


def find_residents(wanted: Wanted, access: Access):
    """The residents in the reader's scope that fit, by cell. Live stays only where a building is asked for."""
    found = Resident.objects.inside(access.which("people.read"))
    found = _standing(found, wanted)
    if wanted.area:
        found = found.filter(area__gte=wanted.area, area__lt=wanted.area + ":")
    if wanted.population:
        found = found.filter(population=wanted.population)
    if wanted.age in AGE_GROUPS:
        found = found.filter(_of_age(*AGE_GROUPS[wanted.age]))
    if wanted.text:
        found = found.filter(_named(wanted.text, access))
    if wanted.building:
        found = found.filter(_in_building(wanted.building, access))
    if wanted.need:
        found = found.filter(_with_need(wanted.need, access))
    if wanted.keys is not None:
        return found.filter(pk__in=wanted.keys).order_by(Func(Value([*wanted.keys]), "pk", function="array_position"))
    return found.order_by("area", "pk")


def _standing(found, wanted: Wanted):
    """Who lives here, who left, who died. Who is looked for by name or number is found, alive or not."""
    if wanted.stand == Stand.DIED:
        return found.filter(died_on__isnull=False)
    if wanted.stand:
        lives = Exists(Residence.objects.filter(resident=OuterRef("pk"), kind=Residence.Kind.LIVING, ends=None))
        return found.filter(lives if wanted.stand == Stand.HERE else ~lives, died_on=None)
    return found if wanted.keys is not None else found.filter(died_on=None)


def still_there(people):
    """Of some people those who are alive and have not left. Who never had a home on record has not left it."""
    stays = Residence.objects.filter(resident=OuterRef("pk"))
    return people.filter(Exists(stays.filter(ends=None)) | ~Exists(stays), died_on=None)


def living() -> ResidenceQuerySet:
    """Where people live today."""
    return Residence.objects.on(timezone.localdate()).filter(kind=Residence.Kind.LIVING)


def people_at(scope: Scope) -> ResidenceQuerySet:
    """Today's stays, lived in or registered, of everybody behind the doors of a scope, with the people themselves."""
    stays = Residence.objects.on(timezone.localdate()).inside(scope)
    return stays.select_related("resident").order_by("dwelling", "kind", "household", "relation", "resident__born")


def _named(text: str, access: Access) -> Q:
    """Any part of the name where names are shown in full; the surname alone where only that is shown."""
    found = shown_where(access, "name", "full").q() & Q(name__contains=text)
    if len(text) == 1:
        found |= shown_where(access, "name", "masked").q() & Q(name__startswith=text)
    return found


def _in_building(pk: int, access: Access) -> Q:
    stay = living().filter(resident=OuterRef("pk"), dwelling__building=pk)
    return Exists(stay) & shown_where(access, "room", "full", "building").q()


def needs_in_force(access: Access):
    """Today's service needs of the people whose needs the reader sees one by one."""
    today = timezone.localdate()
    still = Q(ends__isnull=True) | Q(ends__gt=today)
    return Need.objects.inside(shown_where(access, "needs", "full")).filter(still, starts__lte=today)


def _with_need(tag: str, access: Access) -> Q:
    return Q(Exists(needs_in_force(access).filter(resident=OuterRef("pk"), tag=tag)))


def _of_age(youngest: int, below: int) -> Q:
    return Q(born__lte=years_before(youngest)) & Q(born__gt=years_before(below))


def years_before(years: int, today: date | None = None) -> date:
    """The last birthday of someone who is `years` old today; who was born on 29 February has it on 1 March."""
    today = today or timezone.localdate()
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 2, 28)
