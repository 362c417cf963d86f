"""How well addresses are taken apart: parts with the right ends and the right kind, beside a plain pattern.

The 200 lines of `annotated.txt` were at hand when the reading was made, the 100 of `annotated_later.txt` were written
afterwards and never used, the 78 of `annotated_blind.txt` by another hand that had seen neither the reading nor its
tables; they showed which traditional characters the spelling lacked, and nothing else was changed for them.
`PARSE_SET` names a set of one's own, in either form of `address_sets`; its kinds that do not tell a compound from
another name are compared as it has them.
"""

import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gis.places.address.elements import Kind
from gis.places.address.reading import parse
from tests.bench.address_sets import ALIKE, Annotated, Part, read_set, trimmed
from tests.bench.report import Report
from web.settings.environment import env_str

_HERE = Path(__file__).parent.parent / "gis" / "places" / "address"
_OWN = {"at hand while made": "", "written later": "_later", "by another hand": "_blind"}
#: What one writes first: a pattern that takes an address apart from left to right.
_PLAIN = re.compile(
    r"(?P<PROVINCE>[一-鿿]{2,3}省|[一-鿿]{2,4}自治区|北京市?|天津市?|上海市?|重庆市?)?(?P<CITY>[一-鿿]{2,4}市)?"
    r"(?P<COUNTY>[一-鿿]{1,4}[区县])?(?P<TOWN>[一-鿿]{1,5}(?:街道|镇|乡))?(?P<COMMUNITY>[一-鿿]{1,6}(?:社区|村))?"
    r"(?P<GROUP>[\d一-十]{1,2}[组队社])?(?P<ROAD>[一-鿿]{1,8}(?:路|街|大道|胡同|巷))?(?P<GATE>[甲乙]?\d+号(?![楼院]))?"
    r"(?P<COMPOUND>[一-鿿]{1,10}?(?:小区|花园|家园|苑|[东西南北]区))?(?P<YARD>\d+号院)?(?P<NAME>[一-鿿]{2,14}?(?:公司|大厦|广场|中心|学校))?"
    r"(?P<BUILDING>[A-Za-z]?\d*(?:号楼|栋|幢|座|#|楼))?-?(?P<UNIT>\d+(?:单元|门))?(?P<FLOOR>\d+层)?-?(?P<ROOM>\d+(?:室|号)?)?"
)


def measure(quick: bool) -> Report:
    """Precision, recall and F1 of exact parts; how often a part said to be nine tenths sure is right."""
    report = Report(["set", "lines", "precision", "recall", "F1", "whole lines", "ms a line", "F1 of a plain pattern"])
    for name, path in _sets().items():
        rows = read_set(path)
        alike = ALIKE if path.parent != _HERE else {}
        began = time.perf_counter()
        read = [_ours(row.text) for row in rows]
        spent = 1000 * (time.perf_counter() - began) / len(rows)
        right, more, less = _compared(rows, read, alike)
        plain = _compared(rows, [_plainly(row.text) for row in rows], alike)
        whole = sum(_as(row.parts, alike) == _as(parts, alike) for row, parts in zip(rows, read, strict=True))
        scores = [_share(right, more), _share(right, less), f1(right, more, less)]
        report.rows.append([name, len(rows), *scores, whole / len(rows), spent, f1(*plain)])
    report.named = [("parse.f1", report.rows[-1][4], "")]
    report.notes = [*_by_kind(rows, read, alike), *_how_sure(rows)]
    return report


def _sets() -> dict[str, Path]:
    given = env_str("PARSE_SET", "", "a file of annotated addresses for `bench parse`")
    own = {name: _HERE / f"annotated{end}.txt" for name, end in _OWN.items()}
    return own | ({"PARSE_SET": Path(given)} if given else {})


def _ours(text: str) -> frozenset[Part]:
    return frozenset(trimmed(text, Part(one.start, one.end, one.kind)) for one in parse(text).elements)


def _plainly(text: str) -> frozenset[Part]:
    match = _PLAIN.match(text)
    found = [(name, match.span(name)) for name, value in match.groupdict().items() if value]
    return frozenset(trimmed(text, Part(*span, Kind[name])) for name, span in found)


def _as(parts: Iterable[Part], alike: dict[Kind, Kind]) -> frozenset[Part]:
    return frozenset(part._replace(kind=alike.get(part.kind, part.kind)) for part in parts)


def _compared(rows: list[Annotated], read: list[frozenset[Part]], alike: dict) -> tuple[int, int, int]:
    """Parts that are right, parts too many, parts missed."""
    pairs = [(_as(row.parts, alike), _as(parts, alike)) for row, parts in zip(rows, read, strict=True)]
    return tuple(map(sum, zip(*((len(a & b), len(b - a), len(a - b)) for a, b in pairs), strict=True)))


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 0.0


def f1(right: int, more: int, less: int) -> float:
    return 2 * right / (2 * right + more + less) if right else 0.0


def _by_kind(rows: list[Annotated], read: list[frozenset[Part]], alike: dict) -> list[str]:
    """F1 of every kind of the last set."""
    told: dict[Kind, Counter] = {}
    for row, parts in zip(rows, read, strict=True):
        wanted, got = _as(row.parts, alike), _as(parts, alike)
        for name, set_ in (("right", wanted & got), ("more", got - wanted), ("less", wanted - got)):
            for part in set_:
                told.setdefault(part.kind, Counter())[name] += 1
    said = [f"{kind.name.lower()} {f1(n['right'], n['more'], n['less']):.2f}" for kind, n in sorted(told.items())]
    return ["F1 by kind, last set: " + ", ".join(said)]


def _how_sure(rows: list[Annotated]) -> list[str]:
    """Said against right, of the last set."""
    bands: dict[int, list[tuple[float, bool]]] = {}
    for row in rows:
        for one in parse(row.text).elements:
            right = trimmed(row.text, Part(one.start, one.end, one.kind)) in row.parts
            bands.setdefault(min(int(one.sure * 5), 4), []).append((one.sure, right))
    said = [f"{_mean(band, 0):.2f} → {_mean(band, 1):.2f} (n {len(band)})" for _, band in sorted(bands.items())]
    return ["Said to be sure → right, last set: " + ", ".join(said)]


def _mean(pairs: list[tuple[float, bool]], at: int) -> float:
    return sum(pair[at] for pair in pairs) / len(pairs)
