"""How much of a form is known already: of each of its fields, how many of those it is asked of have a value."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from gis.accounts.scope import Scope
from gis.collection.fact import SUBJECT_COLUMNS, Fact
from gis.collection.field import Field
from gis.collection.form import Form
from gis.collection.kept import filled
from gis.people.household import Household
from gis.people.resident import Resident
from gis.places.building import Building, Dwelling

#: Fewer are not told: who has no phone is nobody's business outside the cell.
_FEWEST = 5


@dataclass(frozen=True)
class Known:
    """`known` of `asked_of` have a value of the field."""

    field: Field
    known: int
    asked_of: int

    @property
    def percent(self) -> int | None:
        """A whole share, rounded down; None where so few are concerned that it would tell of them."""
        return 100 * self.known // self.asked_of if self.asked_of >= _FEWEST else None


def coverage(form: Form, scope: Scope, day: date) -> list[Known]:
    """Of each field of the form, in its order, within the part of its area that the reader sees."""
    within = scope.within(form.area)
    lines = form.lines.select_related("field__owner")
    return [_known(line.field, form, within, day) for line in lines]


def share(rows: list[Known]) -> int | None:
    """The share of all that a form asks that is known already."""
    asked = sum(row.asked_of for row in rows)
    return 100 * sum(row.known for row in rows) // asked if asked >= _FEWEST else None


def _known(field: Field, form: Form, within: Scope, day: date) -> Known:
    of = _subjects(field, form, within, day)
    column = SUBJECT_COLUMNS.get(Field.Subject(field.subject))
    if of is None or column is None:
        return Known(field, 0, 0)
    said = Fact.objects.standing(day).filter(field=field, **{column: OuterRef("pk")})
    has = filled(field) if field.kept else Exists(said)
    return Known(field, of.filter(has).count(), of.count())


def _subjects(field: Field, form: Form, within: Scope, day: date) -> QuerySet | None:
    """All of whom the form asks the field."""
    if field.subject == Field.Subject.PERSON:
        people = Resident.objects.inside(within)
        for types in (form.populations, field.only):
            people = people.filter(population__in=types) if types else people
        return people.filter(_old_enough(field, day))
    if field.subject == Field.Subject.HOUSEHOLD:
        return Household.objects.inside(within)
    if field.subject == Field.Subject.DWELLING:
        homes = Dwelling.objects.inside(within).standing()
        return homes.filter(state__in=field.only) if field.only else homes
    return Building.objects.inside(within) if field.subject == Field.Subject.BUILDING else None


def _old_enough(field: Field, day: date) -> Q:
    if field.from_age is None:
        return Q()
    return Q(born=None) | Q(born__lte=date(day.year - field.from_age, day.month, min(day.day, 28)))
