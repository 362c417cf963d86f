"""The cases that no rule sends on: filed, with nobody to deal with them. They wait where everybody can see it."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.errors import NotAllowed
from gis.incidents.assignment import Assignment
from gis.incidents.consequences import follow
from gis.incidents.incident import Incident, State
from gis.incidents.routing.applying import send
from gis.incidents.routing.explaining import ruling_now
from gis.incidents.step import Act, Step
from gis.incidents.workflow import on_desks


def unsent(scope: Scope):
    """The filed cases in scope that nobody has, the one that waits longest first."""
    held = Assignment.objects.filter(incident=OuterRef("pk"), ended=None)
    return Incident.objects.inside(scope).filter(~Exists(held), state=State.FILED).order_by("due_at", "reported_at")


def came_back() -> Exists:
    """Those of them that somebody returned, or that were opened again, as a condition: rules leave them to a person."""
    return Exists(Step.objects.filter(incident=OuterRef("pk"), act__in=(Act.RETURN, Act.REOPEN)))


def unmatched(scope: Scope):
    """Those that were filed while no rule fitted, or one that leaves it to a person."""
    return unsent(scope).filter(~came_back())


def returned(scope: Scope):
    return unsent(scope).filter(came_back())


def send_by_rules(numbers: list[str], access: Access) -> tuple[list[str], list[str]]:
    """Send waiting cases as the rules in force now say: the numbers of those that went, and of those that stay.

    Raises NotAllowed for somebody who dispatches nothing. A case that is not theirs, or waits no more, stays.
    """
    scope = access.which("case.dispatch")
    if not scope:
        raise NotAllowed(_("您的角色不能派遣事件。"), fix=_("需要时请联系管理员调整任职。"))
    went = [number for number in numbers if _send_one(number, scope)]
    return went, [number for number in numbers if number not in set(went)]


def _send_one(number: str, scope: Scope) -> bool:
    with transaction.atomic():
        waiting = unmatched(scope).filter(on_desks(scope), number=number)
        incident = waiting.select_for_update(of=("self",)).select_related("category").first()
        rule = incident and ruling_now(incident).rule
        if not rule or rule.by_hand:
            return False
        for step in send(incident, timezone.now()):
            follow(incident, step)
    return True
