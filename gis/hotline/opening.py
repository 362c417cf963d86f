"""A work order becomes a case: through intake, like any report, with what its source knows beside.

An open one of a department that is known here is filed, and goes where the routing rules say, else to that department:
12345 has taken it on already. One of an unknown department lies on the community's desk. One that is settled comes in
settled, by steps that say so; nobody is told of it. The caller can follow it under our number or 12345's.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.hotline.checking import department_of
from gis.hotline.hotline_file import HotlineFile
from gis.hotline.order import Order
from gis.hotline.placing import Spot
from gis.incidents.category import Category
from gis.incidents.consequences import follow
from gis.incidents.decisions import Wish
from gis.incidents.incident import ENDED, Incident, State
from gis.incidents.intake import Filed, Told, write_report
from gis.incidents.private_words import is_plain
from gis.incidents.residents.following import digits_of, plain_number
from gis.incidents.residents.reporter import Follow, Rating, Reporter
from gis.incidents.step import Act
from gis.incidents.taking import move_by_rule
from gis.people.sealing import seal
from gis.written import hashed


@dataclass(frozen=True)
class Case:
    """What a case is made of: the order, and what was found out about it."""

    file: HotlineFile
    order: Order
    category: Category
    spot: Spot
    known: dict[str, Department]


def open_case(case: Case, scope: Scope) -> Incident:
    """Write the case of a work order, inside the caller's transaction. Raises Refused."""
    order, spot = case.order, case.spot
    told = Told(
        category=case.category.pk, point=spot.point, building=spot.building, text=order.text, place=order.place,
        origin=Incident.Source.HOTLINE, source=case.file.source, source_code=order.number, due=order.moment("due"),
        doubt=spot.doubt,
    )  # fmt: skip
    at = order.moment("at")
    filed = write_report(told, [], scope=scope, user=case.file.owner, at=at, is_news=not order.is_ended)
    _remember_caller(filed, order)
    if order.is_ended:
        end_case(filed.incident, order, case.file)
        rate_case(filed.incident, order)
    else:
        _hand_on(filed.incident, case)
    return filed.incident


def facts_of(file: HotlineFile) -> dict:
    """What a step keeps of where it comes from."""
    return {"hotline": {"file": str(file.uuid), "source": file.source}}


def _remember_caller(filed: Filed, order: Order) -> None:
    incident, step = filed.incident, filed.step
    number = plain_number(order.number)
    Follow.objects.create(
        step=step, incident=incident, content=hashed(order.number),
        token=hashed(secrets.token_urlsafe(24)),  # nobody holds the secret: a caller comes back by number and digits
        digits=digits_of(incident.number, order.last4) if order.last4 else "",
        other_digits=digits_of(number, order.last4) if order.last4 and number else "",
    )  # fmt: skip
    if order.name or order.last4:
        sealed = seal(order.phone) if order.phone else None
        Reporter.objects.create(
            step=step, incident=incident, name=order.name, phone_sealed=sealed, phone_last4=order.last4
        )


def _hand_on(incident: Incident, case: Case) -> None:
    order, facts = case.order, facts_of(case.file)
    department = department_of(order.department, case.known) or case.file.department
    if order.result:
        _say(incident, Act.COMMENT, f"12345 办理情况：{order.result}", facts)
    if department is None:
        if order.department:
            _say(
                incident, Act.COMMENT, f"12345 承办单位：{order.department}（本系统没有这个部门，请核实后派遣）", facts
            )
        return
    follow(incident, move_by_rule(incident, Wish(Act.FILE, note="12345 已受理的工单"), facts))
    if incident.state == State.FILED and incident.asked == "":
        wish = Wish(
            Act.DISPATCH, note=f"12345 承办单位：{order.department or department.name}", departments=(department.pk,)
        )
        follow(incident, move_by_rule(incident, wish, facts))


def end_case(incident: Incident, order: Order, file: HotlineFile) -> None:
    """Bring a case to where 12345 says it ended. What was answered is public only where it points at nobody."""
    facts = facts_of(file)
    closed = order.moment("closed")
    at = closed or timezone.now()
    if order.result:
        act = Act.ANSWER if is_plain(order.result) else Act.COMMENT
        _say(incident, act, order.result, facts, at)
    ends = Act.REJECT if order.state == "rejected" else Act.CLOSE
    note = f"12345 {'不予受理' if ends == Act.REJECT else '已办结'}"
    if order.department:
        note += f"，承办单位：{order.department}"
    if closed is None:
        note += "（没有办结时间，不算是否按时）"
    move_by_rule(incident, Wish(ends, note=note), facts, at)
    if closed is None:
        incident.due_at = None
        incident.save(update_fields=["due_at"])


def rate_case(incident: Incident, order: Order) -> bool:
    """Keep how content 12345 says the caller was, once. Whether it did."""
    first = incident.follows.order_by("pk").first()
    if not order.content or incident.state != State.CLOSED or first is None or incident.ratings.exists():
        return False
    at = max(filter(None, (order.moment("closed"), incident.closed_at)))
    step = move_by_rule(incident, Wish(Act.RATE), {}, at)
    Rating.objects.create(step=step, follow=first, incident=incident, content=order.content, solved=order.content >= 3)
    return True


def _say(incident: Incident, act: str, text: str, facts: dict, at: datetime | None = None) -> None:
    move_by_rule(incident, Wish(act, note=text[:2000]), facts, at)


def is_open(incident: Incident) -> bool:
    return incident.state not in ENDED
