"""Merging many cases into one, each judged and moved for itself; and taking that back as one."""

from collections.abc import Iterable
from dataclasses import dataclass

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import WanggeError
from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.incidents.step import Act, Step
from gis.incidents.taking_back import undo

#: Cases merged in one go: a flood of a burst pipe, and a request that is answered while somebody waits.
MOST = 300


@dataclass(frozen=True)
class Merged:
    """What became of one case: `step` took it in, or `error` says why it stayed."""

    number: str
    step: int | None = None
    error: str = ""


def merge(
    kept: str, cases: Iterable[tuple[str, int | None]], *, user: User, access: Access, note: str = ""
) -> list[Merged]:
    """Merge cases into another. `cases`: their numbers, each with its revision as it was seen.

    Whatever cannot be merged stays as it is and is told; the others are merged all the same.
    """
    wish = Wish(Act.DUPLICATE, note=note, target=kept)
    return [_one(number, wish, seen, user, access) for number, seen in cases if number != kept]


def _one(number: str, wish: Wish, seen: int | None, user: User, access: Access) -> Merged:
    try:
        return Merged(number, move(number, wish, user=user, access=access, seen=seen).pk)
    except WanggeError as error:
        return Merged(number, error=str(error))


def take_apart(steps: Iterable[int], *, user: User, access: Access) -> list[Merged]:
    """Take mergings back, the last first: a short while after, one's own, with nothing since."""
    mine = Step.objects.filter(pk__in=list(steps), actor=user, act=Act.DUPLICATE).select_related("incident")
    return [_back(step, user, access) for step in mine.order_by("-pk")]


def _back(step: Step, user: User, access: Access) -> Merged:
    try:
        return Merged(step.incident.number, undo(step.pk, user=user, access=access).pk)
    except WanggeError as error:
        return Merged(step.incident.number, error=str(error))
