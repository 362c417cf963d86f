"""The one form of each door on the phone: what every approved form asks there, without what is known."""

from datetime import date

from django.utils.translation import pgettext

from gis.accounts.scope import Access
from gis.codes.naming import names_in
from gis.collection.asking import DoorForm, Question, ask_at
from gis.collection.door_answers import MAY_WRITE, shown_fact
from gis.collection.kept import ANSWERS, tag_of
from gis.collection.reading import choices_of
from gis.collection.showing import noted
from gis.models import Field
from gis.people.masking import mask_identity, mask_phone, rule
from gis.people.round import DoorDue
from web.templatetags.words import named


def door_forms(doors: list[DoorDue], access: Access, today: date) -> dict:
    """Fields once, with why they are asked; by door the questions as [number of the field, subject, what stood there].

    `counts` of a door: forms due there, questions in them, how many of these are known. `mates` live there without
    being due for a visit themselves: what forms ask of them is asked on the same call.
    """
    made = ask_at([door.dwelling for door in doors], today)
    fields: dict[tuple, int] = {}
    listed, asks = [], {}
    for door in doors:
        form = made[door.dwelling.pk]
        questions = [one for one in form.questions if _may_answer(one, form, access)]
        rows = []
        for one in questions:
            key = (one.field.pk, tuple(why.pk for why in one.forms))
            if key not in fields:
                fields[key] = len(listed)
                listed.append(_field(one))
            rows.append([fields[key], one.subject, _was(one, form)])
        if rows:
            asks[door.dwelling.pk] = rows
    counted = {pk: [len(form.forms), form.wanted, form.known] for pk, form in made.items() if form.forms}
    relations = names_in("relation")
    asked = [(door, made[door.dwelling.pk]) for door in doors if door.dwelling.pk in asks]
    mates = {door.dwelling.pk: _mates(door, form, relations) for door, form in asked}
    return {"fields": listed, "asks": asks, "counts": counted, "mates": {pk: who for pk, who in mates.items() if who}}


def named_by(forms: dict) -> set[int]:
    """Who is named by forms, beside those that are due: for the log of what was read."""
    return {mate[0] for who in forms.get("mates", {}).values() for mate in who}


def told_by(forms: dict) -> set[str]:
    """The fields of which forms show what stands there, as the log of what was read names them."""
    rows = [row for asked in forms.get("asks", {}).values() for row in asked if row[2]]
    codes = {forms["fields"][row[0]]["code"] for row in rows}
    return noted(Field.objects.filter(code__in=codes)) if codes else set()


def _may_answer(one: Question, form: DoorForm, access: Access) -> bool:
    return rule(access, one.field.rule, form.door.area) in MAY_WRITE


def _field(one: Question) -> dict:
    asked = one.field
    told = {"code": asked.code, "name": asked.shown, "kind": asked.kind, "why": [_why(form) for form in one.forms]}
    offered = _offered(asked)
    gap = tag_of(asked) or ANSWERS.get(asked.kept, "")
    return told | ({"options": offered} if offered else {}) | ({"gap": gap} if gap else {})


def _why(form) -> str:
    return f"{named(form.department)}: {form.name}"


def _offered(asked: Field) -> list[list[str]]:
    return [[value, word] for value, word in choices_of(asked).items()] if asked.kind in ("code", "choice") else []


def _was(one: Question, form: DoorForm) -> str:
    """What stands there, as the answer will be held against it; nothing where nothing does."""
    if not one.field.kept:
        return shown_fact(one.was, one.field)
    stay = next((stay for stay in form.stays if f"p{stay.resident_id}" == one.subject), None)
    if stay is None or not one.filled or tag_of(one.field):
        return ""
    person = stay.resident
    shown = {
        "born": lambda: person.born.isoformat() if person.born else "",
        "phone": lambda: mask_phone(person.phone_last4) if person.phone_last4 else "",
        "number": lambda: mask_identity(person.identity_last4) if person.identity_last4 else "",
        "relation": lambda: stay.relation,
    }
    return shown.get(ANSWERS.get(one.field.kept, ""), str)()


def _mates(door: DoorDue, form: DoorForm, relations: dict[str, str]) -> list[list]:
    """Who else lives there and is asked something: key, name, relation."""
    due = {person.resident.pk for person in door.people}
    asked = {one.subject for one in form.questions}
    return [
        [stay.resident_id, stay.resident.name, pgettext("relation", relations[stay.relation]) if stay.relation else ""]
        for stay in form.stays
        if stay.resident_id not in due and f"p{stay.resident_id}" in asked
    ]
