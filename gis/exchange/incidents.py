"""Importing incidents: when, what and where, with every doubtful position said.

The cell is the version in force on the day of the report; `area` is where the ground belongs today. Without a column
of states a row is history and counts as closed: a file must not fill the queue of open work.
"""

import numpy as np
import pandas as pd
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.exchange.batches import in_batches
from gis.exchange.categories import category_ids
from gis.exchange.columns import take_mapped, take_text
from gis.exchange.copying import reserve_ids
from gis.exchange.local_ground import ODD, draw_ground, has_ground, judge_distance, make_ground
from gis.exchange.merging import Tally, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.places import refuse_outside
from gis.exchange.placing import (
    NOWHERE,
    Ground,
    cells_within,
    communities_within,
    nearest,
    place_points,
    place_points_dated,
)
from gis.exchange.positions import read_points
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.texts import fit_texts, row_keys
from gis.exchange.times import later_than, read_moments, zone_of
from gis.exchange.words import table_of_words, translate
from gis.geometry import only
from gis.incidents.incident import Incident, State
from gis.places.building import Building

#: A geocoder that finds no address answers with the middle of the town: so many different addresses share a position.
CROWDED = 40
_LONGEST = 10_000
_NEW_GROUND = " For ground without areas give --into CODE, for example --into 990001."


