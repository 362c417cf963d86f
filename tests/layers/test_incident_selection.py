"""The selection in memory is the list of the database, incident for incident, whatever is asked and changed."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from gis import crs
from gis.accounts.scope import Scope
from gis.incidents.finding import Wanted, find_incidents, midnight
from gis.incidents.incident import State
from gis.models import Building, Category, Department, Incident
from layers import incident_copy, incident_selection
from layers.incident_columns import NEVER
from layers.incident_copy import incidents_now
from layers.incident_selection import Sieve, selected
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET
from tests.gis.incidents.reported import a_category, report

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TODAY = date(2026, 3, 4)
AREAS = [CELL, CELL[:-1] + "2", COMMUNITY, STREET + "007003", OTHER_STREET + "001001", "990001002003"]
MOMENTS = [
    midnight(TODAY - timedelta(days=days)) + timedelta(microseconds=shift)
    for days in (0, 1, 6, 7, 30)
    for shift in (-1, 0, 1, 40_000_000_000)
]
DUE = [None, NOW, NOW - timedelta(microseconds=1), NOW + timedelta(microseconds=999_999), NOW - timedelta(days=1)]
WORDS = ["", "积水", "T0000", "路口", "%", "_", "'\\"]


@pytest.fixture(autouse=True)
def _from_cold():
    incident_copy.forget()
    yield
    incident_copy.forget()


def some(random: Random, values, most: int = 2) -> frozenset:
    return frozenset(random.sample(list(values), random.choice([0, 0, 0, *range(1, most + 1)])))


def a_filter(random: Random) -> Wanted:
    days = [None, TODAY, TODAY - timedelta(days=6), TODAY - timedelta(days=30)]
    return Wanted(
        text=random.choice(WORDS) if random.random() < 0.3 else "",
        area=random.choice(["", "", "", STREET, COMMUNITY, CELL, "99"]),
        building=random.choice([None] * 9 + list(Building.objects.values_list("pk", flat=True)[:1])),
        categories=some(random, Category.objects.filter(kind="imported").values_list("pk", flat=True)),
        majors=some(random, ["治安", "市容", "没有"]),
        states=some(random, [*State.values, "open", "ended"], 4),
        late=random.random() < 0.2,
        departments=some(random, [0, *Department.objects.values_list("pk", flat=True)]),
        origins=some(random, Incident.Source.values),
        days=random.choice([None, None, None, 1, 7, 8, 30]),
        first=random.choice(days),
        last=random.choice(days),
    )


def fill(random: Random, number: int) -> list[Incident]:
    """Incidents at the borders of everything a filter asks."""
    kinds = [a_category("治安", "纠纷"), a_category("市容", "占道"), a_category("市容", "垃圾")]
    departments = [None, *Department.objects.all()[:3]]
    building = Building.objects.first()
    made = [
        Incident(
            number=f"T{random.randrange(10**9):09d}-{k}",
            category=random.choice(kinds),
            reported_at=random.choice(MOMENTS),
            position=Point(116.6 + random.random() / 10, 40.1 + random.random() / 10, srid=crs.STORE),
            area=random.choice(AREAS),
            state=random.choice([*State.values, "other"]),
            origin=random.choice(Incident.Source.values),
            department=random.choice(departments),
            due_at=random.choice(DUE),
            closed_at=random.choice([None, NOW]),
            doubt=random.choice(["", "", "很多地址共用这个位置"]),
            building=random.choice([None, None, building]),
            place=random.choice(["", "大街路口", "100% 折扣店", "a_b"]),
            description=random.choice(["", "门前积水", "it's \\ here"]),
        )
        for k in range(number)
    ]
    return Incident.objects.bulk_create(made)


def check(random: Random, times: int) -> None:
    for _ in range(times):
        wanted, scope = a_filter(random), Scope.of(some(random, [*AREAS, STREET, "11", "99"], 3))
        expected = find_incidents(wanted, scope, NOW).values_list("pk", flat=True)
        chosen = selected(incidents_now(), wanted, scope, NOW)
        assert sorted(chosen.column("ids").tolist()) == sorted(expected), wanted
        assert len(chosen) == len(expected)


@pytest.mark.parametrize("seed", range(3))
def test_it_selects_what_the_list_finds_after_any_changes(own_town, seed):
    random = Random(seed)
    Incident.objects.all().delete()
    made = fill(random, 300)
    check(random, 40)
    for _ in range(3):
        changed = [one.pk for one in random.sample(made, 40)]
        Incident.objects.filter(pk__in=changed[:10]).delete()
        Incident.objects.filter(pk__in=changed[10:25]).update(state="closed", area=random.choice(AREAS))
        Incident.objects.filter(pk__in=changed[25:]).update(due_at=random.choice(DUE), description="积水已退")
        fill(random, 20)
        check(random, 15)


def test_it_counts_beside_a_choice_what_making_it_would_find(own_town):
    random = Random(7)
    fill(random, 200)
    scope, wanted = Scope.of([STREET]), Wanted(states=frozenset({"closed"}), majors=frozenset({"市容"}), days=30)
    sieve = Sieve(incidents_now(), wanted, scope, NOW)
    for state in ("filed", "closed"):
        would = find_incidents(Wanted(states=frozenset({state}), majors=wanted.majors, days=30), scope, NOW).count()
        assert np.count_nonzero(sieve.but("state").column("state") == State.values.index(state)) == would


def test_it_reads_every_field_of_a_filter(own_town):
    officer = Department.objects.first()
    incident = report()
    Incident.objects.filter(pk=incident.pk).update(
        department=officer, due_at=NOW, closed_at=NOW + timedelta(microseconds=5), doubt="?", origin="hotline"
    )
    row = selected(incidents_now(), Wanted(text=incident.number), Scope.of(["11"]), NOW).rows()
    assert row.ids.tolist() == [incident.pk]
    assert (row.department[0], row.due[0], row.closed[0]) == (officer.pk, NOW.timestamp(), NOW.timestamp())
    assert (row.doubt[0], row.origin[0]) == (1, Incident.Source.values.index("hotline"))
    bare = report()
    row = selected(incidents_now(), Wanted(text=bare.number), Scope.of(["11"]), timezone.now()).rows()
    assert (row.department[0], row.due[0], row.closed[0], row.doubt[0]) == (0, NEVER, NEVER, 0)


def test_many_ids_are_found_in_the_same_rows_as_few(db, monkeypatch):
    for number in range(40):
        report(at=NOW - timedelta(days=number % 7))
    copy = incidents_now()
    ids = np.sort(copy.base.ids)[::3]
    few = incident_selection._rows_with(copy, ids)
    monkeypatch.setattr(incident_selection, "_FEW", 0)
    assert incident_selection._rows_with(copy, ids).tolist() == few.tolist()
    assert incident_selection._rows_with(copy, np.append(ids, [10**9])).tolist() == few.tolist()
