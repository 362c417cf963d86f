"""Making a move: one step appended, the case brought to where it leads, in one transaction with the row locked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.incidents.attaching import attach, clean_photos, kept
from gis.incidents.consequences import follow
from gis.incidents.decisions import Wish, judge
from gis.incidents.incident import Incident
from gis.incidents.step import Act, Step
from gis.incidents.taking import take
from gis.incidents.workflow import Move, Stand, moves, why_not

__all__ = ["Wish", "move", "move_for_reporter"]


def move(
    number: str,
    wish: Wish,
    *,
    user: User,
    access: Access,
    seen: int | None = None,
    photos: Iterable[bytes] = (),
    at: datetime | None = None,
) -> Step:
    """Make a move in somebody's name. `seen`: the revision of the case they decided on; None asks for no comparison.

    Raises OutOfScope for a case they may not read, NotAllowed for a move that is not theirs now, Refused for one that
    lacks something, and Conflict, with the steps since, when the case is no longer as seen. Then nothing is done.
    """
    with transaction.atomic(), kept(clean_photos(photos)) as stored:
        incident = _locked(number, access, wish.target)
        _judge_seen(incident, seen)
        chosen = _chosen(wish.act)
        stand = Stand(incident, user, access)
        if why := why_not(chosen, stand):
            raise NotAllowed(why, fix=_("请刷新页面，看看现在可以做什么。"))
        wish = judge(chosen, wish, incident, user, access)
        step = take(incident, chosen, wish, user=user, at=at)
        attach(step, stored)
        follow(incident, step)
    return step


def move_for_reporter(
    incident: Incident, wish: Wish, *, photos: Iterable[bytes] = (), at: datetime | None = None
) -> Step:
    """Make a move that is open to whoever reported a case. That it is them, the caller has made sure.

    Raises NotAllowed and Refused as `move` does.
    """
    with transaction.atomic(), kept(clean_photos(photos)) as stored:
        incident = Incident.objects.select_for_update(of=("self",)).select_related("category").get(pk=incident.pk)
        chosen = _chosen(wish.act)
        if not chosen.by_reporter or incident.state not in chosen.sources:
            raise NotAllowed(_("现在不能这样做。"), fix=_("请刷新页面，看看进展。"))
        wish = judge(chosen, wish, incident, None, Access.none())
        step = take(incident, chosen, wish, user=None, at=at)
        attach(step, stored)
        follow(incident, step)
    return step


def _locked(number: str, access: Access, other: str) -> Incident:
    """The case, and the one it is to be merged into, locked in one order: two who merge each into the other's wait."""
    mine = Incident.objects.inside(access.which("incident.read")).select_for_update(of=("self",))
    found = mine.select_related("category").filter(number__in=[number, other]).order_by("pk")
    incident = next((one for one in found if one.number == number), None)
    if incident is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return incident


def _chosen(act: str) -> Move:
    try:
        return moves()[act]
    except KeyError:
        raise Refused(_("没有这个动作。"), fix=_("请刷新页面再试。")) from None


def _judge_seen(incident: Incident, seen: int | None) -> None:
    if seen is None or seen == incident.revision:
        return
    since = list(incident.steps.filter(revision__gt=seen).select_related("actor").order_by("revision"))
    if since and all(step.act == Act.AGAIN for step in since):
        return  # one more voice decides nothing: a street that reports one burst pipe must not stop who sends help
    raise Conflict(
        _("这件事刚才有了新的进展。"),
        fix=_("请看看别人做了什么，再决定。您写的内容还在。"),
        theirs={"revision": incident.revision, "steps": [_told(step) for step in since]},
    )


def _told(step: Step) -> dict:
    return {
        "act": step.get_act_display(),
        "who": (step.actor.name or step.actor.username) if step.actor else "",
        "at": step.at.isoformat(),
        "after": step.get_after_display(),
        "note": step.note,
    }
