"""Indicators against the steps themselves, counted one by one."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.codes.loading import read_table
from gis.incidents.evaluation.cases import NEVER, Cases, read_cases
from gis.incidents.evaluation.counters import COUNTERS
from gis.incidents.evaluation.indicators import indicators, parts, rate, rates_by
from gis.incidents.taking_back import undo
from gis.models import Incident, Rating
from tests.cast import STREET
from tests.gis.incidents.loop import WAY, a_case, brought_to, civil, go

pytestmark = pytest.mark.django_db
EVER = timezone.now() - timedelta(days=4000)


def read(scope: str = STREET, department: int | None = None) -> Cases:
    return read_cases(Scope.of([scope]), EVER, timezone.now() + timedelta(days=1), department)


def now() -> int:
    return int(timezone.now().timestamp())


def test_every_indicator_has_its_counters_and_its_words():
    assert set(indicators()) == {row["code"] for row in read_table("evaluation_indicator")}
    for one in indicators().values():
        assert {*one.above, one.below} <= set(COUNTERS)
        assert "÷" in one.definition


def test_it_reads_what_the_steps_say():
    """Every case of the town against its own rows."""
    cases = read()
    found = {incident.pk: incident for incident in Incident.objects.inside(Scope.of([STREET]))}
    assert sorted(found) == cases.ids.tolist()
    for row in range(0, len(cases), 7):
        incident = found[int(cases.ids[row])]
        steps = list(incident.steps.order_by("at", "pk"))
        first = {}
        for step in steps:
            first.setdefault(step.act, int(step.at.timestamp()))
        assert cases.filed[row] == first.get("file", NEVER)
        assert cases.dispatched[row] == first.get("dispatch", NEVER)
        left = [int(step.at.timestamp()) for step in steps if step.before == "checking"]
        assert cases.checked[row] == (left[0] if left else NEVER)
        assert cases.due[row] == (int(incident.due_at.timestamp()) if incident.due_at else NEVER)
        assert cases.department[row] == (incident.department_id or 0)
        assert str(cases.area[row]) == incident.area.ljust(15, "0")


def test_a_numerator_is_part_of_its_denominator():
    cases = read()
    for one in indicators().values():
        assert not (one.numerator(cases, now()) & ~one.denominator(cases, now())).any()
        above, below, rest = (len(parts(one, cases, now(), part)) for part in ("above", "below", "rest"))
        assert above + rest == below
        assert (rate(one, cases, now()).on_time, rate(one, cases, now()).judged) == (above, below)


def test_groups_add_up_to_the_whole():
    cases = read()
    for one in indicators().values():
        groups = rates_by(one, cases, cases.area // 1000, now()).values()
        whole = rate(one, cases, now())
        assert sum(group.on_time for group in groups) == whole.on_time
        assert sum(group.judged for group in groups) == whole.judged


def counted(name: str, *incidents: Incident) -> int:
    cases = read()
    return int(COUNTERS[name].rule(cases, now())[np.isin(cases.ids, [one.pk for one in incidents])].sum())


def test_it_counts_a_case_as_far_as_it_came(cast):
    made = [brought_to(cast, state) for state in ("reported", "filed", "dispatched", "disposed", "closed")]
    assert counted("reported", *made) == 5
    assert counted("filed", *made) == 4
    assert counted("dispatched", *made) == 3
    assert counted("disposed", *made) == 2
    assert counted("should_close", *made) == 2
    assert counted("closed", *made) == 1


def test_what_was_taken_back_does_not_count(cast):
    incident = a_case()
    step = go(cast, "zhou", incident, "file")
    assert counted("filed", incident) == 1
    undo(step.pk, user=cast.zhou, access=cast.zhou.access)
    assert counted("filed", incident) == 0


def test_a_case_past_its_limit_should_have_been_dealt_with(cast):
    assert counted("should_dispose", brought_to(cast, "in_progress")) == 0
    then = timezone.now() - timedelta(days=90)
    incident = a_case(at=then)
    for name, act in WAY[:3]:
        go(cast, name, incident, act, at=then)
    assert counted("should_dispose", incident) == counted("overdue", incident) == 1
    go(cast, "he", incident, "dispose")
    assert counted("timely_disposed", incident) == 0
    assert counted("overdue", incident) == 1


def test_rework_and_rejection_after_filing_count_against_it(cast):
    reworked, cancelled = brought_to(cast, "disposed"), brought_to(cast, "filed")
    go(cast, "zhou", reworked, "rework")
    go(cast, "zhou", cancelled, "reject")
    assert counted("rework", reworked, cancelled) == 1
    assert counted("cancelled", reworked, cancelled) == 1


def test_it_counts_what_residents_said(cast):
    cases = read()
    rated = Rating.objects.filter(incident__area__startswith=STREET)
    assert counted("feedback_cases", *Incident.objects.all()) == rated.count() > 0
    assert int(COUNTERS["resident_says_resolved"].rule(cases, now()).sum()) == rated.filter(solved=True).count()
    assert int(COUNTERS["resident_satisfied"].rule(cases, now()).sum()) == rated.filter(content__gte=4).count()


def test_a_department_is_evaluated_by_its_own_cases(cast):
    brought_to(cast, "closed")
    mine = read(department=civil().pk)
    assert len(mine) == Incident.objects.inside(Scope.of([STREET])).filter(department=civil()).count()
    assert len(read_cases(Scope(()), EVER, timezone.now())) == 0
