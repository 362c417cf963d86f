"""Coordinate systems: the only file that names one.

Stored in EPSG:4326, measured in the local 3° Gauss–Krüger zone, drawn in EPSG:3857. Callers say metres.
Chinese web maps and phones often hand out GCJ-02 or BD-09; both are shifted back before anything is stored,
because read as GPS they are some 500 m and 1,300 m off in Beijing.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import CRS, Transformer

STORE = 4326
DRAW = 3857
#: Half the width of the drawing CRS's square, and the radius of its sphere, metres of that CRS.
DRAW_HALF = 20037508.342789244
DRAW_RADIUS = 6378137.0
#: Coordinate names a file may claim besides what PROJ knows.
SHIFTED = ("gcj02", "bd09")


@dataclass(frozen=True)
class Served:
    """A CRS in which other systems ask and are answered, by the name OGC gives it.

    `flips`: its own order of axes is north before east, which is how its coordinates travel. `digits` behind the point
    tell a centimetre apart, or better.
    """

    uri: str
    srid: int
    flips: bool
    digits: int

    @property
    def in_degrees(self) -> bool:
        return CRS.from_epsg(self.srid).is_geographic


def _served(srid: int, digits: int) -> Served:
    flips = CRS.from_epsg(srid).axis_info[0].direction == "north"
    return Served(f"http://www.opengis.net/def/crs/EPSG/0/{srid}", srid, flips, digits)


#: Longitude before latitude, as GeoJSON has it: meant wherever nothing else is said.
CRS84 = Served("http://www.opengis.net/def/crs/OGC/1.3/CRS84", STORE, False, 7)
SERVED = {one.uri: one for one in (CRS84, _served(STORE, 7), _served(4490, 7), _served(DRAW, 3), _served(4548, 3))}

_EARTH_A = 6378245.0  # semi-major axis of the Krasovsky 1940 ellipsoid, which GCJ-02 is built on
_EARTH_EE = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0


def metric(longitude: float, latitude: float = 0.0) -> int:
    """EPSG number of the plane CRS in metres for a place given in degrees.

    In China (73.5–136.5° E) the CGCS2000 3° Gauss–Krüger zone without prefix, `4534 + round((lon − 75) / 3)`;
    elsewhere the WGS 84 UTM zone.
    """
    if 73.5 <= longitude < 136.5 and 0 <= latitude < 60:
        return 4534 + round((longitude - 75) / 3)
    zone = int((longitude + 180) // 6) % 60 + 1
    return (32700 if latitude < 0 else 32600) + zone


@lru_cache(maxsize=64)
def _between(source: str, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def move(xy: np.ndarray, source: int | str, target: int) -> np.ndarray:
    """Coordinates `xy` (n × 2, x before y) from one CRS into another."""
    if str(source).lower() in SHIFTED:
        xy, source = unshift(xy, str(source).lower()), STORE
    if str(source) == str(target):
        return np.asarray(xy, dtype=float)
    name = source if isinstance(source, str) else f"EPSG:{source}"
    return np.column_stack(_between(name, target).transform(xy[:, 0], xy[:, 1]))


def unshift(xy: np.ndarray, system: str) -> np.ndarray:
    """Degrees in `gcj02` or `bd09` (n × 2) as degrees in EPSG:4326, to better than a centimetre."""
    if system == "bd09":
        xy = _bd09_to_gcj02(xy)
    return _gcj02_to_store(xy)


def shift(xy: np.ndarray, system: str) -> np.ndarray:
    """Degrees in EPSG:4326 (n × 2) as degrees in `gcj02` or `bd09`, for handing over to a map app."""
    gcj = _store_to_gcj02(np.asarray(xy, dtype=float))
    return _gcj02_to_bd09(gcj) if system == "bd09" else gcj


def in_gcj02_area(xy: np.ndarray) -> np.ndarray:
    """Mask of the positions where the shift applies: the rectangle around mainland China."""
    x, y = xy[:, 0], xy[:, 1]
    return (x > 72.004) & (x < 137.8347) & (y > 0.8293) & (y < 55.8271)


def _store_to_gcj02(xy: np.ndarray) -> np.ndarray:
    """The published approximation of GCJ-02: two trigonometric series in x − 105 and y − 35."""
    x, y = xy[:, 0] - 105.0, xy[:, 1] - 35.0
    latitude = np.radians(xy[:, 1])
    curve = 1 - _EARTH_EE * np.sin(latitude) ** 2
    north = np.degrees(_series_north(x, y) / (_EARTH_A * (1 - _EARTH_EE) / curve**1.5))
    east = np.degrees(_series_east(x, y) / (_EARTH_A / np.sqrt(curve) * np.cos(latitude)))
    return xy + np.column_stack([east, north]) * in_gcj02_area(xy)[:, None]


def _waves(value: np.ndarray, *terms: tuple[float, float]) -> np.ndarray:
    return sum(weight * np.sin(value * np.pi * turn) for weight, turn in terms) * 2.0 / 3.0


def _series_north(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    waves = _waves(x, (20.0, 6.0), (20.0, 2.0)) + _waves(y, (20.0, 1.0), (40.0, 1 / 3))
    return plane + waves + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))


def _series_east(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    waves = _waves(x, (20.0, 6.0), (20.0, 2.0), (20.0, 1.0), (40.0, 1 / 3))
    return plane + waves + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))


def _gcj02_to_store(xy: np.ndarray) -> np.ndarray:
    """The inverse by fixed-point iteration: the shift changes so slowly that five rounds are far below 1 mm."""
    xy = np.asarray(xy, dtype=float)
    guess = xy.copy()
    for _ in range(5):
        guess = guess + xy - _store_to_gcj02(guess)
    return guess


def _bd09_to_gcj02(xy: np.ndarray) -> np.ndarray:
    x, y = xy[:, 0] - 0.0065, xy[:, 1] - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD_TURN)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _gcj02_to_bd09(xy: np.ndarray) -> np.ndarray:
    x, y = xy[:, 0], xy[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])
