"""Incidents on the map at a million: a filter, its clusters and its numbers from the copy in memory beside the same
answer of SQL, and the list with two filters and a search for words."""

from datetime import timedelta

import numpy as np
from django.contrib.gis.db.models import Extent
from django.db import connection
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.finding import Wanted, find_incidents, this_second
from gis.models import Area, Category, Incident
from layers.bins import Grid, grid_over
from layers.incident_clusters import SIDE, clusters_in
from layers.incident_copy import forget, incidents_now
from layers.incident_facets import facets_of
from layers.incident_order import ids_in_order
from layers.incident_selection import Sieve, selected
from tests.bench.clock import in_turn, seconds
from tests.bench.heat import write_incidents
from tests.bench.report import Report
from tests.bench.scratch import scratch_database

_DISTRICT = "110113"
_SCOPE = Scope.of([_DISTRICT])
_LIST_LIMIT = 80.0
_WORDS = ["路口", "积水", "井盖", "楼道", "夜间", "扰民", "占道", "垃圾", "路灯", "充电", "漏水", "停放"]
_PLACES = ["东门", "西门", "北口", "南街", "花园", "广场", "学校", "市场", "车站", "医院", "公园", "桥头"]


def measure(quick: bool) -> Report:
    with scratch_database("small"):
        number = 100_000 if quick else 1_000_000
        took = seconds(lambda: (write_incidents(number), _describe()))
        report = Report(["what", "ms", "beside"])
        report.notes.append(
            f"{Incident.objects.count():,} incidents, written in {took:.1f} s; all of them in the window."
        )
        forget()
        report.rows.append(["read all into memory, once a process", 1000 * seconds(incidents_now), ""])
        _measure_clusters(report, rounds=3 if quick else 7)
        _measure_list(report, searches=20 if quick else 60)
    return report


def _describe() -> None:
    """Words as people write them: a place and what is the matter, some common, some rare."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grid_incident DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE grid_incident SET place = (%s::text[])[1 + id * 7 %% 12] || (id * 131 %% 997) || '号',"
            " description = (%s::text[])[1 + id * 5 %% 12] || '，请尽快处理。'"
            " || (%s::text[])[1 + id * 11 %% 12] || (id * 37 %% 4999)",
            [_PLACES, _WORDS, _PLACES],
        )
        cursor.execute("VACUUM ANALYZE grid_incident")


def _measure_clusters(report: Report, rounds: int) -> None:
    wanted, now = _filter(), this_second()
    box = Area.objects.filter(code__startswith=_DISTRICT).aggregate(box=Extent("geometry"))["box"]
    grid = grid_over(box, 13, SIDE)  # as much as a screen shows
    everything = selected(incidents_now(), Wanted(), _SCOPE, now)
    assert clusters_in(everything, grid, now).total == len(everything) == Incident.objects.count()
    assert len(selected(incidents_now(), wanted, _SCOPE, now)) == sum(row[-1] for row in _sql(wanted, grid))
    spent = in_turn(
        {
            "two filters and clusters": lambda: clusters_in(selected(incidents_now(), wanted, _SCOPE, now), grid, now),
            "the same bins in SQL": lambda: _sql(wanted, grid),
            "no filter and clusters": lambda: clusters_in(selected(incidents_now(), Wanted(), _SCOPE, now), grid, now),
            "the same bins in SQL, no filter": lambda: _sql(Wanted(), grid),
            "the numbers beside every choice": lambda: facets_of(Sieve(incidents_now(), wanted, _SCOPE, now)),
        },
        rounds,
    )
    names = list(spent)
    for name, beside in ((names[0], names[1]), (names[2], names[3]), (names[4], None)):
        report.rows.append([name, 1000 * spent[name], f"SQL {1000 * spent[beside]:,.0f}" if beside else ""])
    report.named.append(("clusters.ms", 1000 * spent[names[0]], "ms"))
    report.named.append(("clusters.all_ms", 1000 * spent[names[2]], "ms"))
    report.named.append(("clusters.sql_gain", spent[names[3]] / spent[names[2]], "x"))


def _filter() -> Wanted:
    categories = frozenset(Category.objects.filter(incident__isnull=False).values_list("pk", flat=True).distinct()[:20])
    return Wanted(categories=categories, states=frozenset({"open"}))


def _sql(wanted: Wanted, grid: Grid) -> list[tuple]:
    """Count, late, open and middle of every bin, as one would ask the database for it."""
    west, north = grid.corner
    inner, params = (
        find_incidents(wanted, _SCOPE).order_by().values("drawing", "state", "due_at").query.sql_with_params()
    )
    sql = (
        f"SELECT floor((ST_X(found.drawing) - {west}) / {grid.size})::int,"
        f" floor(({north} - ST_Y(found.drawing)) / {grid.size})::int,"
        " avg(ST_X(found.drawing)), avg(ST_Y(found.drawing)), count(*) FILTER (WHERE due_at < now()),"
        f" count(*) FILTER (WHERE state NOT IN ('closed', 'rejected', 'duplicate')), count(*)"
        f" FROM ({inner}) found(drawing, state, due_at) GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _measure_list(report: Report, searches: int) -> None:
    """The list as a reader asks it: two filters and words, its first page and its number."""
    random = np.random.default_rng(7)
    now, asked = this_second(), []
    for _ in range(searches):
        words = str(random.choice([*_WORDS, *_PLACES])) + random.choice(["", "", str(random.integers(100, 999))])
        first = timezone.localdate() - timedelta(int(random.integers(30, 700)))
        asked.append(Wanted(text=words, first=first, states=frozenset({str(random.choice(["open", "closed"]))})))
    took = np.array([seconds(lambda wanted=wanted: _page(wanted, now)) for wanted in asked])
    bare = np.array([seconds(lambda wanted=wanted: _sql_page(wanted)) for wanted in asked[:: max(1, searches // 10)]])
    p95 = 1000 * float(np.percentile(took, 95))
    report.rows.append(
        [
            "two filters and words, number and first page, median",
            1000 * float(np.median(took)),
            f"SQL {1000 * float(np.median(bare)):,.0f}",
        ]
    )
    report.rows.append(["the same, p95", p95, f"limit {_LIST_LIMIT:.0f}"])
    report.named.append(("incidents.list_p95_ms", p95, "ms"))


def _page(wanted: Wanted, now) -> list[Incident]:
    chosen = selected(incidents_now(), wanted, _SCOPE, now)
    return list(Incident.objects.in_bulk(ids_in_order(chosen, "at", True, 0, 50)).values())


def _sql_page(wanted: Wanted) -> tuple:
    found = find_incidents(wanted, _SCOPE)
    return found.count(), list(found[:50])
