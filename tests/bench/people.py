"""Finding one person among five million: by number, by phone, by a name typed right or wrong; under row-level security.

The people are invented and written by COPY into a database of their own. Two readers ask: the supervisor of one
community, and one who would be shown whole names in all of the city, which no role of ours is: the hardest there is.
Sealed values and the hashes of nearly everybody are random bytes, as long as real ones and as evenly spread; those who
are looked for have real ones.
"""

import time
from collections.abc import Callable
from functools import cache

import numpy as np
from django.db import connection

from fixtures.town.persons import _MEN_NEW, _MEN_OLD, _SURNAMES, _WOMEN_NEW, _WOMEN_OLD
from gis.accounts.scope import Access, Scope, applied
from gis.exchange.copying import copy_columns
from gis.models import Resident
from gis.people.finding import Wanted, find_residents
from gis.people.sealing import blind_index
from gis.people.searching import search_people
from gis.people.sounding import _sounds, sounds_of
from gis.places.search.sounds import spelled
from tests.bench.report import Report
from tests.bench.scratch import scratch_database

_FULL, _QUICK = 5_000_000, 100_000
_PART = 250_000
_SEED = 20261126
_STREETS, _COMMUNITIES, _CELLS = 320, 10, 3
_LOOKED_FOR = 400
_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'grid_resident' AND indexname <> 'grid_resident_pkey'"
)


def measure(quick: bool) -> Report:
    """The milliseconds of a search by kind and reader; `quick`: a fiftieth of the people."""
    with scratch_database():
        count = _QUICK if quick else _FULL
        start = time.perf_counter()
        people = _write(count)
        report = Report(["reader", "typed", "found", "p50 ms", "p95 ms"])
        report.notes.append(f"{count:,} residents written in {time.perf_counter() - start:.0f} s, {_size()}.")
        hardest = _measure(report, people, 60 if quick else _LOOKED_FOR)
        report.named.append(("people.p95_ms", float(np.percentile(hardest, 95)), "ms"))
        report.notes.append("people.p95_ms: of all searches of both readers by number, phone and wrongly typed name.")
    return report


