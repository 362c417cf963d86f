"""What a move decides beside the state: whom a case goes to, into which it is merged, whose desk has it."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.departments import Department
from gis.accounts.postings import Posting
from gis.accounts.roles import roles
from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.errors import Refused
from gis.incidents.assignment import Assignment
from gis.incidents.attaching import read_text
from gis.incidents.incident import Incident, Level, State
from gis.incidents.step import Act, Step
from gis.incidents.workflow import Move
from gis.written import refuse


@dataclass(frozen=True)
class Wish:
    """What somebody wants done. Of several `departments` (ids) the first leads; `team` is the code of an area whose
    workers take it; `handler` the id of a person of one of them; `target` the number of the case it is merged into.
    """

    act: str
    note: str = ""
    departments: tuple[int, ...] = ()
    team: str = ""
    handler: int | None = None
    target: str = ""
    until: date | None = None

    @property
    def facts(self) -> dict:
        """What a step keeps of it."""
        said = {
            "departments": list(self.departments),
            "team": self.team,
            "handler": self.handler,
            "target": self.target,
            "until": self.until and self.until.isoformat(),
        }
        return {name: value for name, value in said.items() if value}


def judge(move: Move, wish: Wish, incident: Incident, user: User | None, access: Access) -> Wish:
    """The wish with what this move does not ask for left out. Raises Refused, naming the field, for what it lacks."""
    text = read_text(wish.note)
    if "note" in move.needs and not text:
        raise refuse("note", _("还没有写说明。"), _("请写一句：为什么，或做了什么。"))
    kept = Wish(wish.act, note=text)
    if "to" in move.needs:
        kept = _whom(replace(kept, departments=wish.departments, team=wish.team, handler=wish.handler), incident)
    if "handler" in move.needs:
        kept = replace(kept, handler=_colleague(wish.handler, incident))
    if "target" in move.needs:
        kept = replace(kept, target=_other(wish.target, incident, access))
    if move.act == Act.ASK_SUSPEND:
        kept = replace(kept, until=_later(wish.until))
    if move.act == Act.DISPOSE:
        _judge_helpers(incident)
    return kept


def _whom(wish: Wish, incident: Incident) -> Wish:
    departments = tuple(dict.fromkeys(wish.departments))
    if Department.objects.filter(pk__in=departments).count() != len(departments):
        raise refuse("departments", _("没有这个部门。"), _("请从列表里选择。"))
    if wish.team and not _is_team(wish.team, incident):
        raise refuse("team", _("这支队伍不在事件所在的街道。"), _("请从列表里选择。"))
    if not departments and not wish.team:
        raise refuse("departments", _("还没有选派给谁。"), _("请选择一个部门或一支队伍。"))
    if wish.handler and not readers(people_of(departments, wish.team), incident).filter(pk=wish.handler).exists():
        raise refuse("handler", _("这个人不在所选的部门或队伍里，或看不到这件事。"), _("请重新选择，或不指定人。"))
    return replace(wish, departments=departments)


def _is_team(code: str, incident: Incident) -> bool:
    if not code.isdecimal() or not code.startswith(incident.area[: Level.STREET]):
        return False
    today = timezone.localdate()
    return Area.objects.filter(code=code).exists() or CellVersion.objects.on(today).filter(code=code).exists()


def people_of(departments, team: str):
    """Those of some departments, and those posted inside a team's area."""
    mine = Q(department__in=departments)
    if team:
        today = Posting.objects.on(timezone.localdate())
        mine |= Q(pk__in=today.filter(area__gte=team, area__lt=team + ":").values("user"))
    return User.objects.filter(mine, is_active=True)


def readers(people, incident: Incident):
    """Those who may read a case: nobody else can be asked by name to deal with it."""
    able = [role.code for role in roles().values() if "incident.read" in role.capabilities]
    around = [incident.area[:digits] for digits in range(2, len(incident.area) + 1)]
    today = Posting.objects.on(timezone.localdate())
    return people.filter(pk__in=today.filter(role__in=able, area__in=around).values("user"))


def people_for(incident: Incident):
    """Those to whom a case may be handed by name: of the departments and teams that have it."""
    held = list(incident.assignments.filter(ended=None))
    found = people_of([one.department_id for one in held if one.department_id], "")
    for team in (one.team for one in held if one.team):
        found = found | people_of([], team)
    return readers(found.distinct(), incident).order_by("name", "username")


