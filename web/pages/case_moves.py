"""What the reader may do about a case now: one form a move, made from the table of moves; and whose turn it is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gis.incidents.decisions import people_for
from gis.incidents.incident import ENDED, Incident
from gis.incidents.step import Act
from gis.incidents.workflow import Move, allowed, moves
from gis.models import Assignment, Department
from web.pages.case import Attempt, Case
from web.pages.choices import names_of
from web.templatetags.words import named

#: Acts that only say something: they have a place of their own on the page.
WORDS = (Act.COMMENT, Act.ANSWER)
#: With these a photo says more than words.
_SHOWN = {Act.CONFIRM, Act.DISPOSE, Act.PART_DONE, Act.CHECKED, Act.RETURN, Act.REWORK, Act.ASK_SUSPEND, Act.CLOSE}
#: What ends a case without anything being done about it, or sends it back: never the first thing offered.
_HARD = {Act.REJECT, Act.DUPLICATE, Act.RETURN, Act.REWORK}


@dataclass(frozen=True)
class Offer:
    """One move with its form. `attempt` is what was said before, where this very form was not taken."""

    move: Move
    expected: bool
    attempt: Attempt | None

    @property
    def act(self) -> str:
        return self.move.act

    @property
    def takes_photos(self) -> bool:
        return self.act in _SHOWN

    @property
    def takes_date(self) -> bool:
        return self.act == Act.ASK_SUSPEND

    @property
    def hard(self) -> bool:
        return self.act in _HARD

    @property
    def note(self) -> str:
        return self.attempt.said.get("note", "") if self.attempt else ""

    def _said(self, name: str) -> list[str]:
        return self.attempt.said.getlist(name) if self.attempt else []

    @property
    def departments(self) -> list[str]:
        return self._said("department")

    @property
    def helpers(self) -> list[str]:
        return self._said("helper")

    @property
    def teams(self) -> list[str]:
        return [code for code in self._said("team") if code]

    @property
    def target(self) -> str:
        return "".join(self._said("target")[:1])

    @property
    def until(self) -> str:
        return "".join(self._said("until")[:1])


def offered(case: Case) -> list[Offer]:
    """Every move the reader may make now, those the case waits for first."""
    found = [_offer(move, case) for move in allowed(case.incident, case.user, case.access)]
    return sorted(found, key=lambda one: (not one.expected, one.hard))


def _offer(move: Move, case: Case) -> Offer:
    attempt = case.attempt if case.attempt and case.attempt.act == move.act else None
    return Offer(move, is_expected(move, case.incident), attempt)


def is_expected(move: Move, incident: Incident) -> bool:
    """Whether the case waits for this move: as `gis.incidents.workflow.waiting` says it of many."""
    if not move.expected or move.by_reporter or incident.state not in move.sources:
        return False
    if move.expected == "unasked" or move.asked == "none":
        return not incident.asked
    return move.asked in ("", incident.asked)


def moves_part(case: Case) -> dict:
    """The forms of the moves; and who has the next one, so that nobody wonders why there is nothing to do."""
    offers = offered(case)
    made = [one for one in offers if one.act not in WORDS]
    return {
        "offers": made,
        "waits": awaited(case.incident),
        "error": case.attempt if case.attempt and case.attempt.act not in WORDS else None,
    } | _choices(case, made)


def words_part(case: Case) -> dict | None:
    """What may be said: to colleagues, and to whoever reported, visibly apart."""
    said = {one.act: one for one in offered(case) if one.act in WORDS}
    return {"comment": said.get(Act.COMMENT), "answer": said.get(Act.ANSWER)} if said else None


def _choices(case: Case, offers: list[Offer]) -> dict:
    """What the forms offer to choose from: looked up only where one of them asks."""
    needs = {name for one in offers for name in one.move.needs}
    area = case.incident.area
    teams = [area[:length] for length in (15, 12, 9) if length <= len(area)] if "to" in needs else []
    names = names_of(set(teams))
    return {
        "departments": Department.objects.all() if "to" in needs else [],
        "teams": [(code, names.get(code, code)) for code in teams],
        "people": people_for(case.incident) if "handler" in needs else [],
    }


@dataclass(frozen=True)
class Awaited:
    """A move the case waits for, and who is to make it."""

    name: str
    whose: str


def awaited(incident: Incident) -> list[Awaited]:
    """What the case waits for: nothing where it has ended."""
    if incident.state in ENDED:
        return []
    return [Awaited(move.name, _whose(move, incident)) for move in moves().values() if is_expected(move, incident)]


def _whose(move: Move, incident: Incident) -> str:
    where = move.who[0][1]
    if where == "task":
        held = incident.assignments.filter(ended=None, done=None).select_related("department", "handler")
        return _("、").join(dict.fromkeys(holder_of(one) for one in held)) or _("承办部门")
    code = incident.area if where == "area" else incident.area[: incident.level]
    return names_of({code}).get(code, code)


def holder_of(held: Assignment) -> str:
    """Who has it: the department or the team, and by name where somebody is named."""
    whom = named(held.department) if held.department else names_of({held.team}).get(held.team, held.team)
    return f"{whom} {held.handler.name or held.handler.username}" if held.handler else whom
