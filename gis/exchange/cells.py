"""Importing cells: `import_areas --level cell`. A cell tiles its community with its neighbours, and its life is dated.

A code that is in force with the same outline is left alone; with another outline the version in force ends on the day
the new one begins. Cells without codes are numbered west to east, north to south within their community.
"""

from datetime import date

import numpy as np
import pandas as pd
import shapely
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.areas.area import Area
from gis.areas.cell import Cell, CellVersion, Lineage
from gis.codes.division import clean_codes, code_problems, mint, reading_order
from gis.errors import BadFile
from gis.exchange.areas import repaired_outlines
from gis.exchange.batches import in_batches
from gis.exchange.columns import take_text
from gis.exchange.copying import copy_columns, reserve_ids
from gis.exchange.coverage import SMALLEST, describe_coverage, stretch
from gis.exchange.merging import Tally
from gis.exchange.options import Options, Outcome
from gis.exchange.parents import to_geos
from gis.exchange.placing import NOWHERE, communities_within, place_outlines
from gis.exchange.positions import read_outlines
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.relinking import relink
from gis.exchange.texts import fit_texts
from gis.geometry import only, uncovered

#: A cell belongs to one community: at least this share of it must lie there.
_MOSTLY = 0.9


def import_cells(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    starts = _starts(options)
    shapes = read_outlines(table, mapping, options.crs, report)
    if shapes is None:
        raise BadFile(_("文件里没有边界。"), fix=_("请选择有多边形的文件。"))
    shapes = repaired_outlines(shapes, report)
    codes = _codes(table, mapping, shapes, report)
    names = take_text(table.frame, mapping, "name")
    names = fit_texts(
        np.where(names == "", [f"第{code[12:].lstrip('0')}网格" for code in codes], names).astype(object),
        40,
        "name",
        report,
    )
    good = np.flatnonzero(report.good)
    outcome = Outcome()
    if len(good):
        report.remarks += _describe_fit(shapes[good], codes[good], names[good])
    if not options.dry_run and len(good):
        columns = {"code": codes, "name": names, "geometry": shapes}
        outcome.tally = in_batches(good, options, lambda batch: _write(columns, starts, options, batch))
        outcome.made += relink(sorted({code[:12] for code in codes[good]}))
    return outcome


def _starts(options: Options) -> date:
    try:
        return date.fromisoformat(options.starts) if options.starts else timezone.localdate()
    except ValueError:
        raise BadFile(
            _("“%(day)s”不是日期。") % {"day": options.starts}, fix=_("请写成 2026-01-01（--starts）。")
        ) from None


def _codes(table: Table, mapping: dict[str, str], shapes: np.ndarray, report: Report) -> np.ndarray:
    """15-digit codes, given or minted in the community each cell lies in."""
    codes = clean_codes(take_text(table.frame, mapping, "code"), "cell")
    problems = code_problems(codes, "cell")
    report.refuse(problems != "", "code", problems, _("请写 15 位数字，或留空由系统给出。"))
    twin = pd.Series(codes).where(report.good & (codes != "")).duplicated().to_numpy() & (codes != "")
    report.refuse(twin, "code", _("文件里另一行与它相同"), _("两行请只留一行。"))
    above = _communities(table, mapping, shapes, report)
    told = codes != ""
    other = (
        told & (above != "") & np.array([code[:12] != community for code, community in zip(codes, above, strict=True)])
    )
    report.refuse(
        other,
        "code",
        _("代码不属于网格所在的社区"),
        _("请改正代码或边界。"),
    )
    known = set(
        Area.objects.filter(level="community", code__in={c[:12] for c in codes[told]}).values_list("code", flat=True)
    )
    lost = np.array([bool(code) and code[:12] not in known for code in codes], dtype=bool)
    report.refuse(lost, "code", _("它所属的社区不存在"), _("请先导入社区。"))
    report.refuse(~told & (above == ""), "geometry", _("它不在任何已知社区里"), _("请先导入社区。"))
    _number(codes, above, shapes, report)
    return codes


def _communities(table: Table, mapping: dict[str, str], shapes: np.ndarray, report: Report) -> np.ndarray:
    """The community most of each cell lies in, "" where none holds most of it."""
    above = np.full(len(shapes), "", dtype=object)
    outlines = only(shapes, report.good)
    if not report.good.any():
        return above
    ground = communities_within(shapely.total_bounds(outlines))
    found, share = place_outlines(outlines, ground.shapes)
    above[found != NOWHERE] = ground.codes[found[found != NOWHERE]]
    part = report.good & (found != NOWHERE) & (share < _MOSTLY)
    report.note(part, "geometry", _("它有一部分在所有已知社区之外"))
    return above


def _number(codes: np.ndarray, above: np.ndarray, shapes: np.ndarray, report: Report) -> None:
    """Mint codes in reading order, again the same ones for outlines that are in force already."""
    open_rows = np.flatnonzero(report.good & (codes == ""))
    for community in pd.unique(above[open_rows]):
        members = open_rows[above[open_rows] == community]
        stored = list(CellVersion.objects.filter(code__startswith=community).values_list("code", "geometry"))
        drawn = {bytes(geometry.wkb): code for code, geometry in stored}
        codes[members] = [
            drawn.get(shapely.to_wkb(shapely.normalize(shape)), drawn.get(shapely.to_wkb(shape), ""))
            for shape in shapes[members]
        ]
        new = members[codes[members] == ""]
        xy = shapely.get_coordinates(shapely.point_on_surface(shapes[new]))
        height = float(np.median(np.diff(shapely.bounds(shapes[new])[:, [1, 3]], axis=1))) if len(new) else 0.0
        taken = {code for code, _ in stored} | {code for code in codes if code.startswith(community)}
        codes[new[reading_order(xy[:, 0], xy[:, 1], height)]] = mint(community, taken, len(new))


def _describe_fit(shapes: np.ndarray, codes: np.ndarray, names: np.ndarray) -> list[str]:
    """How the cells fit together and into their communities."""
    said = describe_coverage(shapes, [f"{name} {code}" for name, code in zip(names, codes, strict=True)])
    communities = sorted({code[:12] for code in codes})
    drawn = Area.objects.filter(code__in=communities).exclude(geometry=None).order_by("code")
    for community, outline in drawn.values_list("code", "geometry"):
        parts = shapes[np.array([code.startswith(community) for code in codes])]
        plane = stretch(np.append(parts, shapely.from_wkb(bytes(outline.wkb))))
        left, over = uncovered(plane[-1], plane[:-1])
        if max(left, over) > SMALLEST:
            said.append(
                f"{community}: its cells leave {left:,.0f} m² of it uncovered and reach {over:,.0f} m² beyond it"
            )
    return said


def _write(columns: dict[str, np.ndarray], starts: date, options: Options, batch: np.ndarray) -> Tally:
    """New cells, new versions of changed ones, and the changed ones of today in place."""
    codes, names, shapes = (columns[name][batch] for name in ("code", "name", "geometry"))
    stored = {version.code: version for version in CellVersion.objects.on(starts).filter(code__in=list(codes))}
    new = np.array([code not in stored for code in codes], dtype=bool)
    same = np.array(
        [_is_same(stored.get(code), name, shape) for code, name, shape in zip(codes, names, shapes, strict=True)]
    )
    cells = reserve_ids(Cell, int(new.sum()))
    copy_columns(Cell, {"id": cells})
    _begin(cells, codes[new], names[new], shapes[new], starts, options.source)
    for place in np.flatnonzero(~new & ~same):
        _redraw(stored[codes[place]], names[place], shapes[place], starts, options.source)
    return Tally(int(new.sum()), int((~new & ~same).sum()), int(same.sum()))


def _is_same(version: CellVersion | None, name: str, shape: shapely.Geometry) -> bool:
    return version is not None and version.name == name and bytes(version.geometry.wkb) == shapely.to_wkb(shape)


def _begin(
    cells: np.ndarray, codes: np.ndarray, names: np.ndarray, shapes: np.ndarray, starts: date, source: str
) -> np.ndarray:
    ids = reserve_ids(CellVersion, len(cells))
    copy_columns(
        CellVersion,
        {
            "id": ids,
            "cell": cells,
            "code": codes,
            "name": names,
            "geometry": shapes,
            "valid": [f"[{starts},)"] * len(cells),
            "source": [source] * len(cells),
        },
    )
    return ids


def _redraw(version: CellVersion, name: str, shape: shapely.Geometry, starts: date, source: str) -> None:
    """Another outline: a version that began the same day is corrected, an older one ends and is succeeded."""
    if version.valid.lower == starts:
        CellVersion.objects.filter(pk=version.pk).update(name=name, geometry=to_geos(shape), source=source)
        return
    CellVersion.objects.filter(pk=version.pk).update(valid=DateRange(version.valid.lower, starts))
    ids = _begin(
        np.array([version.cell_id]),
        np.array([version.code], dtype=object),
        np.array([name], dtype=object),
        np.array([shape], dtype=object),
        starts,
        source,
    )
    Lineage.objects.create(
        before=version, after_id=int(ids[0]), kind=Lineage.Kind.SUCCESSOR, share_area=1.0, share_households=1.0
    )
