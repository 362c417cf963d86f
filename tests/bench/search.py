"""Three million addresses and a thousand queries as people type them, beside pg_trgm on the same data."""

import tempfile
import time
from statistics import mean

import numpy as np
from django.db import connection
from django.test import RequestFactory, override_settings

from gis.accounts.scope import Access, Scope
from gis.errors import NotReady
from gis.exchange.locating import confidence
from gis.models import Building
from gis.places.finding import find
from gis.places.search import copy
from tests.bench import search_town
from tests.bench.clock import seconds
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.bench.search_noise import KINDS, Query, queries, shares
from web.pages import search

_SEED = 20261126
_EVERYWHERE = Scope.of([search_town.CITY])


def measure(quick: bool) -> Report:
    """How quick and how right the search is; `quick`: a twenty-fifth of the addresses, 200 queries, no full start."""
    with scratch_database(), tempfile.TemporaryDirectory() as folder, override_settings(DATA=folder):
        town = search_town.write(search_town.QUICK if quick else search_town.FULL)
        asked = queries(200 if quick else 1000, _SEED)
        report = Report(["kind", "right first", "in five", "p50 ms", "p95 ms"])
        count = town["buildings"] + town["doors"]
        report.notes.append(f"{count:,} addresses ({town['buildings']:,} buildings), noise of seed {_SEED}.")
        _measure_start(report)
        ours = _measure_queries(report, asked)
        _measure_change(report)
        _measure_trigrams(report, asked, ours, 5 if not quick else 20)
        copy.forget()
    return report


def _measure_start(report: Report) -> None:
    copy.forget()
    start = seconds(_read)
    copy.forget()
    again = seconds(_read)
    size = copy.addresses_now().base.index.nbytes / 1e6
    report.notes.append(f"read from the database in {start:.1f} s, from its file in {again:.2f} s; {size:.0f} MB.")
    report.named += [("search.start_s", start, "s"), ("search.restart_s", again, "s"), ("search.index_mb", size, "MB")]


def _read() -> None:
    while True:
        try:
            copy.addresses_now()
            return
        except NotReady:
            continue  # it has waited for some seconds itself


def _ask(query: Query) -> tuple[list[tuple], float, float]:
    """The places found, the milliseconds of the whole view, and how sure `locate` would be of the first."""
    near = {"lat": str(query.near.y), "lon": str(query.near.x)} if query.near else {}
    request = RequestFactory().post("/search/", {"q": query.text, **near})
    request.scope, request.access = _EVERYWHERE, Access.none()
    start = time.perf_counter()
    search.send(request)
    spent = 1000 * (time.perf_counter() - start)
    found = find(query.text, _EVERYWHERE, 5, query.near).found
    places = [(one.place.pk, one.door and one.door.pk) for one in found if one.kind == "building"]
    return places, spent, confidence(found) if found else 0.0


def _measure_queries(report: Report, asked: list[Query]) -> list[float]:
    for query in asked[:20]:
        _ask(query)
    answers = [_ask(query) for query in asked]
    times = np.array([spent for _, spent, _ in answers])
    truths = [(query.truth.building, query.truth.door) for query in asked]
    first = [found[:1] == [truth] for (found, *_), truth in zip(answers, truths, strict=True)]
    five = [truth in found for (found, *_), truth in zip(answers, truths, strict=True)]
    kinds = [query.kind for query in asked]
    firsts, fives = shares(kinds, first), shares(kinds, five)
    for kind in KINDS:
        of = times[[one == kind for one in kinds]]
        report.rows.append([kind, firsts[kind], fives[kind], float(np.median(of)), float(np.percentile(of, 95))])
    report.rows.append(["all", mean(first), mean(five), float(np.median(times)), float(np.percentile(times, 95))])
    sure = [good for (*_, how_sure), good in zip(answers, first, strict=True) if how_sure >= 0.9]
    report.notes.append(f"of {len(sure)} answers at least 0.9 sure {100 * mean(sure or [0]):.1f} % are right.")
    report.named.append(("search.sure_right", 100 * mean(sure or [0]), "%"))
    report.notes += [f"wrong: {query.kind} {query.text}" for query, good in zip(asked, five, strict=True) if not good][
        :12
    ]
    report.named += [
        ("search.p95_ms", float(np.percentile(times, 95)), "ms"),
        ("search.top1", 100 * mean(first), "%"),
        ("search.top5", 100 * mean(five), "%"),
    ]
    return times.tolist()


