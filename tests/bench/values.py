"""One indicator of 40,000 cells: bytes on the wire and milliseconds of server time, beside the same in SQL."""

from django.db import connection

from gis.models import CellVersion, User
from layers import incident_copy, kept_figures, places
from tests.bench.city import city
from tests.bench.clock import in_turn, seconds
from tests.bench.report import Report
from tests.browsing import Browser

_KB_LIMIT, _MS_LIMIT = 150, 60
#: One of every kind: kept, of people by age, divided, and counted from the incidents with the period before.
_ASKED = {
    "population": "indicator=population",
    "people of 65 and over": "indicator=elders",
    "density": "indicator=density",
    "share of empty dwellings": "indicator=vacancy",
    "incidents of 30 days, compared": "indicator=incidents&days=30&compare=previous",
    "incidents of a year per 1,000": "indicator=incidents_rate&days=365&compare=previous",
}
_RIVALS = {
    "population": "SELECT area, sum(residents) FROM grid_figures WHERE area >= '1' AND area < '9999:' GROUP BY 1",
    "people of 65 and over": (
        "SELECT a.area, count(*) FROM grid_residence a JOIN grid_resident r ON r.id = a.resident_id"
        " WHERE a.kind = 'living' AND a.ends IS NULL AND r.born <= current_date - interval '65 years' GROUP BY 1"
    ),
    "incidents of 30 days, compared": (
        "SELECT area, count(*) FILTER (WHERE reported_at >= now() - interval '30 days'),"
        " count(*) FILTER (WHERE reported_at < now() - interval '30 days') FROM grid_incident"
        " WHERE reported_at >= now() - interval '60 days' GROUP BY 1"
    ),
}


def measure(quick: bool) -> Report:
    """The whole request of a district supervisor who watches all of the city; `quick`: a fiftieth of it."""
    with city(quick):
        report = Report(["what", "ms", "kB", "the same in SQL, ms"])
        reader = Browser(HTTP_HOST="localhost")
        reader.force_login(User.objects.get(username="sun"), backend="web.sign_in.PostingsBackend")
        report.notes.append(f"{CellVersion.objects.count():,} cells; sign-in, scope and withholding are in the time.")
        _from_cold(report)
        _measure(report, reader, rounds=5 if quick else 9)
    return report


def _from_cold(report: Report) -> None:
    for name, module, read in (
        ("read all figures into memory, once a process", kept_figures, kept_figures.kept_now),
        ("read all places, once an outline changed", places, places.ground),
        ("read all incidents, once a process", incident_copy, incident_copy.incidents_now),
    ):
        module.forget()
        report.rows.append([name, 1000 * seconds(read), "", ""])


def _measure(report: Report, reader: Browser, rounds: int) -> None:
    def ask(query: str) -> int:
        answer = reader.get(f"/map/values/?layer=cells&{query}")
        assert answer.status_code == 200, answer.status_code
        return len(answer.content)

    size = {name: ask(query) / 1000 for name, query in _ASKED.items()}
    spent = in_turn({name: lambda query=query: ask(query) for name, query in _ASKED.items()}, rounds)
    rivals = {name: 1000 * min(seconds(lambda sql=sql: _run(sql)) for _ in range(2)) for name, sql in _RIVALS.items()}
    for name, took in spent.items():
        report.rows.append([name, 1000 * took, size[name], rivals.get(name, "")])
    listed = reader.get("/map/listed/?layer=cells")
    report.rows.append(["the list of places, once a browser", "", len(listed.content) / 1000, ""])
    same = {"HTTP_IF_NONE_MATCH": listed.headers["ETag"]}
    again = in_turn({"again": lambda: reader.get("/map/listed/?layer=cells", **same)}, rounds)["again"]
    report.rows.append(["the list again, unchanged", 1000 * again, 0.0, ""])
    worst_kb, worst_ms = max(size.values()), 1000 * max(spent.values())
    report.notes.append(f"Limits: {_KB_LIMIT} kB on the wire, {_MS_LIMIT} ms; the figures are the worst of the rows.")
    report.named += [("values.kb", worst_kb, "kB"), ("values.ms", worst_ms, "ms")]


def _run(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
