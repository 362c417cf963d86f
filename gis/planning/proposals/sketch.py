"""The small picture of a proposal: how each of its cells stands to the target."""

import numpy as np
import shapely

from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.sketching import sketch
from gis.areas.plans.wish import Wish

#: The longer side of the picture.
_SIDE = 480


def banded(drawing: Drawing, weights: dict[str, float], wish: Wish, among: np.ndarray) -> dict:
    """{"box": [width, height], "cells": [{number, path, band, x, y}]}; x, y a point inside.

    band: fit, over, under, rest (a cell that was not divided), none (ground of no cell).
    """
    drawn = sketch(drawing.shapes, drawing.cell, _SIDE)
    numbers, row = np.unique(drawing.cell, return_inverse=True)
    held = np.bincount(row, drawing.load(weights), len(numbers)) / wish.target - 1
    mine = np.bincount(row, among, len(numbers)) > 0
    west, south, east, north = shapely.total_bounds(drawing.shapes)
    scale = (_SIDE - 2) / max(east - west, north - south)
    # The largest tile of a cell is a good place for its mark.
    middle = drawing.ground.middle[np.lexsort([drawing.ground.area, row])[np.cumsum(np.bincount(row)) - 1]]
    marks = np.rint((middle - [west, north]) * [scale, -scale] + 1).astype(int).tolist()
    cells = [
        {"number": number, "path": path, "band": _band(number, off, chosen, wish), "x": x, "y": y}
        for number, path, off, chosen, (x, y) in zip(drawn.numbers, drawn.paths, held, mine, marks, strict=True)
    ]
    return {"box": [drawn.width, drawn.height], "cells": cells}


def _band(number: int, off: float, chosen: bool, wish: Wish) -> str:
    if number == NO_CELL or not chosen:
        return "none" if number == NO_CELL else "rest"
    return "fit" if abs(off) <= wish.tolerance + 1e-9 else "over" if off > 0 else "under"
