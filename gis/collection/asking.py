"""One form at the door: every form that is due there, put together, without what is known.

Of every approved form of the area, each field is asked of everybody (every household, the home) it is about, unless a
value is known and not older than the form allows. What several forms want is one question that names them all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gis.collection.fact import Fact
from gis.collection.field import Field
from gis.collection.form import Form
from gis.collection.kept import ANSWERS, is_filled, tag_of
from gis.people.household import Residence
from gis.people.need import Need
from gis.people.showing import age_on
from gis.places.building import Dwelling

#: Letter of a subject in the names of questions, and the column of a fact.
LETTERS = {"p": "resident", "h": "household", "d": "dwelling"}
#: Days of a month, for how old a value may be.
_MONTH = 30.44


@dataclass(frozen=True)
class Question:
    """A field that is asked of somebody: `subject` is p12, h3 or d45; `was` what stands there, where it grew old."""

    field: Field
    subject: str
    forms: tuple[Form, ...]
    was: Fact | None = None
    filled: bool = False

    @property
    def name(self) -> str:
        """The name under which it is answered."""
        return f"fact:{self.field.code}:{self.subject}"


@dataclass
class DoorForm:
    """All that is asked at one door. `wanted` counts the questions form by form, `known` those that need no asking.

    `wants` are all that the forms may ask, known or not: of whom, and the key of the field.
    """

    door: Dwelling
    stays: list[Residence]
    forms: set[int] = field(default_factory=set)
    wanted: int = 0
    known: int = 0
    questions: list[Question] = field(default_factory=list)
    wants: set[tuple[str, int]] = field(default_factory=set)


def ask_at(doors: Iterable[Dwelling], today: date) -> dict[int, DoorForm]:
    """The one form of each of some doors. Asks the database a fixed number of times, however many doors there are."""
    made = {door.pk: DoorForm(door, []) for door in doors}
    forms = [form for form in _forms(today) if any(one.door.area.startswith(form.area) for one in made.values())]
    if not forms:
        return made
    stays = Residence.objects.filter(dwelling__in=list(made), kind=Residence.Kind.LIVING, ends=None)
    for stay in stays.select_related("resident").order_by("household", "relation", "resident__born", "pk"):
        made[stay.dwelling_id].stays.append(stay)
    said = _Said(list(made.values()), today)
    for one in made.values():
        _put_together(one, [form for form in forms if one.door.area.startswith(form.area)], said, today)
    return made


def _forms(today: date) -> list[Form]:
    """The forms in force with their fields, in the order of the forms: the oldest first."""
    forms = Form.objects.in_force(today).select_related("department").prefetch_related("lines__field")
    return list(forms.order_by("starts", "pk"))


class _Said:
    """What is known of everybody behind some doors."""

    def __init__(self, doors: list[DoorForm], today: date) -> None:
        people = [stay.resident_id for door in doors for stay in door.stays]
        households = [stay.household_id for door in doors for stay in door.stays if stay.household_id]
        keys = {"resident": people, "household": households, "dwelling": [one.door.pk for one in doors]}
        self.facts: dict[tuple[str, int], Fact] = {}
        for letter, column in LETTERS.items():
            for fact in Fact.objects.filter(**{f"{column}__in": keys[column]}).current(today).select_related("field"):
                self.facts[f"{letter}{getattr(fact, column + '_id')}", fact.field_id] = fact
        self.needs: dict[int, set[str]] = defaultdict(set)
        for resident, tag in Need.objects.filter(resident__in=people).values_list("resident", "tag"):
            self.needs[resident].add(tag)

    def of(self, subject: str, asked: Field) -> Fact | None:
        return self.facts.get((subject, asked.pk))


def _put_together(one: DoorForm, forms: list[Form], said: _Said, today: date) -> None:
    asked: dict[tuple[str, int], Question] = {}
    for form in forms:
        for line in form.lines.all():
            if line.field.retired:
                continue
            for subject, of in _subjects(one, form, line.field, today):
                one.wanted += 1
                one.wants.add((subject, line.field.pk))
                one.forms.add(form.pk)
                fact = said.of(subject, line.field)
                filled = _is_known(line.field, of, fact, said)
                if filled and not _is_old(form, fact, today):
                    one.known += 1
                    continue
                before = asked.get((subject, line.field.pk))
                why = (*before.forms, form) if before else (form,)
                asked[subject, line.field.pk] = Question(line.field, subject, why, fact if filled else None, filled)
    one.questions = [question for question in asked.values() if _can_be_answered(question.field)]


def _subjects(one: DoorForm, form: Form, asked: Field, today: date) -> Iterable[tuple[str, object]]:
    """Whom at this door the form asks the field: the key, and the stay or the home that holds it."""
    people = [stay for stay in one.stays if not form.populations or stay.resident.population in form.populations]
    if asked.subject == Field.Subject.PERSON:
        return [(f"p{stay.resident_id}", stay) for stay in people if _fits(asked, stay, today)]
    if asked.subject == Field.Subject.HOUSEHOLD:
        return list({f"h{stay.household_id}": stay for stay in people if stay.household_id}.items())
    concerned = form.subject == Field.Subject.DWELLING or bool(people)
    if asked.subject == Field.Subject.DWELLING and concerned and asked.applies_to(one.door.state):
        return [(f"d{one.door.pk}", one.door)]
    return []


def _fits(asked: Field, stay: Residence, today: date) -> bool:
    return asked.applies_to(stay.resident.population, age_on(stay.resident.born, today))


def _is_known(asked: Field, of, fact: Fact | None, said: _Said) -> bool:
    if tag_of(asked):
        return tag_of(asked) in said.needs[of.resident_id] or fact is not None
    return is_filled(asked, of) if asked.kept else fact is not None and not fact.is_empty


def _is_old(form: Form, fact: Fact | None, today: date) -> bool:
    """Said longer ago than the form allows. A column nobody said anything of is as old as the record: it is let be."""
    return bool(form.every_months and fact and (today - fact.said_on).days > form.every_months * _MONTH)


def _can_be_answered(asked: Field) -> bool:
    """What a column keeps is asked where an answer writes that column; the rest is kept up by registration."""
    return not asked.kept or asked.kept in ANSWERS or bool(tag_of(asked))
