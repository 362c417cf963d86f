"""What is known of a person, their household and their home, as one reader may see it: who said what, and when."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis.accounts.scope import Access
from gis.collection.fact import Fact
from gis.collection.field import Field
from gis.collection.reading import say_value
from gis.collection.standing import Standing, kept_in
from gis.people.household import Residence
from gis.people.masking import mask_name, rule
from gis.people.resident import Resident
from gis.people.sealing import are_alike
from gis.people.showing import age_on


@dataclass(frozen=True)
class Told:
    """A value in the reader's words."""

    value: str
    fact: Fact


@dataclass(frozen=True)
class Known:
    """What is known of one field. `now` counts; `otherwise` is what was said later against the owner department."""

    field: Field
    now: Told
    otherwise: Told | None = None
    earlier: list[Told] = field(default_factory=list)


def known_of(
    resident: Resident, stay: Residence | None, access: Access, day: date, *, opened: Collection[str] = ()
) -> list[Known]:
    """What facts tell of a person and of where they live, in the order of the catalogue.

    `stay`: the present one, where the reader may know the door. What a column keeps stands in the record too; who said
    so, and what it was before, stands here. `opened`: rules whose values are shown in full, for a reason that is noted.
    """
    facts = list(_facts(resident, stay))
    by_field: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_field[fact.field_id].append(fact)
    rules = {said[0].field.rule for said in by_field.values()}
    ways = {name: "full" if name in opened else rule(access, name, resident.area) for name in rules}
    found = [_known(said, ways[said[0].field.rule], day) for said in by_field.values()]
    return sorted(filter(None, found), key=lambda one: (one.field.subject, one.field.pk))


def noted(fields: Iterable[Field]) -> set[str]:
    """How the log of what was read names fields of the catalogue (`gis.people.reading`): by their keys."""
    return {f"#{one.pk}" for one in fields}


def _facts(resident: Resident, stay: Residence | None):
    of = [{"resident": resident}]
    if stay is not None:
        of += [{"dwelling": stay.dwelling_id}] + ([{"household": stay.household_id}] if stay.household_id else [])
    for subject in of:
        facts = Fact.objects.filter(**subject).select_related("field__owner", "department", "by", "form__department")
        yield from facts.order_by("-said_on", "-recorded_at", "-pk")


def _known(said: list[Fact], how: str, day: date) -> Known | None:
    """The facts of one field, newest first, as the rule of the field shows them; None where it shows none."""
    asked = said[0].field
    standing = [fact for fact in said if fact.said_on <= day and (fact.until is None or fact.until > day)]
    if how not in ("full", "last4", "masked") or not standing:
        return None
    current = next((fact for fact in standing if _is_owners(fact, asked)), standing[0])
    against = standing[0] if not _same(standing[0], current) else None
    told = {fact.pk: Told(shown_as(asked, kept_in(fact), how), fact) for fact in said}
    earlier = [told[fact.pk] for fact in said if fact not in (current, against)]
    return Known(asked, told[current.pk], told[against.pk] if against else None, earlier)


def _is_owners(fact: Fact, asked: Field) -> bool:
    return fact.department_id is not None and fact.department_id == asked.owner_id


def _same(one: Fact, other: Fact) -> bool:
    return one.value == other.value and are_alike(
        (one.value_sealed, one.value_index), (other.value_sealed, other.value_index)
    )


def shown_as(asked: Field, value: Standing, how: str) -> str:
    """A value in the reader's words, as open as a rule of `field_rules.csv` leaves it; "" where it shows none."""
    if value.is_empty:
        return _("无")
    plain = value.plain()
    if how == "full":
        return say_value(asked, plain)
    if how == "age" and asked.kind == Field.Kind.DATE:
        age = age_on(date.fromisoformat(plain), timezone.localdate())
        return ngettext("%(age)d 岁", "%(age)d 岁", age) % {"age": age}
    if how not in ("masked", "last4"):
        return ""
    if how == "masked" and asked.rule == "name" and asked.kind == Field.Kind.TEXT:
        return mask_name(plain)
    return f"***{plain[-4:]}" if len(plain) >= 8 else "***"
