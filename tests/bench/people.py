"""Finding one person among five million: by number, by phone, by a name typed right or wrong; under row-level security.

The people are invented and written by the database itself (`people_made.py`), into a database that is kept: the next
run begins with it, `--drop` removes it. Two readers ask: the supervisor of one community, and one who would be shown
whole names in all of the city, which no role of ours is: the hardest there is.
"""

import time
from collections.abc import Callable

import numpy as np

from gis.accounts.scope import Access, Scope, applied
from gis.people.finding import Wanted, find_residents
from gis.people.searching import search_people
from gis.people.sounding import _sounds, sounds_of
from gis.places.search.sounds import spelled
from tests.bench.people_made import LOOKED_FOR, drop, made, size
from tests.bench.report import Report

__all__ = ["drop", "measure"]

_FULL, _QUICK = 5_000_000, 100_000
_SEED = 20261126


def measure(quick: bool) -> Report:
    """The milliseconds of a search by kind and reader; `quick`: a fiftieth of the people."""
    count = _QUICK if quick else _FULL
    start = time.perf_counter()
    with made(count) as (people, was_there):
        report = Report(["reader", "typed", "found", "p50 ms", "p95 ms"])
        how = "were there already" if was_there else f"written in {time.perf_counter() - start:.0f} s"
        report.notes.append(f"{count:,} residents {how}, {size()}.")
        hardest = _measure(report, people, 60 if quick else LOOKED_FOR)
        report.named.append(("people.p95_ms", float(np.percentile(hardest, 95)), "ms"))
        report.notes.append("people.p95_ms: of all searches of both readers by number, phone and wrongly typed name.")
    return report


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
