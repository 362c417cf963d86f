"""The clocks of a case: stages in their order, pauses that give the rest back, what is late stays late, undo."""

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.holidays import official_calendar
from gis.incidents.stages import Clocks, Limit, Reading, Taken
from gis.incidents.working_time import later, seconds_between

CHINA = official_calendar().work
ZONE = ZoneInfo("Asia/Shanghai")
LIMITS = {
    "accept": Limit(2, "work_hour"),
    "dispatch": Limit(1, "work_hour"),
    "dispose": Limit(4, "work_hour"),
    "check": Limit(1, "work_day"),
}
TARGET = {
    "report": "reported", "verify": "verifying", "file": "filed", "dispatch": "dispatched", "take": "in_progress",
    "suspend": "suspended", "resume": "in_progress", "dispose": "disposed", "check": "checking", "close": "closed",
    "rework": "dispatched", "return": "filed", "redirect": "dispatched", "reopen": "filed", "reject": "rejected",
}  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def steps(*told: tuple[str, str]) -> list[Taken]:
    """Steps from act and time; "undo" takes the one before it back."""
    found, state, numbers = [], "", count(1)
    for act, when in told:
        if act == "undo":
            found.append(Taken(next(numbers), act, state, found[-1].before, at(when), found[-1].key))
        else:
            found.append(Taken(next(numbers), act, state, TARGET.get(act, state), at(when)))
        state = found[-1].after
    return found


def read(*told: tuple[str, str], limits: dict = LIMITS) -> Clocks:
    first = at(told[0][1])
    return Reading(limits, CHINA).read(Clocks("", first), steps(*told))


def shown(when: datetime | None) -> str:
    return when.astimezone(ZONE).strftime("%m-%d %H:%M") if when else "-"


def due(clocks: Clocks) -> tuple[str, str]:
    """When the case and its stage are due."""
    case, stage = (clock and clock.due(CHINA) for clock in (clocks.case, clocks.stage))
    return shown(case), shown(stage)


#: A Monday without a holiday near.
DAY = "2026-03-09T"
WAY = (("report", DAY + "09:00"), ("file", DAY + "10:00"), ("dispatch", DAY + "10:30"), ("take", DAY + "11:00"))


@pytest.mark.parametrize(
    ("steps_taken", "expected"),
    [
        (1, ("03-09 14:00", "03-09 11:00")),  # reported: 4 working hours for the case, 2 to accept it
        (2, ("03-09 15:00", "03-09 11:00")),  # filed: the case anew, 1 hour to dispatch it
        (3, ("03-09 15:00", "03-09 15:30")),  # dispatched: 4 hours to deal with it
        (4, ("03-09 15:00", "03-09 15:30")),  # taken: the same stage
    ],
)
def test_each_stage_has_its_own_limit(steps_taken, expected):
    assert due(read(*WAY[:steps_taken])) == expected


def test_a_suspended_case_has_no_limit_and_then_exactly_the_rest():
    """Suspended before Spring Festival with 2 h 15 min left of the case, gone on after it."""
    way = (
        ("report", "2026-02-14T09:00"),
        ("file", "2026-02-14T09:00"),
        ("dispatch", "2026-02-14T09:15"),
        ("take", "2026-02-14T09:30"),
        ("suspend", "2026-02-14T10:45"),
    )
    stopped = read(*way)
    assert due(stopped) == ("-", "-")
    assert stopped.suspended_at == at("2026-02-14T10:45")
    assert stopped.case.left == (2 * 60 + 15) * 60
    assert due(read(*way, ("resume", "2026-02-20T12:00"))) == ("02-24 11:15", "02-24 11:30")
    assert due(read(*way, ("resume", "2026-02-28T17:00"))) == ("03-02 10:15", "03-02 10:30")
    assert read(*way, ("resume", "2026-02-28T17:00")).suspended_at is None


