"""Importing divisions: provinces, cities, districts, streets and communities. Cells are in `cells.py`.

A row with a code keeps it. A row without one, or with a code that another row of the file has a better claim to,
gets a local code; its own key in the file makes the import repeatable.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from gis.areas.area import Area
from gis.codes.division import LEVEL_OF, ancestors_of, clean_codes, code_problems, is_local, level_of, mint
from gis.errors import BadFile
from gis.exchange.batches import in_batches
from gis.exchange.columns import take, take_text
from gis.exchange.coverage import describe_coverage, describe_neighbours
from gis.exchange.merging import Tally, known, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.parents import Parents, outline_parents
from gis.exchange.positions import read_outlines
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.texts import fit_texts
from gis.geometry import only, repair

_UPPER = ("province", "city", "district", "street")
#: Levels whose codes are the state's alone: there is nothing local to mint them under.
_ASSIGNED = ("province", "city")
_MOST_CHILDREN = 999


@dataclass
class _Rows:
    """The checked columns of a file of areas, one entry a row of the file."""

    level: str
    codes: np.ndarray  # "" where still to be minted
    names: np.ndarray
    keys: np.ndarray  # source_code
    shapes: np.ndarray | None


def import_areas(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    if options.under:
        level_of(options.under)
    rows = check_areas(table, mapping, options, report)
    parents = Parents(options.source)
    _settle_codes(table, mapping, options, report, rows, parents)
    good = np.flatnonzero(report.good)
    if rows.shapes is not None and len(good):
        report.remarks += describe_coverage(rows.shapes[good], list(rows.names[good]))
        report.remarks += describe_neighbours(rows.shapes[good], list(rows.names[good]), rows.level, rows.codes[good])
    outcome = Outcome(made=[_say_made(parents)] if parents.made else [])
    if options.dry_run or not len(good):
        return outcome
    parents.save()
    columns = _columns(table, mapping, options, report, rows)
    outcome.tally = in_batches(good, options, lambda batch: _write(columns, options, batch))
    _say_taken_over(report, rows, good)
    outlined = outline_parents(rows.codes[good], options.source)
    if outlined:
        outcome.made.append(f"{len(outlined)} areas above them were outlined by the union of their parts.")
    return outcome


def check_areas(table: Table, mapping: dict[str, str], options: Options, report: Report) -> _Rows:
    """Codes, names and outlines of a file, judged row by row; no database."""
    level = options.level or guess_level(table, mapping)
    shapes = _outlines(table, mapping, options, report)
    codes = clean_codes(take_text(table.frame, mapping, "code"), level)
    problems = code_problems(codes, level)
    if level in _ASSIGNED:
        report.refuse(codes == "", "code", _("这一级必须有代码"), _("请补上 GB/T 2260 的代码。"))
    report.refuse(problems != "", "code", problems, _("请写这一级的代码，或留空由系统给出本地代码。"))
    names = _names(table, mapping, level, codes)
    report.refuse(names == "", "name", _("缺少名称"), _("请补上，或指定另一列：--map name=列名。"))
    keys = _keys(table, mapping, level, codes, names)
    _share_out_codes(table, codes, names, shapes, report)
    _refuse_twins(keys, codes, report)
    return _Rows(level, codes, names, keys, shapes)


def guess_level(table: Table, mapping: dict[str, str]) -> str:
    """The level that most codes of the file have. Raises BadFile when there are none."""
    codes = clean_codes(take_text(table.frame, mapping, "code"))
    lengths = pd.Series([len(code) for code in codes if len(code) in LEVEL_OF])
    if lengths.empty:
        raise BadFile(
            _("文件里没有区划代码，看不出是哪一级。"),
            fix=_("请指明：--level street、--level community 或 --level cell。"),
        )
    return LEVEL_OF[int(lengths.mode()[0])]


def _outlines(table: Table, mapping: dict[str, str], options: Options, report: Report) -> np.ndarray | None:
    shapes = read_outlines(table, mapping, options.crs, report)
    return None if shapes is None else repaired_outlines(shapes, report)


def repaired_outlines(shapes: np.ndarray, report: Report) -> np.ndarray:
    """Valid MultiPolygons for the good rows; what was repaired is noted, what cannot be is refused."""
    done = repair(only(shapes, report.good))
    report.refuse(done.problem != "", "geometry", done.problem, _("请用 GIS 软件改正边界，或删去这一行。"))
    report.note(done.repaired, "geometry", _("边界轻微自相交，已修好"))
    return done.shapes


def _names(table: Table, mapping: dict[str, str], level: str, codes: np.ndarray) -> np.ndarray:
    """The name column, else the column of the level itself; names that repeat get the row's key behind them."""
    field = "name" if "name" in mapping else level if level in mapping else ""
    return take_text(table.frame, mapping, field) if field else codes.copy()


