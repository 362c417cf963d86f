"""What was answered to the one form of a door: each answer held against what stands, then kept as a fact or in its
column, with who said so and when; or nothing at all.

An answer that differs from what the owner department of a field has said becomes a question to that department
(`correction.py`): it is kept as what was said, and the record stays as the owner has it until they answer.

Names as the form has them: `fact:CODE:p12` for a person, `h3` for a household, `d45` for the home; in `base`, by the
same names, what the form showed. An answer to a field that no form in force asks any more is let go: what nobody may
ask for is not kept, and the rest of the visit is. So is one about somebody of whom the worker knows that they left.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.collection.asking import LETTERS, DoorForm, Question, ask_at
from gis.collection.correction import Claim, Correction, is_question, propose
from gis.collection.fact import Collected, Fact
from gis.collection.field import Field
from gis.collection.kept import ANSWERS, spelt, tag_of
from gis.collection.reading import read_value
from gis.collection.standing import standing_of
from gis.errors import NotAllowed, Refused
from gis.people.answering import Answering
from gis.people.call import Call, read_answer
from gis.people.masking import rule
from gis.people.need import Need
from gis.people.sealing import SealBroken, blind_index, is_of, open_seal, seal
from gis.people.visit import Visit
from gis.places.building import Dwelling

_NAME = re.compile(r"fact:([a-z0-9_-]{1,40}):([phd])([0-9]{1,18})")
_MOST = 300
#: Who may write a value: those who see it, and those who see the end of a number that they themselves copy from a card.
MAY_WRITE = ("full", "last4")


@dataclass(frozen=True)
class Said:
    """One answer as it came: the field's code, whom it is about, what was said."""

    name: str
    code: str
    letter: str
    pk: int
    text: str


def read_said(body: dict) -> list[Said]:
    """The answers of a form, in its order. Raises Refused for what no form of ours sends."""
    found = [(match, text) for name, text in body.items() if (match := _NAME.fullmatch(name))]
    if len(found) > _MOST:
        raise Refused(_("走访记录有一处无法保存。"), fix=_("请改正标出的内容后再保存。"))
    wrong = [match[0] for match, text in found if not isinstance(text, str)]
    if wrong:
        told = dict.fromkeys(wrong, _("请重新填写。"))
        raise Refused(_("走访记录有一处无法保存。"), fix=_("请改正标出的内容后再保存。"), fields=told)
    return [Said(match[0], match[1], match[2], int(match[3]), text) for match, text in found]


def holding(said: list[Said], call: Call, *, by: User, number: UUID) -> Callable[[Answering, Dwelling], None]:
    """What `record_call` does with the answers beside its own: hold them, and count what was asked and what was not."""
    if said and call.outcome != Visit.Outcome.MET:
        raise Refused(_("没有见到本人，不能登记其情况。"), fix=_("请把结果改为“已见到”，或清空填写的内容。"))

    def hold(answering: Answering, door: Dwelling) -> None:
        if call.outcome != Visit.Outcome.MET:
            return
        form = ask_at([door], answering.day)[door.pk]
        holder = _Holder(answering, form, by, number)
        for one in said:
            holder.take(one)
        holder.note_columns(call)
        holder.count(call)

    return hold


