"""How much of a form is known already: of each of its fields, how many of those it is asked of have a value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from gis.accounts.scope import Scope
from gis.collection.fact import SUBJECT_COLUMNS, Fact
from gis.collection.field import Field
from gis.collection.form import Form
from gis.collection.kept import filled
from gis.people.finding import still_there
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
    fields = fields_of(form)
    counted: dict[int, tuple[int, int]] = {}
    for subject, of in subjects_of(form, scope.within(form.area)).items():
        counted |= _counted(of, _about(fields, subject), day)
    return summed(fields, [counted])


def fields_of(form: Form) -> list[Field]:
    return [line.field for line in form.lines.select_related("field__owner")]


def summed(fields: list[Field], counted: Iterable[dict[int, tuple[int, int]]]) -> list[Known]:
    """The fields with the sums of what was counted of each, known and asked, in several places."""
    sums: dict[int, tuple[int, int]] = {}
    for counts in counted:
        for key, (known, asked) in counts.items():
            sums[key] = (sums.get(key, (0, 0))[0] + known, sums.get(key, (0, 0))[1] + asked)
    return [Known(field, *sums.get(field.pk, (0, 0))) for field in fields]


def counted_in(
    form: Form, fields: list[Field], communities: list[str], day: date
) -> dict[str, dict[int, tuple[int, int]]]:
    """By community, of each field of the form how many are known and how many asked."""
    found: dict[str, dict[int, tuple[int, int]]] = {code: {} for code in communities}
    for subject, of in subjects_of(form, Scope.of(communities).within(form.area)).items():
        for place, _subjects, counts in counted_by(of, _about(fields, subject), day, 12):
            found.setdefault(place, {}).update(counts)
    return found


def _about(fields: list[Field], subject: str) -> list[Field]:
    return [field for field in fields if field.subject == subject]


def share(rows: list[Known]) -> int | None:
    """The share of all that a form asks that is known already."""
    asked = sum(row.asked_of for row in rows)
    return 100 * sum(row.known for row in rows) // asked if asked >= _FEWEST else None


def subjects_of(form: Form, within: Scope) -> dict[str, QuerySet]:
    """Of whom the form may ask anything, by subject: nobody who has died or left."""
    people = still_there(Resident.objects.inside(within))
    return {
        Field.Subject.PERSON: people.filter(population__in=form.populations) if form.populations else people,
        Field.Subject.HOUSEHOLD: Household.objects.inside(within),
        Field.Subject.DWELLING: Dwelling.objects.inside(within).standing(),
        Field.Subject.BUILDING: Building.objects.inside(within),
    }


def _counted(of: QuerySet, fields: list[Field], day: date) -> dict[int, tuple[int, int]]:
    """By field, how many have a value and how many are asked: all in one reading of the rows, which may be a city's."""
    if not fields:
        return {}
    asked = {f"asked{field.pk}": Count("pk", filter=_concerned(field, day)) for field in fields}
    known = {f"known{field.pk}": Count("pk", filter=_concerned(field, day) & _has(field, day)) for field in fields}
    found = of.aggregate(**asked, **known)
    return {field.pk: (found[f"known{field.pk}"], found[f"asked{field.pk}"]) for field in fields}


def counted_by(
    of: QuerySet, fields: list[Field], day: date, digits: int
) -> list[tuple[str, int, dict[int, tuple[int, int]]]]:
    """By place (so many digits of its code): how many subjects, and of each field how many have a value, of how many
    it is asked; in one reading."""
    if not fields:
        return []
    counts = {f"asked{one.pk}": Count("pk", filter=_concerned(one, day)) for one in fields}
    counts |= {f"known{one.pk}": Count("pk", filter=_concerned(one, day) & _has(one, day)) for one in fields}
    rows = of.order_by().annotate(place=Substr("area", 1, digits)).values("place")
    return [
        (row["place"], row["subjects"], {one.pk: (row[f"known{one.pk}"], row[f"asked{one.pk}"]) for one in fields})
        for row in rows.annotate(subjects=Count("pk"), **counts)
    ]


def _concerned(field: Field, day: date) -> Q:
    """The rows of the field's subject that it is asked of."""
    if field.subject == Field.Subject.PERSON:
        return (Q(population__in=field.only) if field.only else Q()) & _old_enough(field, day)
    return Q(state__in=field.only) if field.subject == Field.Subject.DWELLING and field.only else Q()


def _has(field: Field, day: date) -> Q:
    """The rows of the field's subject that have a value."""
    if field.kept:
        return Q(filled(field))
    column = SUBJECT_COLUMNS[Field.Subject(field.subject)]
    return Q(Exists(Fact.objects.standing(day).filter(field=field, **{column: OuterRef("pk")})))


def _old_enough(field: Field, day: date) -> Q:
    if field.from_age is None:
        return Q()
    return Q(born=None) | Q(born__lte=date(day.year - field.from_age, day.month, min(day.day, 28)))
