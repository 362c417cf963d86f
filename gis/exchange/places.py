"""Importing buildings: outline, address and the community and cell they stand in.

A building without a 17-digit code gets its community's code and the next five digits, in the order of the file. The
number follows from the place in the file, so an import that was interrupted gives the same codes when it is resumed.
"""

import numpy as np
import pandas as pd
import shapely
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.errors import BadFile
from gis.exchange.areas import repaired_outlines, whole_numbers
from gis.exchange.batches import in_batches
from gis.exchange.columns import take, take_text
from gis.exchange.merging import Tally, known, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.placing import NOWHERE, Ground, cells_within, communities_within, nearest, place_outlines
from gis.exchange.positions import read_outlines
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.texts import fit_texts, row_keys
from gis.exchange.words import table_of_words, translate
from gis.geometry import only
from gis.places.building import Building, Compound

#: An outline belongs to the areas we know when at least this share of it lies in them.
_MOSTLY = 0.5
_TEXTS = {"number": 20, "name": 80, "road": 60, "gate": 20}
_COUNTS = {"floors": 200, "units": 200, "built_year": 2100}
#: Digits of a building code: the community's twelve and five of its own.
_LENGTH = 17


def import_buildings(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    columns = check_buildings(table, mapping, options, report)
    place_buildings(columns, options, report)
    codes = _codes(columns, options, report)
    good = np.flatnonzero(report.good)
    outcome = Outcome()
    if options.dry_run or not len(good):
        return outcome
    columns["compound"] = _compounds(take_text(table.frame, mapping, "compound"), columns["area"], good)
    outcome.tally = in_batches(good, options, lambda batch: _write(columns, codes, options, batch))
    return outcome


def check_buildings(table: Table, mapping: dict[str, str], options: Options, report: Report) -> dict[str, np.ndarray]:
    """The columns of a file of buildings, judged row by row; no database."""
    shapes = read_outlines(table, mapping, options.crs, report)
    if shapes is None:
        raise BadFile(_("文件里没有边界。"), fix=_("请选择有多边形的文件，或指明边界列：--map wkt=列名。"))
    columns: dict[str, np.ndarray] = {"geometry": repaired_outlines(shapes, report)}
    for name, longest in _TEXTS.items():
        if name in mapping:
            columns[name] = fit_texts(take_text(table.frame, mapping, name), longest, name, report)
    for name, most in _COUNTS.items():
        if name in mapping:
            columns[name] = whole_numbers(take(table.frame, mapping, name), name, report, most)
    if "kind" in mapping:
        columns["kind"] = translate(take_text(table.frame, mapping, "kind"), table_of_words("building_kinds"), "other")
    columns["given_code"] = _given_codes(table, mapping, report)
    columns["source_code"] = row_keys(table, mapping, shapes, report)
    return columns


def _given_codes(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    codes = take_text(table.frame, mapping, "code")
    text = pd.Series(codes, dtype="str")
    wrong = (~text.str.fullmatch(r"[0-9]{17}") & text.ne("")).to_numpy()
    report.refuse(wrong, "code", _("楼栋代码应为 17 位数字"), _("请改正，或留空由系统给出。"))
    twin = (text.where(text.ne("") & report.good).duplicated() & text.ne("")).to_numpy()
    report.refuse(twin, "code", _("文件里另一行与它相同"), _("两行请只留一行。"))
    return codes


def place_buildings(columns: dict, options: Options, report: Report) -> None:
    """Find the community and the cell of each outline and put `area` and `cell` into the columns."""
    outlines = only(columns["geometry"], report.good)
    count = len(outlines)
    columns["area"], columns["cell"] = np.full(count, "", dtype=object), pd.array([pd.NA] * count, dtype="Int64")
    if not report.good.any():
        return
    bounds = _widened(shapely.total_bounds(outlines), options.margin)
    communities = communities_within(bounds)
    found, share = place_outlines(outlines, communities.shapes)
    inside = (found != NOWHERE) & (share >= _MOSTLY)
    columns["area"][inside] = communities.codes[found[inside]]
    _place_outside(columns["area"], outlines, ~inside & report.good, communities, options, report)
    _place_in_cells(columns, outlines, bounds)


def _widened(bounds: np.ndarray, metres: float) -> np.ndarray:
    """Bounds in degrees with a margin around them, at least some ten metres."""
    degrees = max(metres, 10) / 60_000  # a degree of longitude is longer than 60 km up to 57° of latitude
    return bounds + np.array([-degrees, -degrees, degrees, degrees])


def _place_outside(
    area: np.ndarray, outlines: np.ndarray, outside: np.ndarray, communities: Ground, options: Options, report: Report
) -> None:
    xy = shapely.get_coordinates(shapely.point_on_surface(outlines[outside]))
    closest, metres = nearest(xy, communities.shapes)
    rows = np.flatnonzero(outside)
    near = (metres <= options.margin) & (closest != NOWHERE) & (options.margin > 0)
    area[rows[near]] = communities.codes[closest[near]]
    far = np.full(len(area), np.inf)
    far[rows] = metres
    refuse_outside(outside & (area == ""), far, len(communities) > 0, report)


def refuse_outside(
    outside: np.ndarray, metres: np.ndarray, any_near: bool, report: Report, field: str = "geometry", hint: str = ""
) -> None:
    """Refuse rows that lie in no known community, with how far away the nearest is."""
    if not any_near:
        report.refuse(
            outside,
            field,
            _("它不在任何已知社区里，附近也没有社区"),
            _("请先导入社区（import_areas --level community），或检查 --crs。") + hint,
        )
        return
    reasons = np.array([_("它不在任何已知社区里，最近的也有 %s 远") % _far(m) for m in metres], dtype=object)
    report.refuse(outside, field, reasons, _("请先导入社区、核对位置，或用 --margin 放宽若干米。") + hint)


def _far(metres: float) -> str:
    return f"{metres / 1000:,.1f} km" if metres >= 1000 else f"{metres:,.0f} m"


def _place_in_cells(columns: dict, outlines: np.ndarray, bounds: np.ndarray) -> None:
    """The cell in force today that holds most of an outline, if it is of the same community."""
    cells = cells_within(bounds).on(timezone.localdate())
    if not len(cells):
        return
    found, _share = place_outlines(outlines, cells.shapes)
    rows = np.flatnonzero(found != NOWHERE)
    same = np.array([cells.codes[found[row]][:12] == columns["area"][row] for row in rows], dtype=bool)
    rows = rows[same]
    columns["area"][rows] = cells.codes[found[rows]]
    columns["cell"][rows] = cells.cells[found[rows]]


def _codes(columns: dict, options: Options, report: Report) -> np.ndarray:
    """A 17-digit code for every good row: the given one, else the one it has, else a new one in its community."""
    codes = np.where(columns["given_code"] != "", columns["given_code"], "").astype(object)
    stray = (codes != "") & np.array(
        [code[:12] != area[:12] for code, area in zip(codes, columns["area"], strict=True)]
    )
    report.note(stray, "code", _("代码不属于它所在的社区"), _("请核对哪个正确。"))
    open_rows = np.flatnonzero(report.good & (codes == ""))
    if not len(open_rows):
        return codes
    stored = known(Building, "source_code", columns["source_code"][open_rows], ["code"], source=options.source)["code"]
    codes[open_rows] = stored.fillna("").to_numpy(dtype=object)
    taken = {code for code in codes if code}
    communities = np.array([columns["area"][row][:12] for row in open_rows], dtype=object)
    members_of = pd.Series(open_rows).groupby(communities)
    last = _last_numbers(list(members_of.groups), options.source)
    for community, members in members_of:
        codes[members] = _numbered(community, codes[members], taken, *last[community])
    report.refuse(codes == "", "code", _("这个社区的楼栋编号已用完"), _("请在文件里给出代码。"))
    return codes


def _numbered(community: str, codes: np.ndarray, taken: set[str], others: int, ours: int) -> np.ndarray:
    """Codes for the rows of one community that have none, "" where the numbers run out.

    `others` and `ours` are the last numbers that other sources and this one have given out.
    """
    minted = np.array([f"{community}{others + 1 + place:05d}" for place in range(len(codes))], dtype=object)
    clash = (codes == "") & np.array([code in taken for code in minted], dtype=bool)
    new = np.where(codes == "", minted, codes)
    if clash.any():  # the file has changed since: number on behind everything
        behind = max(others + len(codes), ours) + 1
        new[clash] = [f"{community}{behind + place:05d}" for place in range(int(clash.sum()))]
    return np.where([len(code) == _LENGTH for code in new], new, "")


def _last_numbers(communities: list[str], source: str) -> dict[str, tuple[int, int]]:
    """The highest building number given out in each community, by other sources and by this one; 0 for none."""
    last = (
        "coalesce((SELECT max(right(code, 5)::int) FROM grid_building WHERE code >= c AND code < c || ':' AND {}), 0)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c, {last.format('source <> %s')}, {last.format('source = %s')} FROM unnest(%s::text[]) AS c",  # noqa: S608 - ours
            [source, source, communities],
        )
        return {community: (others, ours) for community, others, ours in cursor.fetchall()}


def _compounds(names: np.ndarray, areas: np.ndarray, good: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Primary keys of the compounds named, made where a community has none of that name."""
    ids = pd.array([pd.NA] * len(names), dtype="Int64")
    pairs = {(areas[row][:12], names[row][:60]) for row in good if names[row]}
    if not pairs:
        return ids
    Compound.objects.bulk_create(
        [Compound(area=area, name=name) for area, name in sorted(pairs)], ignore_conflicts=True
    )
    stored = Compound.objects.filter(area__in={area for area, _ in pairs}).values_list("area", "name", "id")
    by_name = {(area, name): key for area, name, key in stored}
    for row in good:
        if names[row]:
            ids[row] = by_name[areas[row][:12], names[row][:60]]
    return ids


def _write(columns: dict, codes: np.ndarray, options: Options, batch: np.ndarray) -> Tally:
    part = {name: values[batch] for name, values in columns.items() if name != "given_code"}
    part["source"] = np.full(len(batch), options.source, dtype=object)
    if part["compound"].isna().all():
        del part["compound"]
    given = columns["given_code"][batch] != ""
    ids = known_ids(Building, "code", np.where(given, codes[batch], ""))
    by_key = known_ids(Building, "source_code", part["source_code"], source=options.source)
    return merge(Building, np.where(ids == 0, by_key, ids), part, fixed={"code": codes[batch]})
