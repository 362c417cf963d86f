"""What was done about a case so far, a step at a time: said in words, with what it decided."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.incidents.duplicates.family import inside_of
from gis.incidents.incident import ENDED, Incident
from gis.incidents.step import Act, Step
from gis.incidents.taking_back import can_undo
from gis.incidents.workflow import moves
from gis.models import Department, User
from web.pages.case import Case
from web.pages.case_facts import is_late
from web.pages.choices import names_of
from web.templatetags.words import named

#: Acts that change nothing but say something, by how they look.
_KINDS = {Act.COMMENT: "inside", Act.ANSWER: "outside", Act.AGAIN: "again", Act.RATE: "outside", Act.UNDO: "undo"}


@dataclass(frozen=True)
class Told:
    """A step of the timeline. `decided` are pairs of what and how; `kind` says how it looks; `undo` where it can be
    taken back by the reader.
    """

    step: Step
    kind: str
    decided: list[tuple[str, str]]
    undone: bool
    undo: str


def steps(case: Case) -> dict:
    taken = _taken(case)
    names = _Names.of(taken, _mine(case))
    back = {act for act, move in moves().items() if move.can_undo}
    mine = (one for one in reversed(taken) if one.incident_id == case.incident.pk and one.actor_id == case.user.pk)
    last = next((one for one in mine if one.act in back), None)
    return {
        "told": [_told(step, names, case, is_last=step is last) for step in taken],
        "is_open": case.incident.state not in ENDED,
        "late": is_late(case),
    }


def _taken(case: Case) -> list[Step]:
    """The steps in order, with those of cases merged into this one that the reader may read: one timeline."""
    merged = _mine(case).filter(pk__in=inside_of(case.incident.pk)).values_list("pk", flat=True)
    found = Step.objects.filter(incident__in=[case.incident.pk, *merged])
    related = found.select_related("actor", "undone_by", "undoes", "incident").defer("incident__drawing")
    return list(related.prefetch_related("attachments").order_by("at", "pk"))


def _mine(case: Case):
    """The incidents that the reader may read."""
    return Incident.objects.inside(case.access.which("incident.read"))


def _readable(numbers: set[str], readable) -> dict[str, str]:
    if not numbers:
        return {}
    found = set(readable.filter(number__in=numbers).values_list("number", flat=True))
    return {number: number if number in found else _("另一件事") for number in numbers}


def _moment(text: str | None) -> str:
    return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M") if text else ""


def _told(step: Step, names: "_Names", case: Case, *, is_last: bool) -> Told:
    back = reverse("incident-undo", args=[case.incident.number, step.pk])
    undo = back if is_last and can_undo(step, case.user) else ""
    return Told(step, _KINDS.get(step.act, step.after), names.decided(step), hasattr(step, "undone_by"), undo)


@dataclass(frozen=True)
class _Names:
    """Names of what steps decided, looked up once for all of them."""

    departments: dict[int, str]
    people: dict[int, str]
    areas: dict[str, str]
    #: Of cases that others were merged into: those that the reader may read.
    numbers: dict[str, str]

    @classmethod
    def of(cls, taken: list[Step], readable) -> "_Names":
        facts = [step.facts for step in taken]
        ids = {pk for one in facts for pk in one.get("departments", [])}
        people = {one["handler"] for one in facts if one.get("handler")}
        return cls(
            {one.pk: named(one) for one in Department.objects.filter(pk__in=ids)} if ids else {},
            {one.pk: one.name or one.username for one in User.objects.filter(pk__in=people)} if people else {},
            names_of({one["team"] for one in facts if one.get("team")}),
            _readable({one["target"] for one in facts if one.get("target")}, readable),
        )

    def decided(self, step: Step) -> list[tuple[str, str]]:
        facts, found = step.facts, []
        lead, *helping = [self.departments.get(pk, "–") for pk in facts.get("departments", [])] or [""]
        for name, said in (
            (_("牵头"), lead),
            (_("协办"), _("、").join(helping)),
            (_("队伍"), self.areas.get(facts.get("team", ""), facts.get("team", ""))),
            (_("经办人"), self.people.get(facts.get("handler"), "")),
            (_("并入"), self.numbers.get(facts.get("target", ""), "")),
            (_("预计恢复"), facts.get("until", "")),
            (_("收到"), _moment(facts.get("received"))),
        ):
            if said:
                found.append((name, said))
        return found