class _Holder:
    """Answers at one door, held one by one; `answering` writes them when all stand."""

    def __init__(self, answering: Answering, form: DoorForm, by: User, number: UUID) -> None:
        self.answering, self.form, self.by, self.number = answering, form, by, number
        self.fields = {one.code: one for one in Field.objects.filter(retired=False, lines__form__in=form.forms)}
        self.questions = {question.name: question for question in form.questions}
        self.stays = {stay.resident_id: stay for stay in form.stays}
        self.answered = 0

    @property
    def day(self) -> date:
        return self.answering.day

    def take(self, said: Said) -> None:
        asked = self.fields.get(said.code)
        if asked is None or not self._is_here(said, asked):
            return
        if (f"{said.letter}{said.pk}", asked.pk) not in self.form.wants:  # a form in force, but not about them
            return
        if rule(self.answering.access, asked.rule, self.form.door.area) not in MAY_WRITE:
            raise NotAllowed(_("您的角色不能登记这项信息。"), fix=_("请由本网格的网格员登记。"))
        if asked.kept:
            self._take_column(said, asked)
        else:
            self._take_fact(said, asked, read_value(asked, said.text, said.name))

    def _is_here(self, said: Said, asked: Field) -> bool:
        """Whether the field is about that subject and the subject is at this door. Who moved out meanwhile is told."""
        if LETTERS[said.letter] != _COLUMN.get(Field.Subject(asked.subject)):
            raise Refused(_("走访记录有一处无法保存。"), fix=_("请改正标出的内容后再保存。"), fields={said.name: ""})
        here = {"p": self.stays, "h": {stay.household_id for stay in self.form.stays}, "d": {self.form.door.pk}}
        if said.letter == "p" and said.pk not in self.stays:
            self.answering.stands(f"lives:{said.pk}", False, True)
        return said.pk in here[said.letter]

    def _take_fact(self, said: Said, asked: Field, value: str) -> None:
        question = self.questions.get(said.name)
        stands = question.was if question else self._current(said, asked)
        if not _says(stands, asked, value):
            if not self.answering.stands(said.name, shown_fact(stands, asked), ""):
                return
            if self._is_owners(stands, asked):
                self._will_ask(said, asked, value)
        self._will_keep(said, asked, value, question)

    def _is_owners(self, stands: Fact | None, asked: Field) -> bool:
        """Whether what stands was said by the field's owner, and another department says otherwise now."""
        return stands is not None and stands.department_id == asked.owner_id and is_question(asked, self.by.department)

    def _will_ask(self, said: Said, asked: Field, value: str) -> None:
        """Ask the owner: what they said stands until they answer."""
        claim = Claim(asked, said.pk, value, self.day, origin=str(self.number))
        ask = partial(propose, [claim], source=Correction.Source.VISIT, department=self.by.department, by=self.by)
        self.answering.will_write(None, "", ask)

    def _current(self, said: Said, asked: Field) -> Fact | None:
        facts = Fact.objects.filter(field=asked, **{LETTERS[said.letter]: said.pk})
        return facts.current(self.day).first()

    def _take_column(self, said: Said, asked: Field) -> None:
        if tag_of(asked):
            self._take_need(said, asked)
            return
        written = ANSWERS.get(asked.kept)
        if said.letter == "d" or written is None:  # how a home is lived in is a question of the visit's own
            return
        text = read_answer(written, said.text, said.name)
        stands = standing_of(asked, [said.pk], self.day)[said.pk]
        if self._is_owners(stands.fact, asked) and not stands.says(text):
            self._will_ask(said, asked, text)
        else:
            self.answering.take_answer(written, text, self.stays[said.pk], said.name)
        self._will_keep(said, asked, text, self.questions.get(said.name))

    def _take_need(self, said: Said, asked: Field) -> None:
        """A need that is said to be there begins; that there is none is a fact, so that it is not asked again."""
        value = read_value(asked, said.text, said.name)
        stay = self.stays[said.pk]
        if value == "1" and not Need.objects.filter(resident=said.pk, tag=tag_of(asked), ends=None).exists():
            begin = partial(
                Need.objects.get_or_create,
                resident_id=said.pk, tag=tag_of(asked), starts=self.day,
                defaults={"confirmed_on": self.day, "source": "visit", "area": stay.area},
            )  # fmt: skip
            self.answering.will_write(said.pk, asked.kept, begin)
        self._will_keep(said, asked, value, self.questions.get(said.name))

    def _will_keep(self, said: Said, asked: Field, value: str, question: Question | None) -> None:
        keep = partial(self._keep, asked, {f"{LETTERS[said.letter]}_id": said.pk}, value, question)
        self.answering.will_write(said.pk if said.letter == "p" else None, f"fact:{asked.code}", keep)
        self.answered += 1

    def _keep(self, asked: Field, subject: dict, value: str, question: Question | None = None) -> None:
        form = question.forms[0] if question else None
        told = sealed_value(value) if asked.sealed else {"value": value}
        Fact.objects.create(
            field=asked, **subject, **told, source=Fact.Source.VISIT, form=form, department=self.by.department,
            origin=str(self.number), said_on=self.day, by=self.by,
        )  # fmt: skip

    def note_columns(self, call: Call) -> None:
        """The visit's own questions answer fields of the catalogue too: who said so, and when, is known from now on."""
        fields = {field.kept: field for field in Field.objects.exclude(kept="")}
        told = [
            (kept, {"resident_id": person.resident}, person.answers[name])
            for person in call.people
            for kept, name in ANSWERS.items()
            if name in person.answers
        ]
        told += [
            (f"need:{tag}", {"resident_id": person.resident}, "1" if still else "0")
            for person in call.people
            for tag, still in person.needs.items()
        ]
        for kept, subject, value in told:
            if value == "0" and kept in fields and tag_of(fields[kept]):
                self._ask_instead(fields[kept], subject["resident_id"])
        if call.state:
            told.append(("dwelling.state", {"dwelling_id": self.form.door.pk}, spelt("dwelling.state", call.state)))
        for kept, subject, value in told:
            if kept in fields:
                self.answering.will_write(None, "", partial(self._keep, fields[kept], subject, value))
                self.answered += 1

    def _ask_instead(self, asked: Field, resident: int) -> None:
        """A need that its owner has said to be there is not ended by another's word: the owner is asked."""
        if self._is_owners(standing_of(asked, [resident], self.day)[resident].fact, asked):
            claim = Claim(asked, resident, "0", self.day, origin=str(self.number))
            ask = partial(propose, [claim], source=Correction.Source.VISIT, department=self.by.department, by=self.by)
            self.answering.instead[resident, tag_of(asked)] = ask

    def count(self, call: Call) -> None:
        form = self.form
        counted = Collected(
            call=self.number, day=self.day, area=form.door.area, forms=len(form.forms), wanted=form.wanted,
            known=form.known, asked=len(form.questions), answered=self.answered,
        )  # fmt: skip
        self.answering.will_write(None, "", counted.save)


_COLUMN = {Field.Subject.PERSON: "resident", Field.Subject.HOUSEHOLD: "household", Field.Subject.DWELLING: "dwelling"}


def sealed_value(value: str) -> dict:
    """The columns of a sealed value; of none, none."""
    return {"value_sealed": seal(value), "value_index": blind_index(value)} if value else {}


def shown_fact(fact: Fact | None, asked: Field) -> str:
    """What a form shows of a value that grew old, and by what an answer is held against it: of a sealed one its end."""
    if fact is None:
        return ""
    if not asked.sealed:
        return fact.value
    try:
        plain = open_seal(fact.value_sealed) if fact.value_sealed else ""
    except SealBroken:  # a key that was lost must not take the form with it
        return "***"
    return f"***{plain[-4:] if len(plain) >= 8 else ''}" if plain else ""


def _says(fact: Fact | None, asked: Field, value: str) -> bool:
    if fact is None:
        return False
    if not asked.sealed:
        return fact.value == value
    return is_of(fact.value_index, value)
