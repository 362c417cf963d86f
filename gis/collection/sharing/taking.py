"""What a subscription gives of some people, households, homes or units, by the column `export` of `field_rules.csv`.

Numbers of documents never leave, names and telephones leave masked, a door leaves as its cell. Fields that only counts
are told of stand in no row: they are counted by cell (`counts_of`), and small counts are withheld.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.collection.field import Field
from gis.collection.sharing.subscription import Subscription
from gis.collection.showing import shown_as
from gis.collection.standing import NOTHING, Standing, standing_of
from gis.people.finding import still_there
from gis.people.household import Household, Residence
from gis.people.masking import AS_EXPORT, rule_as
from gis.people.reading import Act, note_reading
from gis.people.resident import Resident
from gis.places.building import Dwelling

#: Counts below this are withheld, and where one alone is, the smallest of the others with it.
FEWEST = 5
_IN_ROWS = ("full", "masked", "last4", "age")


@dataclass(frozen=True)
class Given:
    """One row: whose, where (the cell), and each field's value, None where nothing is known."""

    key: int
    area: str
    values: tuple[str | None, ...]


def in_rows(fields: Iterable[Field]) -> list[Field]:
    """The fields of which each row has a value."""
    return [field for field in fields if rule_as(AS_EXPORT, field.rule) in _IN_ROWS]


def as_counts(fields: Iterable[Field]) -> list[Field]:
    """The fields that are told as counts by cell only."""
    return [field for field in fields if rule_as(AS_EXPORT, field.rule) == "counts"]


def subjects_of(one: Subscription, scope: Scope):
    """Whom a subscription is about, as far as they lie within a scope too, in the order of their keys.

    Who has died or left, a household that nobody is left in and a unit that has closed are there no more.
    """
    within = scope.within(one.area)
    return _SUBJECTS[Subscription.Subject(one.subject)](within).order_by("pk")


def _units(within: Scope):
    # Asked for by name: units are a room above this one.
    return apps.get_model("grid", "Organisation").objects.inside(within).on(timezone.localdate())


_SUBJECTS: dict[Subscription.Subject, Callable] = {
    Subscription.Subject.PERSON: lambda within: still_there(Resident.objects.inside(within)),
    Subscription.Subject.HOUSEHOLD: lambda within: Household.objects.inside(within),
    Subscription.Subject.DWELLING: lambda within: Dwelling.objects.inside(within).standing(),
    Subscription.Subject.ORGANISATION: _units,
}


def note_given(one: Subscription, keys: list[tuple[int, str]], by: User, access: Access, **told) -> None:
    """Note who was told of: of a home or a household who lives there, of a unit who represents it."""
    if one.subject == Subscription.Subject.ORGANISATION:
        note_reading(Act.EXPORT, by, access, keys, of="organisations", **told)
        return
    about = {Subscription.Subject.DWELLING: "dwelling__in", Subscription.Subject.HOUSEHOLD: "household__in"}
    if column := about.get(Subscription.Subject(one.subject)):
        living = Residence.objects.filter(**{column: [key for key, _area in keys]})
        keys = list(living.filter(kind=Residence.Kind.LIVING, ends=None).values_list("resident", "area"))
    note_reading(Act.EXPORT, by, access, keys, **told)


def give(fields: list[Field], keys: list[tuple[int, str]], day: date) -> list[Given]:
    """The rows of some subjects (key and area), in their order. A number of questions that depends on `fields` only."""
    columns = [_column(field, [key for key, _area in keys], day) for field in in_rows(fields)]
    return [Given(key, area, tuple(column[key] for column in columns)) for key, area in keys]


def _column(field: Field, keys: list[int], day: date) -> dict[int, str | None]:
    how = rule_as(AS_EXPORT, field.rule)
    stands = standing_of(field, keys, day)
    return {key: None if stands[key].is_empty else shown_as(field, stands[key], how) for key in keys}


def counts_of(field: Field, keys: list[tuple[int, str]], day: date) -> dict[str, int]:
    """By cell, of how many the field says something but no."""
    stands = standing_of(field, [key for key, _area in keys], day)
    found: dict[str, int] = defaultdict(int)
    for key, area in keys:
        found[area] += _says_so(field, stands.get(key, NOTHING))
    return dict(found)


def _says_so(field: Field, stands: Standing) -> bool:
    return not stands.is_empty and not (field.kind == Field.Kind.YES_NO and stands.value != "1")


def withheld(counts: dict[str, int], totals: dict[str, int]) -> dict[str, int | None]:
    """The counts as they may leave: None for small ones, for those whose rest is small, and for one more, so that no
    sum gives a single one away."""
    small = {
        cell for cell, number in counts.items() if 0 < number < FEWEST or 0 < totals.get(cell, number) - number < FEWEST
    }
    if len(small) == 1 and len(counts) > 1:
        small.add(min((cell for cell in counts if cell not in small), key=lambda cell: (counts[cell], cell)))
    return {cell: None if cell in small else number for cell, number in counts.items()}
