"""Which row of a sheet is which known person: FEBRL 4 beside recordlinkage and splink, and 200,000 invented residents.

FEBRL 4 is compared with all its fields and its structure (each person once in each table) by all three. The invented
sheet is `match_errors`: a quarter of its rows are of people nobody knows, many of them relatives of known ones.
Precision and recall are those of the links made without anybody looking; recall is of all rows whose person is known.
The engine was made with the first seed at hand; `held out` is another population with 1.6 times the errors, two fifths
of the rows of unknown people and no number in 35 % of them, from which nothing was learned. Memory is what the matching
adds at its peak.
"""

import json
import resource
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from django.conf import settings

from gis.people.matching.deciding import Decision
from gis.people.matching.linking import link
from gis.people.matching.persons import PERSONS
from tests.bench.match_errors import Rates, make
from tests.bench.match_febrl import FEBRL
from tests.bench.peers import peers_python
from tests.bench.report import Report

_HEAD = [
    "set",
    "who",
    "rows",
    "precision",
    "recall",
    "F1",
    "links wrong",
    "to review",
    "reviewed recall",
    "s",
    "CPU s",
    "MB",
]
_LIMITS = "Limits: FEBRL 4 F1 0.999 in 5 s; residents precision 0.999, recall 0.97, 60 s, 1,000 MB."
_LIKELY = 0.5


def measure(quick: bool) -> Report:
    """A sixth of the residents when `quick`, and FEBRL 4 without the others where the peers are installed."""
    report = Report(_HEAD)
    _febrl(report, quick)
    size = 30_000 if quick else 200_000
    first = _residents(report, "residents", size, 1, Rates())
    _residents(report, "held out", size, 90210, Rates(known=0.6, no_identity=0.35, times=1.6))
    report.named += [
        ("match.precision", first["precision"], ""),
        ("match.recall", first["recall"], ""),
        ("match.s", first["s"], "s"),
        ("match.mb", first["mb"], "MB"),
    ]
    report.notes.append(_LIMITS)
    return report


def _febrl(report: Report, quick: bool) -> None:
    if quick and not (Path(settings.DATA) / "peers" / "wangge.stamp").exists():
        report.notes.append("FEBRL 4 comes with the peers, which are not installed yet: a run without --quick does.")
        return
    with TemporaryDirectory() as folder:
        command = [peers_python(), Path(__file__).with_name("match_peers.py"), folder, *(["--alone"] if quick else [])]
        subprocess.run(command, check=True, capture_output=True)
        one, other, truth = (
            pd.read_csv(Path(folder) / f"{name}.csv", dtype=str, keep_default_na=False)
            for name in ("one", "other", "truth")
        )
        peers = json.loads((Path(folder) / "peers.json").read_text())
    began, worked = time.perf_counter(), time.process_time()
    links = link(_table(one), _table(other), FEBRL, single=True)
    spent, worked = time.perf_counter() - began, time.process_time() - worked
    likely = links.probability >= _LIKELY
    found = set(
        zip(one["rec_id"].to_numpy()[links.row[likely]], other["rec_id"].to_numpy()[links.known[likely]], strict=True)
    )
    right = len(found & set(truth.itertuples(index=False, name=None)))
    peers = {"Wangge": [right, len(found) - right, len(truth) - right, spent, worked]} | peers
    for who, (right, more, less, *seconds) in peers.items():
        scores = [right / (right + more), right / (right + less), 2 * right / (2 * right + more + less)]
        report.rows.append(["FEBRL 4", who, right + less, *scores, more, "", "", *seconds, ""])
    report.named += [("match.febrl4_f1", report.rows[0][5], ""), ("match.febrl4_s", spent, "s")]


def _table(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy(dtype=object) for name in frame}


def _residents(report: Report, name: str, size: int, seed: int, rates: Rates) -> dict[str, float]:
    found = _tried(size, seed, rates)
    scores = [found[key] for key in ("precision", "recall", "f1", "wrong", "review", "reviewed", "s", "cpu", "mb")]
    report.rows.append([name, "Wangge", size, *scores])
    return found


def _tried(size: int, seed: int, rates: Rates) -> dict[str, float]:
    tried = make(size, seed, rates)
    before, began, worked = _peak_reset(), time.perf_counter(), time.process_time()
    links = link(tried.sheet, tried.known, PERSONS)
    spent, worked = time.perf_counter() - began, time.process_time() - worked
    sure, known = links.sure(), tried.truth >= 0
    made, right = int((sure >= 0).sum()), int(((sure == tried.truth) & known).sum())
    seen = (links.judged.decision == Decision.UNSURE) & known
    offered = seen & np.isin(np.arange(size), links.row[links.known == tried.truth[links.row]])
    return {
        "precision": right / made, "recall": right / known.sum(), "f1": 2 * right / (made + known.sum()),
        "wrong": made - right, "review": int((links.judged.decision == Decision.UNSURE).sum()),
        "reviewed": float((right + offered.sum()) / known.sum()), "s": spent, "cpu": worked, "mb": _peak() - before,
    }  # fmt: skip


def _peak_reset() -> float:
    """MB in use now; the peak is counted from here on."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    found = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return found[0] if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
