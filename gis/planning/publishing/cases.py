"""Open cases after a publication: which team has them. Written as a step, so that the record says why it changed.

A case lies where it lies: its `area` has followed the ground already, and the version it was reported in never changes.
What may have to change is a team named by the code of a cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.areas.covering import scope_over
from gis.incidents.assignment import Assignment
from gis.incidents.incident import ENDED
from gis.incidents.step import Act, Step


@dataclass(frozen=True)
class Transfer:
    assignment: Assignment
    team: str


def in_teams(communities: tuple[str, ...]):
    """The assignments of open cases to the teams of cells."""
    mine = Assignment.objects.filter(scope_over(communities).q("team"), ended=None)
    open_ = mine.exclude(incident__state__in=ENDED).filter(team__regex=r"^[0-9]{15}$")
    return open_.select_related("incident").order_by("incident_id", "pk")


def transfers(
    communities: tuple[str, ...], heirs: Mapping[str, str], changed: set[str], *, keep: bool
) -> list[Transfer]:
    """What would be handed over. `heirs`: vanished code → the one that stands for it; `changed`: codes that go on."""
    found = []
    for one in in_teams(communities):
        here = one.incident.area
        if one.team in heirs:
            team = heirs[one.team] if keep else here
        elif one.team in changed and not keep:
            team = here
        else:
            continue
        if team != one.team:
            found.append(Transfer(one, team))
    return found


def transfer(found: list[Transfer], user: User | None, plan: str) -> int:
    """Give the cases to their new teams; how many."""
    now = timezone.now()
    for one in found:
        incident = one.assignment.incident
        incident.revision += 1
        step = Step.objects.create(
            incident=incident, at=max(now, _last(incident)), before=incident.state, after=incident.state,
            actor=user, act=Act.COMMENT, revision=incident.revision,
            note=_("网格重新划分，承办队伍由 %(old)s 改为 %(new)s。") % {"old": one.assignment.team, "new": one.team},
            facts={"redrawn": plan, "team": one.team, "was_team": one.assignment.team},
        )  # fmt: skip
        incident.save(update_fields=["revision"])
        _replace(one, step)
    return len(found)


def _replace(one: Transfer, step: Step) -> None:
    old = one.assignment
    Assignment.objects.filter(pk=old.pk).update(ended=step)
    Assignment.objects.create(
        incident=old.incident, team=one.team, handler_id=old.handler_id, lead=old.lead, since=step, done=old.done
    )


def _last(incident):
    last = incident.steps.order_by("-at").values_list("at", flat=True).first()
    return last or incident.reported_at
