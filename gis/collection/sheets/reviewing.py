"""Rows that may be somebody known: one after the other, side by side with who it may be, and decided by a person.

Those of a department see what they brought in full, and of the record what is the same, or as much as lets one tell
two people apart; who may see more of a person by the rules of fields sees that. Everybody else who decides sees both
sides by the rules of fields: what a department knows is no way round them. Whoever is shown is noted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.collection.sheets.faults import HOLDS, Fault
from gis.collection.sheets.filing import Lot, said_by, told_by
from gis.collection.sheets.knowing import Known, people_by_key
from gis.collection.sheets.no_longer import NoLonger, no_longer
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict
from gis.collection.sheets.targets import Target
from gis.collection.showing import shown_as
from gis.collection.standing import Standing
from gis.errors import Conflict, OutOfScope
from gis.people.masking import HIDDEN, mask_name, rule
from gis.people.matching.persons import FIELDS, PERSONS, WORDS
from gis.people.matching.reading import sides
from gis.people.reading import Act, note_reading

#: Field of the comparison → rule of the field, and code of the catalogue.
_RULES = {"identity": "identity", "name": "name", "birth": "born", "sex": "facts", "phone": "phone", "address": "room"}
_CODES = {"identity": "identity", "name": "name", "birth": "born", "sex": "sex", "phone": "phone"}
_CLOSE = frozenset({"same", "room"})


@dataclass(frozen=True)
class Line:
    """One field: what the record says as far as its reader may know, and how the row compares with it."""

    label: str
    theirs: str
    word: str
    same: bool
    absent: bool


@dataclass(frozen=True)
class Candidate:
    """Somebody the row may be. `percent`: how likely, by the comparison; `gone`: where they have died or left."""

    key: int
    place: int
    percent: int
    lines: list[Line]
    gone: NoLonger | None


@dataclass(frozen=True)
class Beside:
    """A row beside its candidates; `others` are values of the row that tell nothing of who it is."""

    row: SheetRow
    lines: list[tuple[str, str]]
    candidates: list[Candidate]
    may_be_new: bool


def waiting(user: User, access: Access) -> QuerySet[SheetRow]:
    """The rows that somebody may decide: of their department's tables, or of people they write."""
    asked = _reached(user, access).filter(outcome=Outcome.ASKED).select_related("sheet__department", "sheet__owner")
    return asked.order_by(F("later_at").asc(nulls_first=True), "sheet", "row")


def _reached(user: User, access: Access) -> QuerySet[SheetRow]:
    mine = Sheet.objects.filter(access.which("sheet.bring").q(), department=user.department_id).values("pk")
    theirs = Q(sheet__in=mine) if user.department_id else Q(pk__in=[])
    return SheetRow.objects.filter(theirs | access.which("people.write").q())


def is_own(row: SheetRow, user: User, access: Access) -> bool:
    """Whether a row is of a table of the reader's own department."""
    sheet = row.sheet
    return user.department_id == sheet.department_id and access.may("sheet.bring", sheet.area)


def beside(row: SheetRow, *, user: User, access: Access) -> Beside:
    """A row with who it may be. Noted in the log of readings."""
    said, told = said_by(row), told_by(row)
    mine = {name: told.get(name, said.get(code, "")) for name, code in _CODES.items()}
    mine["address"] = told.get("address", "")
    own = is_own(row, user, access)
    keys = [key for key, _chance, _levels in row.candidates]
    people = people_by_key(keys)
    chances = {key: chance for key, chance, _levels in row.candidates}
    found = [(place, key) for place, key in enumerate(people.key.tolist())]
    found.sort(key=lambda one: -chances[one[1]])
    gone = no_longer(keys, row.sheet.as_of, access)
    candidates = [
        Candidate(key, at, min(round(100 * chances[key]), 99), _lines(mine, people, place, access, own), gone.get(key))
        for at, (place, key) in enumerate(found, 1)
    ]
    areas = people.area.tolist()
    note_reading(Act.SHEET, user, access, zip(people.key.tolist(), areas, strict=True), fields=[*FIELDS])
    see = _said if own else partial(shown, access, area=row.area)
    lines = [(_(WORDS[name]), see(name, text)) for name, text in mine.items() if text]
    return Beside(row, lines, candidates, _may_be_new(row, said))