def _measure_change(report: Report) -> None:
    """From the commit of a new building to the answer that holds it."""
    like = Building.objects.filter(number="1号楼").first() or Building.objects.first()
    made = Building.objects.create(
        code=f"{like.area[:12]}99999", name="瓢泉新书店", area=like.area, geometry=like.geometry
    )
    spent = seconds(lambda: _found(made.pk))
    report.notes.append(f"a new building was found {1000 * spent:.0f} ms after its commit.")
    report.named.append(("search.new_s", spent, "s"))


def _found(pk: int) -> None:
    answer = find("瓢泉新书店", _EVERYWHERE)
    if [one.place.pk for one in answer.found[:1]] != [pk]:
        raise AssertionError("The new building is not found.")


_TEXTS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE UNLOGGED TABLE bench_text AS
SELECT b.id AS building, d.id AS door,
  concat(city.name, district.name, street.name, community.name, c.name, b.number, d.unit, '单元', d.room, '室') AS text
FROM grid_dwelling d JOIN grid_building b ON b.id = d.building_id JOIN grid_compound c ON c.id = b.compound_id
  JOIN grid_area city ON city.code = left(b.area, 4) JOIN grid_area district ON district.code = left(b.area, 6)
  JOIN grid_area street ON street.code = left(b.area, 9) JOIN grid_area community ON community.code = left(b.area, 12)
UNION ALL SELECT b.id, NULL, concat(city.name, district.name, street.name, community.name, b.road, b.gate)
FROM grid_building b JOIN grid_area city ON city.code = left(b.area, 4)
  JOIN grid_area district ON district.code = left(b.area, 6) JOIN grid_area street ON street.code = left(b.area, 9)
  JOIN grid_area community ON community.code = left(b.area, 12) WHERE b.road <> '';
SET maintenance_work_mem = '512MB';
CREATE INDEX bench_text_trigrams ON bench_text USING gin (text gin_trgm_ops);
ANALYZE bench_text;
"""
_LIKEST = "SELECT building, door FROM bench_text WHERE text %% %s ORDER BY similarity(text, %s) DESC LIMIT 5"


def _measure_trigrams(report: Report, asked: list[Query], ours: list[float], every: int) -> None:
    """pg_trgm over whole addresses, on a sample of the same queries: of every kind as many."""
    with connection.cursor() as cursor:
        made = seconds(lambda: cursor.execute(_TEXTS))
        sample = [at for at in range(len(asked)) if (at // len(KINDS)) % every == 0]
        times, first, five = [], [], []
        for at in sample:
            start = time.perf_counter()
            cursor.execute(_LIKEST, [asked[at].text] * 2)
            found = cursor.fetchall()
            times.append(1000 * (time.perf_counter() - start))
            truth = (asked[at].truth.building, asked[at].truth.door)
            first.append(found[:1] == [truth])
            five.append(truth in found)
    p95 = float(np.percentile(times, 95))
    report.rows.append([f"pg_trgm, n = {len(sample)}", mean(first), mean(five), float(np.median(times)), p95])
    report.notes.append(
        f"pg_trgm: GIN over the whole texts, made in {made:.0f} s; the same queries, {len(sample)} of them."
    )
    report.named.append(("search.trgm_speedup", mean(times) / mean(ours[at] for at in sample), "x"))