def _keys(table: Table, mapping: dict[str, str], level: str, codes: np.ndarray, names: np.ndarray) -> np.ndarray:
    """What identifies a row within its file: its own key, else its code, else the names from the top down to it."""
    if "source_code" in mapping:
        return _cut(take_text(table.frame, mapping, "source_code"))
    path = names.copy()
    for name in ("parent", *reversed(_UPPER[: _UPPER.index(level)] if level in _UPPER else _UPPER)):
        upper = take_text(table.frame, mapping, name)
        path = np.where(upper != "", upper + "/" + path, path)
    twice = pd.Series(codes).duplicated(keep=False).to_numpy()
    return _cut(np.where((codes != "") & ~twice, codes, path))


def _cut(texts: np.ndarray) -> np.ndarray:
    return np.array([text[-80:] for text in texts], dtype=object)


def _share_out_codes(
    table: Table, codes: np.ndarray, names: np.ndarray, shapes: np.ndarray | None, report: Report
) -> None:
    """Where rows of different names share a code, the one so named in another column keeps it, the rest get local ones.

    A town and a street of one name often carry one code in lists that were matched by name.
    """
    doubles = pd.Series(codes).where(report.good & (codes != "")).duplicated(keep=False).to_numpy() & (codes != "")
    if not doubles.any() or shapes is None:
        return
    backing = _names_elsewhere(table.frame, names)
    for code in np.unique(codes[doubles & report.good]):
        rows = np.flatnonzero((codes == code) & report.good)
        if len(set(names[rows])) < len(rows):
            continue  # true doubles, refused below
        keeper = rows[np.argmax(backing[rows])]
        others = np.isin(np.arange(len(codes)), rows[rows != keeper])
        report.note(others, "code", _("%(code)s 在同一文件里属于%(name)s") % {"code": code, "name": names[keeper]})
        codes[others] = ""


def _names_elsewhere(frame: pd.DataFrame, names: np.ndarray) -> np.ndarray:
    """In how many columns of its row each name stands."""
    texts = frame.select_dtypes(["string", "object"])
    return (texts.to_numpy(dtype=object) == names[:, None]).sum(axis=1)


def _refuse_twins(keys: np.ndarray, codes: np.ndarray, report: Report) -> None:
    for name, values in (("code", codes), ("source_code", keys)):
        series = pd.Series(values).where(report.good & (values != ""))
        twin = (series.duplicated() & series.notna()).to_numpy()
        report.refuse(twin, name, _("文件里另一行与它相同"), _("两行请只留一行。"))


def _settle_codes(
    table: Table, mapping: dict[str, str], options: Options, report: Report, rows: _Rows, parents: Parents
) -> None:
    """A code for every good row, and the areas above each of them."""
    open_rows = np.flatnonzero(report.good & (rows.codes == ""))
    if len(open_rows):
        stored = known(Area, "source_code", rows.keys[open_rows], ["code"], source=options.source)["code"]
        rows.codes[open_rows] = [
            code if isinstance(code, str) and len(code) == _length(rows.level) else "" for code in stored
        ]
        _mint_codes(table, mapping, options, report, rows, parents)
        _say_local(report, rows, mapping, open_rows)
    names = _upper_names(table, mapping, rows, report)
    parents.ensure({above for code in rows.codes[report.good] for above in ancestors_of(code)}, names)


def _say_local(report: Report, rows: _Rows, mapping: dict[str, str], minted: np.ndarray) -> None:
    """Where the file has a column of codes, a local one is worth a line; where it has none, one remark for all."""
    said = np.array([_("已给出本地代码：%s") % code for code in rows.codes], dtype=object)
    where = np.isin(np.arange(len(rows.codes)), minted)
    if "code" in mapping:
        report.note(where, "code", said, _("请在文件里补上正式代码，再导入一次。"))
    else:
        report.remark(
            f"The file has no codes: {rows.codes[minted].min()} to {rows.codes[minted].max()} are local ones."
        )


def _length(level: str) -> int:
    return next(length for length, name in LEVEL_OF.items() if name == level)


def _mint_codes(
    table: Table, mapping: dict[str, str], options: Options, report: Report, rows: _Rows, parents: Parents
) -> None:
    above = _parent_codes(table, mapping, options, report, rows, parents)
    reserved = set(rows.codes[report.good])
    for parent in np.unique(above[(above != "")]):
        members = np.flatnonzero((above == parent) & report.good & (rows.codes == ""))
        codes = mint(parent, {*parents.taken(parent), *(c for c in reserved if c.startswith(parent))}, len(members))
        rows.codes[members] = codes


def _parent_codes(
    table: Table, mapping: dict[str, str], options: Options, report: Report, rows: _Rows, parents: Parents
) -> np.ndarray:
    """The area above each row that needs a code, "" elsewhere."""
    needy = report.good & (rows.codes == "")
    length = max((other for other in LEVEL_OF if other < _length(rows.level)), default=0)
    given = clean_codes(take_text(table.frame, mapping, "parent_code"))
    above = np.where(needy & np.array([len(code) == length for code in given]), given, "").astype(object)
    if len(options.under) == length:
        above[needy & (above == "")] = options.under
    groups = _group_names(table, mapping, rows.level, options.source)
    coded = report.good & (rows.codes != "")
    by_name = (
        pd.Series([code[:length] for code in rows.codes[coded]], dtype=object)
        .groupby(groups[coded])
        .agg(lambda prefixes: prefixes.mode()[0])
        if coded.any()
        else {}
    )
    for place in np.flatnonzero(needy & (above == "")):
        above[place] = by_name.get(groups[place], "") if groups[place] in by_name else ""
    _make_parents(above, needy & (above == ""), groups, rows, options, parents)
    return above


