"""Roads and homes of an area as a network in memory, for as long as neither the base map nor a building changes."""

from dataclasses import dataclass
from threading import Lock

import numpy as np
import shapely
from cachetools import LRUCache
from django.db import connection
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Scope
from gis.changes import version
from gis.errors import WanggeError
from gis.places.service.network import Access, Homes, Network, build_network, come_onto, settle
from gis.snapshots import this_moment

#: Buildings of an area that is answered for while somebody waits. `manage.py bench service` says what more would cost.
MOST_HOMES = 100_000
#: Roads are taken from this far around the homes: the way to a point may lead outside.
AROUND = 1500.0
_kept: LRUCache = LRUCache(6)
_lock = Lock()


@dataclass(frozen=True)
class Ground:
    """Homes in the order of their ids (building ids, area codes, degrees), on a network in metres of `system`."""

    ids: np.ndarray
    areas: np.ndarray
    lonlat: np.ndarray
    system: int
    network: Network
    homes: Homes

    def __len__(self) -> int:
        return len(self.ids)

    def access(self, lonlat: np.ndarray) -> Access:
        """Where positions in degrees (n × 2) come onto the network."""
        xy = crs.move(np.asarray(lonlat, dtype=float).reshape(-1, 2), crs.STORE, self.system)
        return come_onto(self.network, shapely.points(xy))

    @property
    def knows_roads(self) -> bool:
        return len(self.network) > 0


def ground_of(scope: Scope, most: int = MOST_HOMES) -> Ground:
    """The ground of an area, kept from before or read now. Raises WanggeError where it is too large to wait for.

    Inside a transaction that has written it is read and not kept: what it sees may never come true.
    """
    here = this_moment()
    if here.is_writing:
        return read_ground(scope, most)
    key = (here.database, version("base"), version("buildings"), scope.setting)
    with _lock:
        if key not in _kept:
            _kept[key] = read_ground(scope, most)
        return _kept[key]


def forget() -> None:
    """Drop what is kept: after a test whose changes were taken back, or to measure from cold."""
    with _lock:
        _kept.clear()


def read_ground(scope: Scope, most: int = MOST_HOMES) -> Ground:
    """Roads and homes as they are now. Raises WanggeError for more than `most` buildings."""
    inside, params = scope.sql("area")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM grid_building WHERE {inside}", params)
        count = cursor.fetchone()[0]
        if count > most:
            raise WanggeError(
                _("这个范围有 %(count)d 栋楼，太大了，不能当场计算。") % {"count": count},
                fix=_("请选择一个街道或社区。"),
            )
        cursor.execute(f"SELECT id, area, ST_AsBinary(geometry) FROM grid_building WHERE {inside} ORDER BY id", params)
        ids, areas, outlines = zip(*cursor.fetchall(), strict=True) if count else ((), (), ())
    shapes = shapely.from_wkb([bytes(shape) for shape in outlines]) if count else np.empty(0, dtype=object)
    return _settled(np.array(ids, dtype=np.int64), np.array(areas, dtype=object), shapes)


def _settled(ids: np.ndarray, areas: np.ndarray, shapes: np.ndarray) -> Ground:
    lonlat = shapely.get_coordinates(shapely.centroid(shapes))
    system = crs.metric(*lonlat.mean(axis=0)) if len(ids) else crs.metric(116.65, 40.1)
    homes = _in_metres(shapes, system)
    roads, barriers = _ways(homes, system) if len(ids) else (np.empty(0, dtype=object),) * 2
    network = build_network(roads, barriers)
    network, settled = settle(network, come_onto(network, homes))
    return Ground(ids, areas, lonlat, system, network, settled)


def _in_metres(shapes: np.ndarray, system: int) -> np.ndarray:
    return shapely.transform(shapes, lambda xy: crs.move(xy, crs.STORE, system))


def _ways(homes: np.ndarray, system: int) -> tuple[np.ndarray, np.ndarray]:
    """Roads to walk on and lines that bar the way, in metres, around the homes."""
    west, south, east, north = shapely.total_bounds(homes) + np.array([-AROUND, -AROUND, AROUND, AROUND])
    corners = crs.move(np.array([(west, south), (west, north), (east, south), (east, north)]), system, crs.DRAW)
    box = [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist(), crs.DRAW]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind = 'road', ST_AsBinary(geometry) FROM grid_way"
            " WHERE drawing && ST_MakeEnvelope(%s, %s, %s, %s, %s) ORDER BY id", box,
        )  # fmt: skip
        rows = cursor.fetchall()
    shapes = _in_metres(shapely.from_wkb([bytes(shape) for _, shape in rows]), system)
    is_road = np.array([road for road, _ in rows], dtype=bool)
    return shapes[is_road], shapes[~is_road]
