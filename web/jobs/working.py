"""Carrying out what somebody waits for (`gis.planning.work`): begun anew after a kill, told how far it is, stopped.

One that has ended stays as it is. What is refused is said in the order; a fault of ours is said there and raised.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.errors import WanggeError
from gis.planning.work import AT_WORK, Work

Stage = Work.Stage
Order = TypeVar("Order", bound=Work)
#: Seconds between two lines of progress: each is a row written.
_BREATH = 0.5


class Stopped(Exception):
    """The order was cancelled while it was carried out."""


class Progress:
    """Hears the share that is done, and tells it, not too often."""

    def __init__(self, order: QuerySet) -> None:
        self.order, self.told = order, time.monotonic()

    def __call__(self, share: float) -> None:
        """Raises Stopped when nobody waits any more."""
        if time.monotonic() - self.told < _BREATH:
            return
        self.told = time.monotonic()
        if not self.order.filter(stage=Stage.WORKING).update(percent=min(99, int(share * 100))):
            raise Stopped


def carry_out(kind: type[Order], key: int, make: Callable[[Order, Progress], dict], trouble: str) -> None:
    """Carry out one order. `make` returns what is to be stored in it; `trouble` is said where it fails by our fault."""
    rows = kind.objects.filter(pk=key)
    if not rows.filter(stage__in=AT_WORK).update(stage=Stage.WORKING, percent=0):
        return
    order = rows.select_related("owner").get()
    with translation.override(order.language or None):
        try:
            _end(rows, Stage.DONE, percent=100, **make(order, Progress(rows)))
        except Stopped:
            return
        except WanggeError as refused:
            _fail(rows, refused.message, refused.fix)
        except Exception:
            _fail(rows, _(trouble), _("请再试一次；若再次出错，请联系管理员。"))
            raise


def _fail(rows: QuerySet, trouble: str, fix: str) -> None:
    _end(rows, Stage.FAILED, trouble=trouble[:200], fix=fix[:200])


def _end(rows: QuerySet, stage: str, **facts) -> None:
    """Not when it was cancelled meanwhile."""
    rows.filter(stage=Stage.WORKING).update(stage=stage, ended_at=timezone.now(), **facts)
