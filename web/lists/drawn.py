"""The shapes of rows, in degrees (EPSG:4326)."""

from collections.abc import Sequence

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import Model
from django.utils import timezone

from gis.models import Area, CellVersion


def shapes_by_key(model: type[Model], keys: Sequence[int], column: str) -> np.ndarray:
    """Of each row, by its primary key, the shape that a column holds; None where there is none."""
    rows = model.objects.order_by().filter(pk__in=keys).annotate(wkb=AsWKB(column)).values_list("pk", "wkb")
    found = {pk: bytes(shape) for pk, shape in rows if shape}
    return _shapes([found.get(pk) for pk in keys])


def outlines_of(codes: Sequence[str]) -> np.ndarray:
    """Of each code the outline of the area or of the cell in force, None where it names none."""
    areas = Area.objects.order_by().filter(code__in=codes)
    cells = CellVersion.objects.on(timezone.localdate()).order_by().filter(code__in=codes)
    rows = [row for some in (areas, cells) for row in some.annotate(wkb=AsWKB("geometry")).values_list("code", "wkb")]
    found = {code: bytes(shape) for code, shape in rows if shape}
    return _shapes([found.get(code) for code in codes])


def _shapes(found: list[bytes | None]) -> np.ndarray:
    return shapely.from_wkb(np.array(found, dtype=object)) if found else np.array([], dtype=object)
