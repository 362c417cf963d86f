"""The incidents that `bench risk` predicts: where they lie, over which ground, and which windows are the test."""

from pathlib import Path

import geopandas
import numpy as np
import pandas
import shapely
from django.core.management.base import CommandError

from gis import crs, geometry
from gis.risk.lattice import Lattice
from gis.risk.prediction import FOREVER, Ground, Past, kernels
from gis.risk.trial import Case

_FOLDERS = [above / "shared" / "data" for above in Path(__file__).resolve().parents]
#: The real data lie beside the checkout, or beside the folder that holds several checkouts.
DATA = next((folder for folder in _FOLDERS if folder.exists()), _FOLDERS[3])
#: Metres around a known incident that belong to the study area where no border of the city is at hand.
AROUND = 1000.0


def new_york(quick: bool) -> Case:
    """Vehicle thefts. Tested on every 28 days of 2017; the tracts are the ground, their residents a given surface."""
    table = pandas.read_parquet(_file("nyc_vehicle_thefts_2014_2017.parquet"))
    tracts = geopandas.read_parquet(_file("nyc_tracts_pop2010.parquet"))
    plane = crs.metric(-73.9, 40.7)
    tracts = tracts.to_crs(plane)
    lattice = Lattice.over(shapely.union_all(tracts.geometry.to_numpy()))
    xy = crs.move(table[["longitude", "latitude"]].to_numpy(), crs.STORE, plane)
    at, start, end = (_days(table[name], "2014-01-01") for name in ("date_single", "date_start", "date_end"))
    past = Past.of(lattice, xy, at, np.fmax(start, np.fmax(end, at)))
    residents = _residents(lattice, tracts.geometry.to_numpy(), tracts["Population"].to_numpy(dtype=float))
    ground = Ground(lattice, past, kernels((FOREVER, 365.0, 45.0)), residents[None])
    starts = 1096 + 28.0 * np.arange(13)
    note = f"New York thefts: {len(table):,}, known from the end of their period; ground = the tracts"
    return Case("New York", ground, starts[-3:] if quick else starts, 28.0, 4 if quick else 8, note)


def houston(quick: bool) -> Case:
    """Crimes of seven kinds, January–August 2010. Tested on eight weeks from 1 July."""
    table = pandas.read_parquet(_file("houston_crime_2010.parquet"))
    placed = table.dropna(subset=["lon", "lat"])
    xy = crs.move(placed[["lon", "lat"]].to_numpy(), crs.STORE, crs.metric(-95.4, 29.7))
    near = geometry.robust_distance(xy) <= 5
    local = placed["time"].dt.tz_localize("UTC").dt.tz_convert("America/Chicago").dt.tz_localize(None)
    at = _days(local, "2010-01-01")[near]
    first = 181.0
    lattice = Lattice.over(_around(xy[near][at < first]))
    ground = Ground(lattice, Past.of(lattice, xy[near], at), kernels())
    starts = first + 7.0 * np.arange(8)
    note = (
        f"Houston crimes: {near.sum():,}; left out {len(table) - len(placed)} without coordinates and"
        f" {(~near).sum()} more than five robust deviations from the middle; ground = within 1 km of earlier ones;"
        " known when they happened, for want of a date of report"
    )
    return Case("Houston", ground, starts[-3:] if quick else starts, 7.0, 4 if quick else 6, note)


def town(quick: bool) -> Case:
    """The demonstration town's incidents, from a scratch database. CommandError where there is no town yet."""
    try:
        from fixtures.town import write_town  # noqa: F401 - the scratch database writes it
    except ImportError as error:
        raise CommandError("no town writer in fixtures") from error
    lonlat, at = _town_incidents("small" if quick else "town")
    xy = crs.move(lonlat, crs.STORE, crs.metric(*np.median(lonlat, axis=0)))
    last = np.floor(at.max())
    starts = last - 14.0 * np.arange(3 if quick else 8, 0, -1)
    lattice = Lattice.over(shapely.convex_hull(shapely.multipoints(xy[at < starts[0]])), size=100.0, parts=4)
    ground = Ground(lattice, Past.of(lattice, xy, at), kernels())
    note = f"The town: {len(at):,} invented incidents, cells of 100 m; its truth is its generator's, so no figure"
    return Case("the town", ground, starts, 14.0, 4, note)


def _town_incidents(size: str) -> tuple[np.ndarray, np.ndarray]:
    from gis.models import Incident
    from tests.bench.scratch import scratch_database

    with scratch_database(size):
        rows = list(Incident.objects.order_by("reported_at").values_list("position", "reported_at"))
    if not rows:
        raise CommandError("the town has no incidents yet")
    moments = np.array([moment.timestamp() for _, moment in rows]) / 86400
    return np.array([point.coords for point, _ in rows]), moments - np.floor(moments[0])


def _file(name: str) -> Path:
    if not (DATA / name).exists():
        raise CommandError(f"{name} is not in the data folder")
    return DATA / name


def _days(times: pandas.Series, epoch: str) -> np.ndarray:
    """Days since the epoch, NaN where missing."""
    return ((pandas.to_datetime(times) - pandas.Timestamp(epoch)) / pandas.Timedelta(days=1)).to_numpy()


def _around(xy: np.ndarray) -> shapely.Geometry:
    places = np.unique(np.round(xy / 100) * 100, axis=0)
    return shapely.union_all(shapely.buffer(shapely.points(places), AROUND, quad_segs=4))


def _residents(lattice: Lattice, shapes: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Share of the residents in each cell, by the density of the tract at its centre."""
    cell, tract = shapely.STRtree(shapes).query(shapely.points(lattice.centres()), predicate="intersects")
    density = np.zeros(len(lattice))
    density[cell] = (people / shapely.area(shapes))[tract]
    return density / density.sum()
