"""A file of addresses in, the same rows with codes, coordinates and confidence out."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pandas as pd
import xlsxwriter
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import BadFile
from gis.exchange.plain import END, shown_as_is
from gis.exchange.reading import Table, read_table
from gis.models import Building
from gis.places.finding import Found, find

#: From here on the best place is given as the answer; below it the candidates are named.
SURE = 0.8
_CANDIDATES = 3
_COLUMNS = ("地址", "详细地址", "住址", "家庭住址", "现住址", "address", "addr", "location", "位置", "地点")
#: Rows between two writes: what a stopped run has to do again at most.
_BATCH = 200


@dataclass(frozen=True)
class Located:
    """What is found for one address. `level` is door, building, compound, road, cell or area; "" for nothing.

    `confidence` is how likely the place is the one that was meant (0–1), held against known addresses by
    `bench search`. `left` is what of the address was not found there.
    """

    level: str = ""
    found: str = ""
    building_code: str = ""
    dwelling: str = ""
    cell: str = ""
    community: str = ""
    longitude: float | str = ""
    latitude: float | str = ""
    confidence: float = 0.0
    left: str = ""
    candidates: str = ""
    problem: str = ""


def locate(text: str, scope: Scope) -> Located:
    """The place of an address in scope, or the candidates where none is sure."""
    if not text.strip():
        return Located(problem="The row has no address.")
    found = find(text, scope, 6).found
    if not found:
        return Located(problem="Nothing in scope is like it.")
    best, sure = found[0], confidence(found)
    others = "; ".join(f"{one.title} ({_of(one, 'code')})" for one in found[:_CANDIDATES]) if sure < SURE else ""
    if sure < SURE:
        return Located(confidence=sure, left=best.left, candidates=others, problem="No place is sure enough.")
    return _located(best, sure)


def confidence(found: list[Found]) -> float:
    """How likely the first of some results is the one that was meant.

    By how much of the address it explains, and by how far the next other place is behind; several that fit alike share.
    """
    best = found[0]
    fits = min(best.fit, 1.0) ** 2 * (0.85 if best.left else 1.0)
    behind = [best.score - one.score for one in found[1:] if _key(one) != _key(best)]
    alike = sum(gap < _ALIKE for gap in behind)
    if alike:
        return round(fits / (1 + alike), 3)
    nearest = min(behind, default=1.0)
    return round(fits * (1 - 0.5 * max(0.0, 1 - nearest / _APART)), 3)


#: Scores (0–3) that differ by less are alike; by more, the second is out of the question.
_ALIKE, _APART = 0.02, 0.25


def _key(one: Found) -> tuple:
    return one.kind, one.title, one.place.pk if hasattr(one.place, "pk") else None, one.door and one.door.pk


def _of(one: Found, name: str) -> str:
    return str(getattr(one.place, name, "") or "")


def _located(one: Found, sure: float) -> Located:
    place = one.place
    area = _of(one, "area") or _of(one, "code")
    point = place.geometry.point_on_surface if getattr(place, "geometry", None) else None
    return Located(
        level="door" if one.door else one.kind,
        found=one.title,
        building_code=place.code if isinstance(place, Building) else "",
        dwelling=str(one.door or ""),
        cell=area if len(area) == 15 else "",
        community=area[:12] if len(area) >= 12 else "",
        longitude=round(point.x, 6) if point else "",
        latitude=round(point.y, 6) if point else "",
        confidence=sure,
        left=one.left,
    )


# ── files ──


def column_of(table: Table, wish: str | None) -> str:
    """The column that holds the addresses. Raises BadFile where it is not clear which."""
    names = [str(name) for name in table.frame.columns]
    if wish:
        if wish in names:
            return wish
        said = _("文件里没有“%(name)s”这一列。") % {"name": wish}
        raise BadFile(said, fix=_("请从这些列里选：%(names)s。") % {"names": ", ".join(names[:20])})
    for word in _COLUMNS:
        if column := next((name for name in names if name.strip().lower() == word), None):
            return column
    if len(names) == 1:
        return names[0]
    fix = _("请用 --column 指明，从这些列里选：%(names)s。") % {"names": ", ".join(names[:20])}
    raise BadFile(_("看不出哪一列是地址。"), fix=fix)


def locate_file(
    file: Path, out: Path, scope: Scope, column: str | None = None, tell: Callable[[int, int], None] = lambda *_: None
) -> Iterator[tuple[int, Located]]:
    """Locate every row of a file and write `out` (CSV or XLSX by its ending); gives row number and what was found.

    Rows are kept beside `out` as they are done, so that a run that was stopped goes on where it ended. Raises BadFile.
    """
    table = read_table(file)
    column = column_of(table, column)
    part = out.with_name(f"{out.name}.{_name_of(file, scope, column)}.part")
    done = list(_done(part))
    texts = table.frame[column].fillna("").astype(str)
    yield from zip((int(row) for row in table.rows), done, strict=False)
    with part.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        for start in range(len(done), len(texts), _BATCH):
            located = [locate(text, scope) for text in texts[start : start + _BATCH]]
            writer.writerows(map(astuple, located))
            lines.flush()
            tell(min(start + _BATCH, len(texts)), len(texts))
            yield from zip(map(int, table.rows[start : start + _BATCH]), located, strict=True)
            done += located
    _write(out, table, done)
    part.unlink()


def _name_of(file: Path, scope: Scope, column: str) -> str:
    """Another file, scope or column is another run."""
    digest = hashlib.sha256(f"{scope.setting} {column} ".encode())
    digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _done(part: Path) -> Iterator[Located]:
    """The rows of a run that was stopped; a line that broke off is done again."""
    if not part.exists():
        return
    whole = part.read_text(encoding="utf-8").rpartition("\n")[0]
    rows = [row for row in csv.reader(whole.splitlines()) if len(row) == len(fields(Located))]
    part.write_text("", encoding="utf-8")
    with part.open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    for row in rows:
        named = dict(zip((field.name for field in fields(Located)), row, strict=True))
        yield Located(**(named | {"confidence": float(named["confidence"])}))


def _write(out: Path, table: Table, located: list[Located]) -> None:
    frame = table.frame.reset_index(drop=True)
    frame.insert(0, "row", [int(row) for row in table.rows])
    added = pd.DataFrame([astuple(one) for one in located], columns=[field.name for field in fields(Located)])
    whole = pd.concat([frame, added.add_prefix("located_") if set(added) & set(frame) else added], axis=1)
    whole = whole.map(shown_as_is)
    if out.suffix.lower() == ".xlsx":
        _write_sheet(out, whole)
    else:
        whole.to_csv(out, index=False, lineterminator=END, encoding="utf-8-sig")


def _write_sheet(out: Path, whole: pd.DataFrame) -> None:
    with xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("located")
        sheet.write_row(0, 0, list(whole.columns))
        for number, row in enumerate(whole.itertuples(index=False), 1):
            sheet.write_row(number, 0, ["" if pd.isna(value) else value for value in row])