def _make_parents(
    above: np.ndarray, needy: np.ndarray, groups: np.ndarray, rows: _Rows, options: Options, parents: Parents
) -> None:
    """Local parents, one for each group of rows, several where a group has more rows than a parent has codes."""
    if not needy.any():
        return
    base = parents.base(rows.level, options.under)
    for group in pd.unique(groups[needy]):
        members = np.flatnonzero(needy & (groups == group))
        for number, start in enumerate(range(0, len(members), _MOST_CHILDREN), 1):
            name = group if len(members) <= _MOST_CHILDREN else f"{group} {number}"
            above[members[start : start + _MOST_CHILDREN]] = parents.local(base, name)


def _group_names(table: Table, mapping: dict[str, str], level: str, source: str) -> np.ndarray:
    """The name of the area above each row: its column, else the column of the level above, else the source."""
    upper = _UPPER[_UPPER.index(level) - 1] if level in _UPPER[1:] else "street"
    field = "parent" if "parent" in mapping else upper
    names = take_text(table.frame, mapping, field)
    return np.where(names != "", names, source).astype(object)


def _upper_names(table: Table, mapping: dict[str, str], rows: _Rows, report: Report) -> dict[str, str]:
    """Code → name for the areas above, from the columns that name them."""
    names: dict[str, str] = {}
    for level in _UPPER:
        if level not in mapping or _length(level) >= _length(rows.level):
            continue
        uppers = take_text(table.frame, mapping, level)
        pairs = zip(rows.codes[report.good], uppers[report.good], strict=True)
        names |= {code[: _length(level)]: name for code, name in pairs if name and not is_local(code[: _length(level)])}
    return names


def _columns(
    table: Table, mapping: dict[str, str], options: Options, report: Report, rows: _Rows
) -> dict[str, np.ndarray]:
    count = len(rows.codes)
    names = _distinct_names(rows)
    local = np.array([is_local(code) for code in rows.codes])
    columns = {
        "code": rows.codes,
        "level": np.full(count, rows.level, dtype=object),
        "name": fit_texts(names, 80, "name", report),
        "code_system": np.where(local, "local", "nbs").astype(object),
        "source": np.full(count, options.source, dtype=object),
        "source_code": rows.keys,
    }
    if "short_name" in mapping:
        columns["short_name"] = fit_texts(take_text(table.frame, mapping, "short_name"), 40, "short_name", report)
    if rows.shapes is not None:
        columns["geometry"] = rows.shapes
    population = take(table.frame, mapping, "population")
    if population is not None:
        columns["population"] = whole_numbers(population, "population", report)
        said = f"{options.source}: {mapping['population']}"[:80]
        columns["population_source"] = np.full(count, said, dtype=object)
    return columns


def _distinct_names(rows: _Rows) -> np.ndarray:
    """Names that repeat below one parent with the row's key behind them, so that lists can be read."""
    twice = pd.DataFrame({"name": rows.names, "above": [code[:-3] for code in rows.codes]}).duplicated(keep=False)
    return np.where(twice & (rows.keys != rows.codes), rows.names + " " + rows.keys, rows.names).astype(object)


def whole_numbers(values: pd.Series, name: str, report: Report, most: int = 2_000_000_000) -> pd.array:
    """Counts as whole numbers, missing where they are none; what is unreadable is noted, not refused."""
    numbers = pd.to_numeric(values, errors="coerce")
    odd = ((numbers < 0) | (numbers > most) | numbers.isna()) & values.notna()
    report.note(odd.to_numpy(dtype=bool), name, _("不是计数，已略去"))
    return numbers.mask(odd).round().astype("Int64").array


def _write(columns: dict[str, np.ndarray], options: Options, batch: np.ndarray) -> Tally:
    part = {name: values[batch] for name, values in columns.items()}
    ids = known_ids(Area, "code", part["code"])
    by_key = known_ids(Area, "source_code", part["source_code"], source=options.source)
    return merge(Area, np.where(ids == 0, by_key, ids), part)


def _say_taken_over(report: Report, rows: _Rows, good: np.ndarray) -> None:
    """Parts of an area whose outline was replaced may no longer tile it."""
    if rows.shapes is None or rows.level == "community":
        return
    children = Area.objects.exclude(geometry=None).filter(level="community", source="demo")
    hit = {code[: _length(rows.level)] for code in children.values_list("code", flat=True)} & set(rows.codes[good])
    if hit:
        report.remark(
            f"{len(hit)} outlines took the place of the demonstration's; its communities no longer tile them."
        )


def _say_made(parents: Parents) -> str:
    names = ", ".join(f"{area.code} {area.name}" for area in parents.made[:8])
    return f"{len(parents.made)} areas above them were made: {names}{' …' if len(parents.made) > 8 else ''}."
