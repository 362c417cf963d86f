"""Where the next weeks' incidents are expected, and what that was worth on held-out weeks of the same incidents.

Worked out by a job (seconds to a minute), kept in the database, read by everybody.
"""

from datetime import timedelta

import numpy as np
import shapely
from django.utils import timezone

from gis import crs
from gis.models import Forecast
from gis.risk.lattice import Lattice
from gis.risk.prediction import Ground as Field
from gis.risk.prediction import Past, forecast, kernels
from gis.risk.trial import AREAS, COUNTS, LAST, OURS, RANDOM, TUNED, Case, tried
from layers.incident_columns import PER_METRE
from layers.incident_copy import Copy, incidents_now
from layers.places import Places, ground
from layers.risk_ground import Ground
from layers.risk_incidents import DAY, really_happened
from layers.spots import outlines

#: Days that are forecast, windows that are tried, windows that a forecast is learnt on.
DAYS, WINDOWS, LEARNING = 14, 8, 4
#: Too few incidents to learn from or to judge by; too short a past.
FEWEST, SHORTEST = 200, DAYS * (WINDOWS + LEARNING + 4)
#: Older than this the forecast is made again.
FRESH = timedelta(hours=20)
#: Metres around an incident that belong to the ground of the forecast.
_AROUND = 300.0
#: Squares of a few metres more for every doubling of the ground, so that their number stays bounded.
_SIZES, _MOST_SQUARES = (100.0, 150.0, 250.0, 500.0, 1000.0), 40_000
_KEPT = (OURS, TUNED, LAST, COUNTS, RANDOM)


def latest() -> Forecast | None:
    return Forecast.objects.order_by("-made_at").first()


def is_due() -> bool:
    """Whether there is none of today."""
    last = latest()
    return last is None or timezone.now() - last.made_at > FRESH


def make_forecast() -> Forecast | None:
    """Try the forecast on the past, make it for the next days, keep both; None where there is too little to learn."""
    prepared = _case(incidents_now())
    if prepared is None:
        return None
    case, plane = prepared
    found = tried(case, _KEPT)
    now = float(case.starts[-1] + case.days)
    next_days = forecast(case.ground, now, case.days, case.learning)
    usual = np.mean([len(case.ground.past.within(start, start + case.days)) for start in case.starts])
    kept = Forecast.objects.create(
        made_at=timezone.now(),
        days=DAYS,
        windows=len(case.starts),
        incidents=len(case.ground.past.at),
        tried={name: _caught(windows) for name, windows in found.items()},
        expected=_by_place(case.ground.lattice, next_days.share * usual, plane),
    )
    Forecast.objects.exclude(pk=kept.pk).delete()
    return kept


def _caught(windows: list) -> dict[str, float]:
    """Mean share of the incidents caught, by percent of the area."""
    return {f"{100 * area:.0f}": round(float(np.nanmean([one[area].hit_rate for one in windows])), 4) for area in AREAS}


def _case(copy: Copy) -> tuple[Case, int] | None:
    """All incidents as points of a plane in metres, the last windows held out; and the CRS of that plane."""
    east, north, at = _points(copy)
    end = int(timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
    past = at < end
    if past.sum() < FEWEST or end - at[past].min() < SHORTEST * DAY:
        return None
    drawn = np.column_stack([east, north])[past] / PER_METRE
    degrees = crs.move(drawn, crs.DRAW, crs.STORE)
    plane = crs.metric(*np.median(degrees, axis=0))
    xy = crs.move(degrees, crs.STORE, plane)
    whole = np.ceil((end - at[past].min()) / DAY)
    days = whole - (end - at[past]) / DAY
    starts = whole - DAYS * np.arange(WINDOWS, 0, -1.0)
    lattice = _lattice(xy[days < starts[0]])
    return Case("here", Field(lattice, Past.of(lattice, xy, days), kernels()), starts, float(DAYS), LEARNING), plane


def _points(copy: Copy) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    staying = ~np.isin(copy.base.ids, copy.gone.ids)
    parts = [copy.base.taken(staying & really_happened(copy.base)), copy.fresh.taken(really_happened(copy.fresh))]
    return tuple(np.concatenate([getattr(part, name) for part in parts]) for name in ("east", "north", "at"))


def _lattice(xy: np.ndarray) -> Lattice:
    """Squares over the ground round the earlier incidents, as small as their number allows."""
    places = np.unique(np.round(xy / 100) * 100, axis=0)
    around = shapely.union_all(shapely.buffer(shapely.points(places), _AROUND, quad_segs=2))
    size = next((size for size in _SIZES if around.area / size**2 <= _MOST_SQUARES), _SIZES[-1])
    return Lattice.over(around, size=size, parts=4)


def _by_place(lattice: Lattice, expected: np.ndarray, plane: int) -> dict[str, float]:
    """Expected incidents by the finest places: those of a square are shared by the ground of it that lies in each."""
    here = Ground(ground())
    places = here.layers[here.finest_layer]
    points, weights = _fine(lattice, expected)
    at = _place_of(places, points, plane)
    inside = at >= 0
    sums = np.bincount(at[inside], weights=weights[inside], minlength=len(places))
    return {code: round(float(number), 3) for code, number in zip(places.codes.tolist(), sums, strict=True)}


def _fine(lattice: Lattice, expected: np.ndarray, parts: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """parts² points in each square, with their part of what it holds."""
    steps = (np.arange(parts) + 0.5) / parts - 0.5
    shifts = np.array([(x, y) for x in steps for y in steps]) * lattice.size
    points = (lattice.centres()[:, None, :] + shifts).reshape(-1, 2)
    return points, np.repeat(expected / parts**2, parts**2)


def _place_of(places: Places, points: np.ndarray, plane: int) -> np.ndarray:
    """The place each point of the plane lies in, −1 for none."""
    drawn = shapely.points(crs.move(points, plane, crs.DRAW))
    of, place = shapely.STRtree(outlines(places)).query(drawn, predicate="intersects")
    at = np.full(len(points), -1)
    first, where = np.unique(of, return_index=True)
    at[first] = place[where]
    return at
