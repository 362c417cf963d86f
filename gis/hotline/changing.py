"""A work order that is here already comes again, and says something else. What then may change, and what may not:

- Where the case was reported, of what kind and in which words stays: people here have worked by it. What the file says
  now is written beside it as an internal remark.
- A limit that 12345 moved, earlier or later, is taken over; ours still holds where it is stricter.
- An order that ended there ends here, as long as nobody here has touched the case; else a person decides.
- How content the caller was is kept once, with the closing.
- Name and phone are never exchanged for others.
"""

from gis.accounts.scope import Scope
from gis.hotline.hotline_file import TOLD, HotlineFile, HotlineRow
from gis.hotline.opening import end_case, facts_of, is_open, rate_case
from gis.hotline.order import Order
from gis.incidents.clock import clocks_of, put
from gis.incidents.decisions import Wish
from gis.incidents.holidays import calendar_in_force
from gis.incidents.incident import Incident
from gis.incidents.reminders.alarm import set_anew
from gis.incidents.step import Act
from gis.incidents.taking import move_by_rule

#: What is said of a field that changed, with its new text; of the others only that it changed.
_SAID = {
    "text": "诉求内容", "place": "诉求地址", "words": "诉求分类", "department": "承办单位", "result": "办理结果",
}  # fmt: skip
_NAMED = {"name": "联系人", "phone": "联系电话", "at": "来电时间", "due": "办理时限", "within": "所属区域"}
_LONGEST = 2000


def take_in(row: HotlineRow, order: Order, incident: Incident, file: HotlineFile, scope: Scope) -> bool:
    """Bring what a later file says of a case into it. False where nothing is new, or the case lies elsewhere."""
    before = _before(row)
    if before is None or not scope.covers(incident.area):
        return False
    now = order.prints_like(before)
    if now is None:  # its key is gone, so nobody can say what changed
        return False
    changed = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    if not changed:
        return False
    incident = Incident.objects.select_for_update(of=("self",)).select_related("category").get(pk=incident.pk)
    if "due" in changed:
        _take_limit(incident, order)
    ended = order.is_ended and is_open(incident)
    ours = ended and not _is_touched(incident, file)
    remark = _remark(order, changed - ({"result"} if ours else set()), told=ended and not ours)
    if remark:
        move_by_rule(incident, Wish(Act.COMMENT, note=remark), facts_of(file))
    if ours:
        end_case(incident, order, file)
    rate_case(incident, order)
    return True


def _before(row: HotlineRow) -> dict | None:
    told = HotlineRow.objects.filter(source=row.source, number=row.number, outcome__in=TOLD).exclude(pk=row.pk)
    return told.order_by("-pk").values_list("prints", flat=True).first()


def _take_limit(incident: Incident, order: Order) -> None:
    incident.given_due_at = order.moment("due")
    calendar = calendar_in_force()
    if is_open(incident):
        put(incident, clocks_of(incident, calendar), calendar)
    incident.save(update_fields=["given_due_at", "due_at", "stage_due_at", "suspended_at"])
    set_anew(incident)


def _is_touched(incident: Incident, file: HotlineFile) -> bool:
    """Whether somebody here has done anything with it since it came in."""
    return incident.steps.exclude(act=Act.REPORT).filter(actor__isnull=False).exists()


def _remark(order: Order, changed: set[str], *, told: bool) -> str:
    lines = [f"{word}：{getattr(order, name) or '（空）'}" for name, word in _SAID.items() if name in changed]
    lines += [f"{word}有变化" for name, word in _NAMED.items() if name in changed]
    if told:
        lines.insert(0, "12345 显示已办结；这里已有人办理，请核实后自行结案")
    return ("12345 工单有变化。" + "\n".join(lines))[:_LONGEST] if lines else ""