def _colleague(handler: int | None, incident: Incident) -> int:
    if handler is None or not people_for(incident).filter(pk=handler).exists():
        raise refuse("handler", _("还没有选择交给谁。"), _("请选择承办部门或队伍里的一个人。"))
    return handler


def _other(number: str, incident: Incident, access: Access) -> str:
    """The number of the case another is merged into: in scope, and not merged itself, so that there are no rings.

    What was merged into the first stays merged into it, and so comes along, and goes with it when it is taken out.
    """
    scope = access.which("incident.read")
    other = Incident.objects.inside(scope).select_for_update(of=("self",)).filter(number=number).first()
    if other is None or other.pk == incident.pk:
        raise refuse("target", _("没有找到要并入的事件，或不在您的辖区内。"), _("请核对编号。"))
    if other.state in (State.DUPLICATE, State.REJECTED):
        raise refuse("target", _("那件事本身已并入别的事件或不予受理。"), _("请选择仍然有效的一件。"))
    return other.number


def _later(until: date | None) -> date | None:
    if until and until <= timezone.localdate():
        raise refuse("until", _("恢复日期要在今天以后。"), _("请改选日期，或不填。"))
    return until


def _judge_helpers(incident: Incident) -> None:
    """Whoever leads answers for all: it is dealt with when everybody who helps has said so."""
    left = incident.assignments.filter(lead=False, ended=None, done=None).select_related("department")
    names = [str(one.department) if one.department else one.team for one in left]
    if names:
        raise Refused(
            _("协办还没有完成：%(names)s。") % {"names": _("、").join(names)},
            fix=_("请等他们反馈“协办完成”，或请派遣的人改派。"),
        )


def decide(incident: Incident, step: Step, wish: Wish) -> None:
    """Carry out what a step decides. The caller saves the incident."""
    if step.act in (Act.DISPATCH, Act.REDIRECT):
        _release(incident, step)
        _assign(incident, step, wish, lead=True)
        incident.department_id = wish.departments[0] if wish.departments else None
    elif step.act in (Act.RETURN, Act.REOPEN, Act.APPEAL):
        _release(incident, step)
        incident.department_id = incident.merged_into_id = None
    elif act := _DECIDES.get(step.act):
        act(incident, step, wish)


def _release(incident: Incident, step: Step) -> None:
    incident.assignments.filter(ended=None).update(ended=step)


def _assign(incident: Incident, step: Step, wish: Wish, *, lead: bool) -> None:
    """New assignments; of several the first leads. Nobody gets one twice."""
    held = set(incident.assignments.filter(ended=None).values_list("department_id", "team"))
    whom = [(pk, "") for pk in wish.departments] + ([(None, wish.team)] if wish.team else [])
    for department, team in whom:
        if (department, team) not in held:
            Assignment.objects.create(
                incident=incident, department_id=department, team=team, lead=lead, since=step, handler_id=wish.handler
            )
            lead = False


def _invite(incident: Incident, step: Step, wish: Wish) -> None:
    _assign(incident, step, wish, lead=False)


def _hand_over(incident: Incident, step: Step, wish: Wish) -> None:
    """One's own part of it to somebody by name: the old assignment ends, so that who had it when stays told."""
    access = step.actor.access
    mine = [one for one in incident.assignments.filter(ended=None, done=None) if one.is_of(step.actor, access)]
    for one in mine:
        Assignment.objects.filter(pk=one.pk).update(ended=step)
        Assignment.objects.create(
            incident=incident, department_id=one.department_id, team=one.team, lead=one.lead, since=step,
            handler_id=wish.handler,
        )  # fmt: skip


def _finish_part(incident: Incident, step: Step, wish: Wish) -> None:
    access = step.actor.access
    for one in incident.assignments.filter(ended=None, done=None, lead=False):
        if one.is_of(step.actor, access):
            Assignment.objects.filter(pk=one.pk).update(done=step)


def _merge(incident: Incident, step: Step, wish: Wish) -> None:
    incident.merged_into = Incident.objects.get(number=wish.target)


def _raise(incident: Incident, step: Step, wish: Wish) -> None:
    incident.level = Level.STREET if incident.level == Level.COMMUNITY else Level.DISTRICT


def _lower(incident: Incident, step: Step, wish: Wish) -> None:
    incident.level = Level.STREET if incident.level == Level.DISTRICT else Level.COMMUNITY


_DECIDES = {
    Act.INVITE: _invite,
    Act.ASSIGN: _hand_over,
    Act.PART_DONE: _finish_part,
    Act.DUPLICATE: _merge,
    Act.ESCALATE: _raise,
    Act.HAND_DOWN: _lower,
}
