"""Which cases count as what: the words of `evaluation_indicator.csv`, each with its rule.

A case or a stage without a limit is never late. What must have happened by now ("should") is what has happened, and
what has not although its limit is over.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis.incidents.evaluation.cases import NEVER, ORIGINS, STATES, Cases
from gis.incidents.incident import Incident, State

Rule = Callable[[Cases, int], np.ndarray]


@dataclass(frozen=True)
class Counter:
    """What is counted, in words, and the rule: cases and the present moment (seconds since 1970) → mask."""

    words: Promise
    rule: Rule


def _happened(name: str) -> Rule:
    return lambda cases, now: getattr(cases, name) != NEVER


def _in_time(name: str, limit: str) -> Rule:
    def rule(cases: Cases, now: int) -> np.ndarray:
        at = getattr(cases, name)
        return (at != NEVER) & (at <= getattr(cases, limit))

    return rule


def _should(name: str, began: str, limit: str, states: tuple[State, ...]) -> Rule:
    """It has happened; or it has begun, is still waited for, and its limit is over."""
    numbers = [STATES[state] for state in states]

    def rule(cases: Cases, now: int) -> np.ndarray:
        late = (getattr(cases, began) != NEVER) & np.isin(cases.state, numbers) & (getattr(cases, limit) < now)
        return (getattr(cases, name) != NEVER) | late

    return rule


def _flag(name: str) -> Rule:
    return lambda cases, now: getattr(cases, name) == 1


def _from(origin: str) -> Rule:
    return lambda cases, now: cases.origin == ORIGINS[origin]


def _cancelled(cases: Cases, now: int) -> np.ndarray:
    return (cases.filed != NEVER) & np.isin(cases.state, [STATES[State.REJECTED], STATES[State.DUPLICATE]])


def _overdue(cases: Cases, now: int) -> np.ndarray:
    return COUNTERS["should_dispose"].rule(cases, now) & ~_in_time("disposed", "due")(cases, now)


_IN_HAND = (State.DISPATCHED, State.IN_PROGRESS)

COUNTERS: dict[str, Counter] = {
    "reported": Counter(_("上报的全部事件"), lambda cases, now: np.ones(len(cases), dtype=bool)),
    "reported_by_worker": Counter(_("网格员上报的"), _from(Incident.Source.WORKER)),
    "reported_by_resident": Counter(_("居民上报的"), _from(Incident.Source.RESIDENT)),
    "should_verify": Counter(
        _("派人核实后已有结果，或时限已过的"), _should("verified", "verify", "now_due", (State.VERIFYING,))
    ),
    "timely_verified": Counter(_("在时限内核实的"), _in_time("verified", "verified_due")),
    "filed": Counter(_("已立案的"), _happened("filed")),
    "timely_filed": Counter(_("在受理时限内立案的"), _in_time("filed", "filed_due")),
    "cancelled": Counter(_("立案后又不予受理或并入别件的"), _cancelled),
    "should_dispatch": Counter(
        _("已派遣，或立案后派遣时限已过的"), _should("dispatched", "filed", "now_due", (State.FILED,))
    ),
    "dispatched": Counter(_("已派遣的"), _happened("dispatched")),
    "timely_dispatched": Counter(_("在时限内派遣的"), _in_time("dispatched", "dispatched_due")),
    "should_dispose": Counter(_("已反馈处置，或派遣后时限已过的"), _should("disposed", "dispatched", "due", _IN_HAND)),
    "disposed": Counter(_("已反馈处置的"), _happened("disposed")),
    "timely_disposed": Counter(_("在时限内反馈处置的"), _in_time("disposed", "due")),
    "overdue": Counter(_("超过时限才反馈，或超时仍未反馈的"), _overdue),
    "rework": Counter(_("返工过的"), _flag("rework")),
    "should_check": Counter(
        _("派人核查后已有结果，或时限已过的"), _should("checked", "check", "now_due", (State.CHECKING,))
    ),
    "timely_checked": Counter(_("在时限内核查的"), _in_time("checked", "checked_due")),
    "should_close": Counter(
        _("已结案，或已反馈等待结案的"),
        lambda cases, now: np.isin(cases.state, [STATES[State.CLOSED], STATES[State.DISPOSED], STATES[State.CHECKING]]),
    ),
    "closed": Counter(_("已结案的"), lambda cases, now: cases.state == STATES[State.CLOSED]),
    "timely_closed": Counter(
        _("在时限内结案的"),
        lambda cases, now: (cases.state == STATES[State.CLOSED]) & (cases.closed <= cases.due),
    ),
    "feedback_cases": Counter(_("上报人评价过的"), _happened("rated")),
    "contacted_in_time": Counter(
        _("评价过的，其中在时限内公开答复的"),
        lambda cases, now: (cases.rated != NEVER) & (cases.answered != NEVER) & (cases.answered <= cases.due),
    ),
    "resident_says_resolved": Counter(_("上报人说已解决的"), _flag("solved")),
    "resident_satisfied": Counter(_("上报人表示满意的"), _flag("satisfied")),
}