def _write(count: int) -> list[dict]:
    """Everybody, a part at a time, streets one after the other and people within them in any order."""
    rng = np.random.default_rng(_SEED)
    streets = np.sort(rng.integers(0, _STREETS, count))
    looked_for = np.sort(rng.choice(count, _LOOKED_FOR, replace=False))
    people: list[dict] = []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grid_resident DISABLE TRIGGER USER")
        cursor.execute(_INDEXES)
        indexes = dict(cursor.fetchall())
        for name in indexes:
            cursor.execute(f'ALTER TABLE grid_resident DROP CONSTRAINT IF EXISTS "{name}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
    for first in range(0, count, _PART):
        part = slice(first, min(first + _PART, count))
        columns = _columns(streets[part], rng)
        for at in looked_for[(looked_for >= first) & (looked_for < part.stop)] - first:
            people.append(_real(columns, at, len(people)))
        copy_columns("grid_resident", columns, like=Resident)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for made in indexes.values():
            cursor.execute(made)
        cursor.execute("ALTER TABLE grid_resident ENABLE TRIGGER USER")
        cursor.execute("ANALYZE grid_resident")
    return people


def _columns(streets: np.ndarray, rng: np.random.Generator) -> dict[str, object]:
    count = len(streets)
    names = _names(count, rng)
    cells = rng.integers(0, _COMMUNITIES * _CELLS, count)
    areas = [
        f"1101{1 + street // 20:02d}{1 + street % 20:03d}{1 + cell // _CELLS:03d}{1 + cell % _CELLS:03d}"
        for street, cell in zip(streets.tolist(), cells.tolist(), strict=True)
    ]
    fixed = {"sex": "1", "population": "registered", "document": "111", "source": "", "source_code": ""}
    return {
        **{name: [value] * count for name, value in fixed.items()},
        "updated_at": np.full(count, np.datetime64("2026-01-01")),
        "name": names,
        "sounds": [name.translate(_heard()) for name in names],
        "area": areas,
        "born": np.datetime64("1940-01-01") + rng.integers(0, 30_000, count).astype("timedelta64[D]"),
        "identity_index": _bytes(count, 16, rng),
        "identity_sealed": _bytes(count, 47, rng),
        "identity_last4": ["0000"] * count,
        "phone_index": _bytes(count, 16, rng),
        "phone_sealed": _bytes(count, 40, rng),
        "phone_last4": ["0000"] * count,
    }


@cache
def _heard() -> dict[int, str]:
    return {ord(sign): sound for sign, sound in _sounds().items()}


def _names(count: int, rng: np.random.Generator) -> list[str]:
    weights = 1 / np.arange(2, len(_SURNAMES) + 2)
    surnames = rng.choice(list(_SURNAMES), count, p=weights / weights.sum())
    given = list(_MEN_NEW + _MEN_OLD + _WOMEN_NEW + _WOMEN_OLD)
    second = np.where(rng.random(count) < 0.85, rng.choice(given, count), "")
    return np.char.add(np.char.add(surnames, rng.choice(given, count)), second).tolist()


def _bytes(count: int, length: int, rng: np.random.Generator) -> list[bytes]:
    drawn = rng.bytes(count * length)
    return [drawn[at : at + length] for at in range(0, count * length, length)]


def _real(columns: dict, at: int, number: int) -> dict:
    """Give one of them a number and a phone that can be looked for."""
    told = {"identity": f"99010119{number:09d}X", "phone": f"129{number:08d}"}
    for name, text in told.items():
        columns[f"{name}_index"][at] = blind_index(text)
    return told | {"name": columns["name"][at], "area": columns["area"][at]}


def _measure(report: Report, people: list[dict], most: int) -> list[float]:
    rng = np.random.default_rng(_SEED)
    kinds: dict[str, Callable[[dict], str]] = {
        "number": lambda one: one["identity"],
        "phone": lambda one: one["phone"],
        "name": lambda one: one["name"],
        "one wrong sign": lambda one: _wrong(one["name"], rng),
        "same sound": lambda one: _alike(one["name"], rng),
        "pinyin": lambda one: spelled(one["name"]).replace(" ", ""),
        "initials": lambda one: "".join(syllable[0] for syllable in spelled(one["name"]).split()),
    }
    spent: list[float] = []
    for reader, area in (("community", None), ("whole city", "1101")):
        for kind, typed in kinds.items():
            asked = [(_reader(area or one["area"][:12]), typed(one), one["name"]) for one in people[:most]]
            for access, text, _name in asked[:5]:
                _ask(access, text)
            answers = [(_ask(access, text), name) for access, text, name in asked]
            times = [1000 * seconds for (seconds, _names), _name in answers]
            found = np.mean([name in names for (_seconds, names), name in answers])
            report.rows.append([reader, kind, float(found), *map(float, np.percentile(times, [50, 95]))])
            spent += times if kind in ("number", "phone", "one wrong sign", "same sound") else []
    return spent


def _reader(area: str) -> Access:
    scope = Scope.of([area])
    return Access({"people.read": scope, "people.count": scope}, (("community_supervisor", area),))


def _ask(access: Access, text: str) -> tuple[float, list[str]]:
    """The seconds of a search with the people it finds, as a request makes it."""
    start = time.perf_counter()
    with applied(access.which("people.count")):
        found = search_people(text, access)
        names = [person.name for person in find_residents(Wanted(keys=found.keys), access)[:50]] if found.keys else []
    return time.perf_counter() - start, names


def _wrong(name: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(0, len(name)))
    return name[:at] + rng.choice([sign for sign in "龙凯峰斌娟霜" if sign not in name]) + name[at + 1 :]


def _alike(name: str, rng: np.random.Generator) -> str:
    """The name with one sign exchanged for another of the same sound."""
    at = int(rng.integers(0, len(name)))
    sound = sounds_of(name[at])
    others = [sign for sign, heard in _sounds().items() if heard == sound and sign != name[at] and sign < "\u9fa5"]
    return name[:at] + str(rng.choice(others)) + name[at + 1 :]


def _size() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_table_size('grid_resident')), pg_size_pretty(pg_indexes_size('grid_resident'))"
        )
        table, indexes = cursor.fetchone()
    return f"table {table}, indexes {indexes}"
