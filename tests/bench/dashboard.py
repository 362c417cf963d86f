"""The dashboard of a city: milliseconds of server time for a whole page, beside the same counts in SQL."""

from django.db import connection
from django.utils import timezone

from gis.incidents.finding import Wanted, this_second
from gis.models import Area, Incident, User
from layers import incident_copy
from layers.dashboard.board import board
from layers.dashboard.period import Clock
from layers.incident_copy import incidents_now
from tests.bench.city import city
from tests.bench.clock import in_turn, seconds
from tests.bench.report import Report
from tests.browsing import Browser

_MS_LIMIT = 1000
#: What a page shows, as a database counts it: days, categories, areas, departments, states, hours.
_SQL = (
    "SELECT (reported_at AT TIME ZONE %(zone)s)::date, count(*) FROM grid_incident WHERE {year} GROUP BY 1",
    "SELECT category_id, count(*) FROM grid_incident WHERE {period} GROUP BY 1",
    "SELECT left(area, 9), count(*) FROM grid_incident WHERE {period} GROUP BY 1",
    "SELECT department_id, count(*) FILTER (WHERE closed_at <= due_at), count(*) FROM grid_incident"
    " WHERE {period} GROUP BY 1",
    "SELECT area, count(*), count(*) FILTER (WHERE due_at < now()) FROM grid_incident"
    " WHERE state NOT IN ('closed', 'rejected', 'duplicate') GROUP BY 1",
    "SELECT extract(isodow FROM reported_at AT TIME ZONE %(zone)s), extract(hour FROM reported_at AT TIME ZONE"
    " %(zone)s), count(*) FROM grid_incident WHERE {period} GROUP BY 1, 2",
    "SELECT category_id, left(area, 9), floor(extract(epoch FROM now() - reported_at) / 604800), count(*)"
    " FROM grid_incident WHERE reported_at >= now() - interval '91 days' GROUP BY 1, 2, 3",
)


def measure(quick: bool) -> Report:
    """Pages of a district supervisor who watches all of the city; `quick`: a fiftieth of it."""
    with city(quick):
        report = Report(["what", "ms", "the same counts in SQL, ms"])
        report.notes.append(f"{Incident.objects.count():,} incidents; limit of a page {_MS_LIMIT:,} ms.")
        incident_copy.forget()
        report.rows.append(["read all incidents, once a process", 1000 * seconds(incidents_now), ""])
        _measure(report, rounds=3 if quick else 5)
    return report


def _measure(report: Report, rounds: int) -> None:
    reader = Browser(HTTP_HOST="localhost")
    sun = User.objects.get(username="sun")
    reader.force_login(sun, backend="web.sign_in.PostingsBackend")
    scope = sun.access.which("incident.read")
    street = Area.objects.inside(scope).filter(level="street").first().code
    pages = {
        "page, 30 days": "/dashboard/",
        "page, a year": "/dashboard/?days=365",
        "page of a district, a year": f"/dashboard/?area={street[:6]}&days=365",
        "page of a street, a year": f"/dashboard/?area={street}&days=365",
    }
    spent = in_turn({name: lambda address=address: _page(reader, address) for name, address in pages.items()}, rounds)
    clock = Clock(timezone.localtime(this_second()))
    for days in (30, 365):
        asked = Wanted(days=days)
        spent[f"of it counting, {days} days"] = in_turn(
            {"count": lambda asked=asked: board(incidents_now(), asked, scope, clock)}, rounds
        )["count"]
    rivals = {"page, 30 days": _counted_in_sql(30), "page, a year": _counted_in_sql(365)}
    report.rows += [[name, 1000 * took, 1000 * rivals[name] if name in rivals else ""] for name, took in spent.items()]
    report.named.append(("dashboard.page_ms", 1000 * max(spent.values()), "ms"))


def _page(reader: Browser, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 200, answer.status_code


def _counted_in_sql(days: int) -> float:
    within = {
        "year": "reported_at >= now() - interval '371 days'",
        "period": f"reported_at >= now() - interval '{days} days'",
    }
    return min(seconds(lambda: [_run(sql.format(**within)) for sql in _SQL]) for _ in range(2))


def _run(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": timezone.get_current_timezone_name()})
        return cursor.fetchall()
