"""Where points stand: today's cell, else the community."""

import numpy as np
from django.utils import timezone

from gis.exchange.options import Options
from gis.exchange.places import refuse_outside
from gis.exchange.placing import NOWHERE, cells_within, communities_within, nearest, place_points
from gis.exchange.refusals import Report


def areas_of_points(xy: np.ndarray, options: Options, report: Report) -> np.ndarray:
    """The code of today's cell each point stands in, else of its community (object array)."""
    area = np.full(len(xy), "", dtype=object)
    if not report.good.any():
        return area
    here = np.where(report.good[:, None], xy, np.nan)
    degrees = max(options.margin, 10) / 60_000
    bounds = np.concatenate([np.nanmin(here, axis=0) - degrees, np.nanmax(here, axis=0) + degrees])
    communities = communities_within(bounds)
    found = place_points(here, communities.shapes)
    area[found != NOWHERE] = communities.codes[found[found != NOWHERE]]
    outside = report.good & (found == NOWHERE)
    closest, metres = nearest(np.where(outside[:, None], here, np.nan), communities.shapes)
    near = outside & (metres <= options.margin) & (options.margin > 0)
    area[near] = communities.codes[closest[near]]
    refuse_outside(outside & ~near, metres, len(communities) > 0, report, "longitude")
    cells = cells_within(bounds).on(timezone.localdate())
    inside = place_points(here, cells.shapes) if len(cells) else found
    held = (inside != NOWHERE) & (found != NOWHERE) if len(cells) else np.zeros(len(xy), dtype=bool)
    area[held] = cells.codes[inside[held]]
    return area