def import_incidents(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    xy = read_points(table, mapping, options.crs, report)
    columns = check_incidents(table, mapping, options, report)
    columns["source_code"] = row_keys(table, mapping, table.shapes, report)
    outcome = Outcome()
    place_incidents(xy, columns, options, report, outcome)
    columns["category"], made = category_ids(
        _categories(table, mapping, options, report),
        options.source,
        make=not options.dry_run and bool(report.good.any()),
    )
    if made and report.good.any():
        outcome.made.append(f"{len(made)} categories are new: {', '.join(made[:8])}{' …' if len(made) > 8 else ''}.")
    good = np.flatnonzero(report.good)
    if not options.dry_run and len(good):
        columns["position"] = only(shapely.points(np.nan_to_num(xy)), report.good)
        outcome.tally = in_batches(good, options, lambda batch: _write(columns, options, batch))
    return outcome


def check_incidents(table: Table, mapping: dict[str, str], options: Options, report: Report) -> dict[str, np.ndarray]:
    """Times, states and texts of a file of incidents, judged row by row."""
    moments = _moments(table, mapping, options, report)
    columns: dict = {"reported_at": moments}
    for name, longest in (("description", _LONGEST), ("place", 120)):
        if name in mapping:
            columns[name] = fit_texts(take_text(table.frame, mapping, name), longest, name, report)
    columns["state"] = _states(table, mapping, report)
    columns["origin"] = translate(take_text(table.frame, mapping, "origin"), _origins(), Incident.Source.IMPORT.value)
    if "closed_at" in mapping:
        columns["closed_at"] = _closed(table, mapping, options, moments, report)
    if "building_code" in mapping:
        ids = known_ids(Building, "code", take_text(table.frame, mapping, "building_code"))
        columns["building"] = pd.array(np.where(ids > 0, ids, 0), dtype="Int64")
        columns["building"][ids == 0] = pd.NA
    return columns


def _origins() -> dict[str, str]:
    return {str(label).lower(): value for value, label in Incident.Source.choices}


def _moments(table: Table, mapping: dict[str, str], options: Options, report: Report) -> pd.Series:
    values = take_mapped(table.frame, mapping, "reported_at")
    zone = zone_of(options.timezone)
    moments = read_moments(values, zone, options.time_format)
    if not isinstance(values.dtype, pd.DatetimeTZDtype):
        report.remark(f"times without a zone were read as {options.timezone} (--timezone)")
    missing = values.isna().to_numpy()
    report.refuse(missing, "reported_at", _("缺少时间"), _("请补上，或删去这一行。"))
    report.refuse(
        moments.isna().to_numpy(),
        "reported_at",
        _("时间无法识别"),
        _("请写成 2026-03-05 14:30 这样，或给出 --time-format。"),
    )
    report.refuse(later_than(moments, pd.Timestamp.now("UTC")), "reported_at", _("时间在未来"), _("请改正。"))
    return moments


def _closed(table: Table, mapping: dict[str, str], options: Options, moments: pd.Series, report: Report) -> pd.Series:
    values = take_mapped(table.frame, mapping, "closed_at")
    closed = read_moments(values, zone_of(options.timezone), options.time_format)
    early = (closed < moments).fillna(False).to_numpy(dtype=bool)
    report.note(early, "closed_at", _("办结时间早于上报时间，已略去办结时间"))
    report.note((closed.isna() & values.notna()).to_numpy(), "closed_at", _("办结时间无法识别，已略去"))
    return closed.mask(early)


def _states(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    if "state" not in mapping:
        report.remark("no column of states: every row counts as closed")
        return np.full(len(table.frame), State.CLOSED.value, dtype=object)
    texts = take_text(table.frame, mapping, "state")
    states = translate(texts, table_of_words("incident_states"), "")
    report.note(states == "", "state", _("这里没有这个状态，按已办结计"))
    return np.where(states == "", State.CLOSED.value, states).astype(object)


def _categories(table: Table, mapping: dict[str, str], options: Options, report: Report) -> np.ndarray:
    texts = take_text(table.frame, mapping, "category")
    if "category" not in mapping:
        report.remark(f"no column of categories: every row is “{options.category or options.source}” (--category)")
    return np.where(texts == "", options.category or options.source, texts).astype(object)


def place_incidents(xy: np.ndarray, columns: dict, options: Options, report: Report, outcome: Outcome) -> None:
    """Find the community and cell of each position; put `area`, `cell` and `doubt` into the columns."""
    count = len(xy)
    columns["area"], columns["doubt"] = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    columns["cell"] = pd.array([pd.NA] * count, dtype="Int64")
    if options.into:
        _judge_bulk(xy, columns["doubt"], report)
    if report.good.any():
        communities = _ground(xy, options, report, outcome)
        _place_in_communities(xy, columns, communities, options, report)
        _place_in_cells(xy, columns, report)
    _doubt_crowds(xy, columns, report)
    doubtful = columns["doubt"] != ""
    report.note(doubtful, "longitude", columns["doubt"], _("已收下并作标记；有误请改正。"))


def _judge_bulk(xy: np.ndarray, doubt: np.ndarray, report: Report) -> None:
    distance = judge_distance(xy, report)
    odd = report.good & (distance > ODD)
    doubt[odd] = [f"远离其余各点（离散度的 {times:.1f} 倍）" for times in distance[odd]]


def _bounds(xy: np.ndarray, margin: float) -> np.ndarray:
    degrees = max(margin, 10) / 60_000
    west, south = np.nanmin(xy, axis=0) - degrees
    east, north = np.nanmax(xy, axis=0) + degrees
    return np.array([west, south, east, north])


def _ground(xy: np.ndarray, options: Options, report: Report, outcome: Outcome) -> Ground:
    """The communities the points may lie in; drawn around them first where `--into` names new ground."""
    good = xy[report.good]
    if options.into and not has_ground(options.into):
        outline = draw_ground(options.into, good, options.source)
        outcome.made.append(f"The area {options.into} was drawn around {len(good):,} positions.")
        if options.dry_run:
            void = np.array(["NaT"], dtype="datetime64[D]")
            code = np.array([options.into], dtype=object)
            return Ground(code, outline, np.zeros(1, np.int64), void, void, np.zeros(1, np.int64))
        make_ground(options.into, outline, options.source)
    return communities_within(_bounds(good, options.margin), options.into)


def _place_in_communities(xy: np.ndarray, columns: dict, communities: Ground, options: Options, report: Report) -> None:
    good = np.where(report.good[:, None], xy, np.nan)
    found = place_points(good, communities.shapes)
    columns["area"][found != NOWHERE] = communities.codes[found[found != NOWHERE]]
    outside = report.good & (found == NOWHERE)
    closest, metres = nearest(np.where(outside[:, None], xy, np.nan), communities.shapes)
    near = outside & (metres <= options.margin) & (options.margin > 0)
    columns["area"][near] = communities.codes[closest[near]]
    columns["doubt"][near] = [f"在已知社区之外 {distance:.0f} 米" for distance in metres[near]]
    _refuse_exchanged(xy, outside & ~near, options, report)
    refuse_outside(outside & ~near, metres, len(communities) > 0, report, "longitude", _NEW_GROUND)


def _refuse_exchanged(xy: np.ndarray, outside: np.ndarray, options: Options, report: Report) -> None:
    """Positions that would lie in a known community if their two numbers were exchanged."""
    turned = np.where(outside[:, None], xy[:, ::-1], np.nan)
    if not outside.any():
        return
    communities = communities_within(_bounds(turned, 0), options.into)
    if len(communities):
        exchanged = place_points(turned, communities.shapes) != NOWHERE
        report.refuse(
            exchanged,
            "latitude",
            _("经度和纬度写反了"),
            _("请对调两列：--map longitude=… --map latitude=…。"),
        )


def _place_in_cells(xy: np.ndarray, columns: dict, report: Report) -> None:
    """The version in force on the day of the report, and today's cell for the scope."""
    good = np.where(report.good[:, None], xy, np.nan)
    if not report.good.any():
        return
    cells = cells_within(_bounds(good, 0))
    if not len(cells):
        return
    local = columns["reported_at"].dt.tz_convert(timezone.get_current_timezone()).dt.tz_localize(None)
    then = place_points_dated(good, local.to_numpy().astype("datetime64[D]"), cells)
    columns["cell"][then != NOWHERE] = cells.ids[then[then != NOWHERE]]
    today = cells.on(timezone.localdate())
    now = place_points(good, today.shapes)
    columns["area"][now != NOWHERE] = today.codes[now[now != NOWHERE]]


def _doubt_crowds(xy: np.ndarray, columns: dict, report: Report) -> None:
    """Mark positions that many different addresses share: the mark of a geocoder's default answer."""
    if "place" not in columns:
        return
    frame = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "place": columns["place"]})[report.good]
    sizes = frame.groupby(["x", "y"])["place"].transform("nunique")
    rows = np.flatnonzero(report.good)[(sizes >= CROWDED).to_numpy()]
    shared = sizes[sizes >= CROWDED].to_numpy()
    columns["doubt"][rows] = [f"{number} 个不同地址共用此坐标" for number in shared]


def _write(columns: dict, options: Options, batch: np.ndarray) -> Tally:
    part = {
        name: values.iloc[batch] if isinstance(values, pd.Series) else values[batch] for name, values in columns.items()
    }
    part = {name: values.array if isinstance(values, pd.Series) else values for name, values in part.items()}
    part["source"] = np.full(len(batch), options.source, dtype=object)
    ids = known_ids(Incident, "source_code", part["source_code"], source=options.source)
    fresh = np.zeros(len(batch), dtype=np.int64)
    fresh[ids == 0] = reserve_ids(Incident, int((ids == 0).sum()))
    days = pd.Series(part["reported_at"]).dt.tz_convert(timezone.get_current_timezone()).dt.strftime("%Y%m%d")
    numbers = np.array([f"{day}-I{key}" for day, key in zip(days, fresh.tolist(), strict=True)], dtype=object)
    return merge(Incident, ids, part, fixed={"id": fresh, "number": numbers})