def test_checking_costs_whoever_disposed_no_time():
    disposed = (*WAY, ("dispose", DAY + "14:00"))
    assert due(read(*disposed)) == ("-", "03-10 14:00")
    closed = read(*disposed, ("close", "2026-03-12T16:00"))
    assert closed.case.due(CHINA) > at("2026-03-12T16:00")
    again = read(*disposed, ("rework", "2026-03-12T16:00"))
    assert due(again) == ("03-12 17:00", "03-13 11:00")  # the case: the hour left; the stage: four hours anew


def test_what_was_late_stays_late():
    disposed = read(*WAY, ("dispose", "2026-03-10T09:00"), ("close", "2026-03-10T10:00"))
    assert due(disposed)[0] == "03-09 15:00"
    suspended = (*WAY, ("suspend", DAY + "16:00"))
    assert read(*suspended).case.left == -3600
    assert due(read(*suspended, ("resume", "2026-03-11T10:00"))) == ("03-10 18:00", "03-11 09:30")


def test_another_department_gets_the_whole_stage_and_the_case_goes_on():
    assert due(read(*WAY, ("redirect", DAY + "14:00"))) == ("03-09 15:00", "03-09 18:00")
    assert due(read(*WAY, ("return", DAY + "14:00"))) == ("03-09 15:00", "03-09 15:00")


def test_a_reopened_case_begins_anew():
    closed = (*WAY, ("dispose", DAY + "14:00"), ("close", DAY + "15:00"))
    assert due(read(*closed, ("reopen", "2026-03-16T09:00"))) == ("03-16 14:00", "03-16 10:00")


def test_a_move_taken_back_has_never_been():
    told = (*WAY, ("suspend", DAY + "11:10"), ("undo", DAY + "11:30"))
    assert due(read(*told)) == due(read(*WAY))
    assert read(*told).suspended_at is None


def test_words_change_no_clock():
    assert read(*WAY, ("comment", DAY + "11:10"), ("again", DAY + "11:20")) == read(*WAY)


def test_it_remembers_what_each_stage_took():
    passed = read(*WAY, ("dispose", DAY + "17:00"), ("close", DAY + "17:30")).passed
    assert [(one.stage, one.in_time) for one in passed] == [
        ("accept", True), ("dispatch", True), ("dispose", False), ("check", True),
    ]  # fmt: skip


def test_a_category_without_a_limit_has_none_for_the_case():
    assert due(read(*WAY[:1], limits=LIMITS | {"dispose": None})) == ("-", "03-09 11:00")


gaps = st.lists(st.integers(1, 200_000), min_size=2, max_size=12)


@given(gaps, st.sampled_from(["work_hour", "urgent_hour", "work_day", "natural_day"]), st.integers(1, 30))
def test_however_often_it_is_suspended_it_runs_for_its_limit(gaps, unit, amount):
    """The time that counted before the first pause, between pauses and after the last adds up to the limit."""
    limits = LIMITS | {"dispose": Limit(amount, unit)}
    begins = at("2026-02-10T09:00")
    told = [Taken(1, "report", "", "reported", begins), Taken(2, "file", "reported", "filed", begins)]
    moment, state, ran = begins, "in_progress", 0
    told.append(Taken(3, "dispatch", "filed", "in_progress", begins))
    for number, gap in enumerate(gaps, 4):
        after, then = moment + timedelta(seconds=gap), "suspended" if state == "in_progress" else "in_progress"
        if state == "in_progress":
            ran += seconds_between(moment, after, unit, CHINA)
        told.append(Taken(number, "suspend" if then == "suspended" else "resume", state, then, after))
        moment, state = after, then
    case = Reading(limits, CHINA).read(Clocks("", begins), told).case
    whole = seconds_between(begins, later(begins, case.left + ran, unit, CHINA), unit, CHINA)
    assert case.left + ran == whole
    assert (case.since is None) == (state == "suspended")
    if case.since and case.left > 0:
        assert seconds_between(case.since, case.due(CHINA), unit, CHINA) == case.left
