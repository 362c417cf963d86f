"""The places of a layer, kept in memory while their outlines stay the same: who they are, apart from any figure.

The list travels once and is kept by the browser; every answer with figures is an array in its order.
"""

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import date
from threading import Lock

import numpy as np
from django.contrib.gis.db.models.functions import Envelope
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.areas.area import LEVELS
from gis.areas.outline import AREAS_ON
from gis.changes import versions
from gis.errors import WanggeError
from gis.models import Area, CellVersion
from gis.snapshots import this_moment
from layers.incident_columns import numbers_of, range_of
from layers.packing import packed

#: From the finest to the coarsest.
LAYERS = ("cells", "community", "street", "district")
#: Digits of the codes of a layer's places.
DIGITS = {"cells": 15} | {level: digits for digits, level in LEVELS.items()}
_LONGEST = 15


@dataclass(frozen=True)
class Places:
    """n places of one layer in code order.

    `ids` are those of the tiles (int64), `codes` and `names` n texts, `numbers` the codes as `numbers_of` of
    `layers.incident_columns` writes them, `km2` the ground, `boxes` n × 4 degrees: west, south, east, north. `mark`
    changes whenever anything of the list does.
    """

    layer: str
    ids: np.ndarray
    codes: np.ndarray
    names: np.ndarray
    numbers: np.ndarray
    km2: np.ndarray
    boxes: np.ndarray
    mark: str = ""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def span(self) -> int:
        """Codes inside a place of this layer are numbers from its own to one less than its own + this."""
        return 11 ** (_LONGEST - DIGITS[self.layer])

    def inside(self, scope: Scope) -> "Places":
        """Those that lie in the scope."""
        return self.taken(self.rows_in(scope), f"{self.mark} {scope.setting}")

    def rows_in(self, scope: Scope) -> np.ndarray | slice:
        """Where those lie that are in the scope: a slice, which copies nothing, where the scope is one area."""
        ends = [np.searchsorted(self.numbers, range_of(code)).tolist() for code in scope.areas]
        if len(ends) == 1:
            return slice(*ends[0])
        return np.concatenate([np.arange(0), *(np.arange(*between) for between in ends)]).astype(np.intp)

    def taken(self, rows: np.ndarray | slice, of: str) -> "Places":
        columns = (getattr(self, each.name)[rows] for each in fields(self) if each.name not in ("layer", "mark"))
        return Places(self.layer, *columns, mark=hashlib.blake2b(of.encode(), digest_size=9).hexdigest())

    def rolled(self, areas: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Counts of areas summed up to these places: n int64. `areas`: ascending numbers of codes, `counts` beside."""
        sums = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        low, high = (np.searchsorted(areas, self.numbers + shift) for shift in (0, self.span))
        return sums[high] - sums[low]


def numbers_of_codes(codes: np.ndarray) -> np.ndarray:
    """Area codes of 2–15 digits as int64 that sort as the texts do."""
    wide = np.char.ljust(codes.astype(f"S{_LONGEST}"), _LONGEST) if len(codes) else codes
    return numbers_of(np.frombuffer(wide.tobytes(), dtype=np.uint8).reshape(-1, _LONGEST))


_kept: dict[str, tuple[tuple, Places]] = {}
_lock = Lock()


def places_of(layer: str, scope: Scope) -> Places:
    """The places of a layer inside the scope at this moment. Raises WanggeError for an unknown layer."""
    if layer not in LAYERS:
        raise WanggeError("There is no such layer.", fix=f"Choose one of {', '.join(LAYERS)}.")
    return ground()[layer].inside(scope)


def ground() -> dict[str, Places]:
    """All places of every layer at this moment, from the finest to the coarsest."""
    here, today, changes = this_moment(), timezone.localdate(), versions()
    editions = {layer: (here.database, changes.get(_outlines(layer), 0), today) for layer in LAYERS}
    if here.is_writing:
        return {layer: _told_apart(_read(layer, edition)) for layer, edition in editions.items()}
    with _lock:
        for layer, edition in editions.items():
            if _kept.get(layer, (None,))[0] != edition:
                _kept[layer] = edition, _read(layer, edition)
        return {layer: _kept[layer][1] for layer in LAYERS}


def places_on(layer: str, day: date) -> Places:
    """The places of a layer as they were drawn on a day; read anew each time, as few ask."""
    edition = (this_moment().database, versions().get(_outlines(layer), 0), day)
    return _told_apart(_read(layer, edition) if layer == "cells" else _areas_on(layer, edition))


_AREAS_ON = f"""
SELECT id, code, name, area_m2, ST_XMin(geometry), ST_YMin(geometry), ST_XMax(geometry), ST_YMax(geometry)
FROM {AREAS_ON} WHERE level = %s ORDER BY code COLLATE "C"
"""


def _areas_on(layer: str, edition: tuple) -> Places:
    with connection.cursor() as cursor:
        cursor.execute(_AREAS_ON, [edition[-1]] * 3 + [layer])
        return _places(layer, edition, cursor.fetchall())


def _outlines(layer: str) -> str:
    return "cells" if layer == "cells" else "areas"


def _read(layer: str, edition: tuple) -> Places:
    day = edition[-1]
    rows = CellVersion.objects.on(day) if layer == "cells" else Area.objects.standing(day).filter(level=layer)
    corners = [_Corner(Envelope("geometry"), function=f"ST_{name}") for name in ("XMin", "YMin", "XMax", "YMax")]
    called = F("name") if layer == "cells" else Coalesce(NullIf("short_name", Value("")), "name")
    return _places(layer, edition, list(rows.order_by("code").values_list("id", "code", called, "area_m2", *corners)))


def _places(layer: str, edition: tuple, found: list[tuple]) -> Places:
    """`found`: id, code, name, m² and the four sides of each."""
    ids, codes, names, m2, *sides = list(zip(*found, strict=True)) or [()] * 8
    coded = np.array(codes, dtype=f"U{_LONGEST}")
    return Places(
        layer, np.array(ids, dtype=np.int64), coded, np.array(names, dtype=object), numbers_of_codes(coded),
        np.array([ground or 0 for ground in m2], dtype=float) / 1e6, np.array(sides, dtype=np.float32).T.reshape(-1, 4),
        mark=".".join(map(str, edition)),
    )  # fmt: skip


def _told_apart(places: Places) -> Places:
    """Marked by what the list holds: numbers of changes come again after a transaction that wrote is rolled back."""
    held = hashlib.blake2b("\0".join(places.names.tolist()).encode(), digest_size=9)
    for column in (places.ids, places.numbers, places.km2, places.boxes):
        held.update(column.tobytes())
    return replace(places, mark=held.hexdigest())


class _Corner(models.Func):
    output_field = models.FloatField()


def listing(places: Places) -> bytes:
    """The list as it travels: see `layers.packing`. The head holds layer, mark, codes and names."""
    head = {"layer": places.layer, "mark": places.mark, "codes": places.codes.tolist(), "names": places.names.tolist()}
    sides = dict(zip(("west", "south", "east", "north"), places.boxes.T, strict=True))
    return packed(head, {"ids": places.ids.astype(np.uint32), "km2": places.km2.astype(np.float32), **sides})


def forget() -> None:
    """Drop every kept list: to measure from cold."""
    with _lock:
        _kept.clear()
