"""The list of a million cases under any two filters and words: milliseconds of server time for the whole page with the
number beside every choice and on every tab, beside the number and the first page of the same filter in SQL.

Places and descriptions are the town's own. Words are pairs of neighbouring letters out of them, so a common one is
asked as often as it is written. Every question is new: nothing of an answer is remembered from the one before.
"""

import numpy as np
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from gis.incidents.finding import find_incidents, this_second
from gis.incidents.incident import ENDED
from gis.incidents.pair_writing import write_pairs
from gis.incidents.workflow import waiting
from gis.models import Department, Incident, Pair, User
from layers import incident_copy
from layers.incident_copy import incidents_now
from layers.incident_selection import selected
from tests.bench.clock import in_turn, seconds
from tests.bench.heat import write_incidents
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.browsing import Browser
from web.pages.incident_filter import read_fields

_LIMIT = 80.0


def measure(quick: bool) -> Report:
    """Lists of a district supervisor who reads all of them: a million, 50,000 when `quick`."""
    with scratch_database("small"):
        write_cases(50_000 if quick else 1_000_000)
        report = Report(["what", "ms", "beside"])
        written = seconds(lambda: write_pairs(enough=1))
        with connection.cursor() as cursor:  # as the server's own housekeeping does within a minute
            cursor.execute("VACUUM ANALYZE grid_pair, grid_pairnews")
        report.notes.append(
            f"{Incident.objects.count():,} incidents; {Pair.objects.count():,} lists of letter pairs, written in"
            f" {written:.1f} s."
        )
        incident_copy.forget()
        report.rows.append(["read all incidents, once a process", 1000 * seconds(incidents_now), ""])
        _measure(report, number=30 if quick else 120)
        _measure_inbox(report)
    return report


def write_cases(number: int) -> None:
    """Incidents of two years in the words of the town's own, most of them settled: one in fifty is open."""
    texts = list(Incident.objects.exclude(description="").values_list("place", "description"))
    kinds = list(Incident.objects.values_list("category", flat=True))
    bodies = list(Department.objects.values_list("pk", flat=True))
    write_incidents(number)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_incident SET place = (%(places)s::text[])[1 + id * 7919 %% %(texts)s],"
            " description = (%(told)s::text[])[1 + id * 7919 %% %(texts)s],"
            " category_id = (%(kinds)s::bigint[])[1 + id * 104729 %% %(all)s],"
            " origin = (ARRAY['worker', 'resident', 'hotline', 'department'])[1 + id * 31 %% 4],"
            " department_id = (%(departments)s::bigint[])[1 + id * 17 %% %(bodies)s],"
            " due_at = reported_at + interval '5 days', closed_at = CASE WHEN id %% 50 > 0 THEN reported_at END,"
            " state = CASE id %% 50 WHEN 0"
            " THEN (ARRAY['reported', 'filed', 'in_progress', 'disposed'])[1 + id / 50 %% 4]"
            " WHEN 1 THEN 'rejected' ELSE 'closed' END",
            {
                "places": [place for place, _told in texts], "told": [told for _place, told in texts],
                "texts": len(texts), "kinds": kinds, "all": len(kinds), "departments": bodies, "bodies": len(bodies),
            },
        )  # fmt: skip
        cursor.execute("INSERT INTO grid_pairnews (incident_id) SELECT id FROM grid_incident")
        cursor.execute("ALTER TABLE grid_incident ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE grid_incident")


def _measure(report: Report, number: int) -> None:
    reader, random = Browser(HTTP_HOST="localhost"), np.random.default_rng(20261126)
    sun = User.objects.get(username="sun")
    reader.force_login(sun, backend="web.sign_in.PostingsBackend")
    scope = sun.access.which("incident.read")
    asked = _questions(random, number + 1)
    took, found = [], []
    for filters, word in asked:
        held = reader.post(reverse("incidents"), filters | {"text": word}).headers["Location"]
        took.append(1000 * seconds(lambda held=held: _page(reader, held)))
        wanted = read_fields(_query(filters), [], word)
        found.append(len(selected(incidents_now(), wanted, scope, this_second())))
        if len(took) % 40 == 0:
            assert found[-1] == find_incidents(wanted, scope).count(), held
    took, found = np.array(took[1:]), np.array(found[1:])
    bare = [1000 * seconds(lambda one=one: _sql(one, scope)) for one in asked[1 :: max(1, number // 8)]]
    p95 = float(np.percentile(took, 95))
    report.rows.append(["two filters and words, whole page, median", float(np.median(took)), ""])
    report.rows.append(["the same, p95", p95, f"limit {_LIMIT:.0f}"])
    report.rows.append(["the same, slowest", float(took.max()), ""])
    report.rows.append(["number and first page of the same in SQL, median", float(np.median(bare)), ""])
    report.notes.append(f"Found: {int(np.median(found)):,} in the median, {int(found.max()):,} at most.")
    report.named += [("cases.p95_ms", p95, "ms"), ("cases.median_ms", float(np.median(took)), "ms")]


def _measure_inbox(report: Report) -> None:
    """The inbox with the number on every tab, of somebody whose desk has thousands of open cases."""
    reader = Browser(HTTP_HOST="localhost")
    li = User.objects.get(username="li")
    reader.force_login(li, backend="web.sign_in.PostingsBackend")
    spent = in_turn({"inbox": lambda: _page(reader, reverse("inbox"))}, 7)["inbox"]
    number = Incident.objects.filter(waiting(li, li.access)).count()
    report.rows.append([f"inbox, {number:,} waiting, median", 1000 * spent, ""])
    report.named.append(("cases.inbox_ms", 1000 * spent, "ms"))


def _page(reader: Browser, address: str) -> None:
    assert reader.get(address).status_code == 200


def _query(filters: dict) -> QueryDict:
    return QueryDict(urlencode(filters))


def _questions(random: np.random.Generator, number: int) -> list[tuple[dict, str]]:
    """Two filters of different kinds and a word that at least one incident fits; no two the same."""
    some = Incident.objects.select_related("category").order_by("?")[: 3 * number]
    asked: dict[tuple, tuple[dict, str]] = {}
    for incident in some:
        choices, text = _fitting(incident), incident.description
        start = int(random.integers(max(1, len(text) - 1)))
        word = text[start : start + 2]
        kinds = random.choice(sorted(choices), 2, replace=False)
        filters = {kind: str(random.choice(choices[kind])) for kind in kinds}
        if len(word) == 2 and word.isalnum():
            asked[(*sorted(filters.items()), word)] = filters, word
    return list(asked.values())[:number]


def _fitting(incident: Incident) -> dict[str, list[str]]:
    """The filters that an incident passes, by their kind."""
    ago = (this_second() - incident.reported_at).days + 2
    return {
        "state": [incident.state, "ended" if incident.state in ENDED else "open"],
        "major": [incident.category.major],
        "category": [str(incident.category_id)],
        "area": [incident.area[:length] for length in (6, 9, 12)],
        "department": [str(incident.department_id or 0)],
        "origin": [incident.origin],
        "days": [str(max(ago, days)) for days in (30, 90, 365)],
    }


def _sql(question: tuple[dict, str], scope) -> tuple[int, list]:
    filters, word = question
    found = find_incidents(read_fields(_query(filters), [], word), scope)
    return found.count(), list(found[:50])