def _lines(mine: dict[str, str], people: Known, place: int, access: Access, own: bool) -> list[Line]:
    theirs = {name: people.table[name][place] for name in FIELDS}
    lines = []
    for name, label, word, same, absent in compared(mine, theirs):
        known = same and own  # they said it themselves
        text = _said(name, theirs[name]) if known else shown(access, name, theirs[name], people.area[place])
        lines.append(Line(label, text or HIDDEN, word, same, absent))
    return lines


def compared(one: dict[str, str], other: dict[str, str]) -> Iterator[tuple[str, str, str, bool, bool]]:
    """Field by field, in words: name and label of the field, how the two compare, whether the same, or not given."""
    both = sides(*({name: [text] for name, text in side.items()} for side in (one, other)), PERSONS)
    levels = both.compare(np.zeros(1, np.int64), np.array([both.start]))[0]
    for number, (name, comparison) in zip(levels.tolist(), FIELDS.items(), strict=True):
        level = comparison.levels[number - 1] if number else None
        word = _(level.word) if level else _("一方没有")
        yield name, _(WORDS[name]), word, level is not None and level.key in _CLOSE, level is None


def _said(name: str, text: str) -> str:
    return {"1": _("男"), "2": _("女"), "0": ""}.get(text, text) if name == "sex" else text


def shown(access: Access, name: str, text: str, area: str) -> str:
    """A value of a record as far as the rules of fields let its reader see it: otherwise enough to tell two apart."""
    if not text or (name == "sex" and text == "0"):
        return HIDDEN
    if name == "sex" or rule(access, _RULES[name], area) == "full":
        return _said(name, text)
    return _MASKS[name](text)


def _mask_end(text: str) -> str:
    return f"***{text[-4:]}"


_MASKS = {
    "name": mask_name,
    "identity": _mask_end,
    "phone": _mask_end,
    "birth": lambda text: f"{text[:4]}-**-**",
    "address": lambda text: re.sub(r"(号楼|栋|幢|座|号).*", r"\1…", text),
}


def _may_be_new(row: SheetRow, said: dict[str, str]) -> bool:
    enough = said.get("identity") or (said.get("born") and said.get("sex") in ("1", "2"))
    held = any(Fault.from_json(one).grade == HOLDS for one in row.faults)
    return bool(said.get("name") and enough and row.dwelling and not held)


def decide(key: int, chosen: int | None, *, user: User, access: Access) -> SheetRow:
    """Say that a row is one of its candidates, or none of them (None): then somebody new, where it has what that takes.

    Raises OutOfScope where the row is not the reader's to decide, Conflict where somebody has decided it meanwhile.
    """
    row = _locked(key, user, access)
    if chosen is not None and chosen not in [candidate[0] for candidate in row.candidates]:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    said = said_by(row)
    if chosen is not None:
        row.verdict, row.resident_id = Verdict.LINK, chosen
    elif _may_be_new(row, said):
        row.verdict = Verdict.NEW
    else:
        row.verdict, row.outcome = Verdict.FAULT, Outcome.FAULT
        row.faults = [*row.faults, Fault("refused", "").as_json()]
    Lot(row.sheet, [row]).settle()
    SheetRow.objects.filter(pk=row.pk).update(decided_by=user, decided_at=timezone.now())
    return row


def put_off(key: int, *, user: User, access: Access) -> None:
    """Look at it later: it goes to the end of the queue."""
    row = _locked(key, user, access)
    SheetRow.objects.filter(pk=row.pk).update(later_at=timezone.now())


def _locked(key: int, user: User, access: Access) -> SheetRow:
    row = waiting(user, access).filter(pk=key).select_for_update(of=("self",)).first()
    if row is not None:
        return row
    if _reached(user, access).filter(pk=key, decided_by__isnull=False).exists():
        raise Conflict(_("别人刚刚核对过这一行。"), fix=_("请看下一行。"))
    raise OutOfScope(_("没有找到，或不在您的辖区内。"))


def said_of(row: SheetRow, known: dict[str, Target], *, user: User, access: Access) -> Iterator[tuple[str, str]]:
    """What else a row says, beside who it is, as far as the rules of fields let its reader see it."""
    own = is_own(row, user, access)
    for code, value in said_by(row).items():
        of = known[code].field if code in known else None
        if of is None or code in _CODES.values():
            continue
        how = "full" if own else rule(access, of.rule, row.area)
        if text := shown_as(of, Standing(value), how):
            yield known[code].label, text
