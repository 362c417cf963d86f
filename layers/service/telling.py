"""An answer as plain numbers and words for the page."""

import numpy as np
from django.utils.translation import gettext as _

from gis.codes.naming import names_in
from gis.places.service.kinds import AGE_BANDS
from gis.places.service.reach import DETOUR
from layers.service.beyond import Figure, who_is_beyond
from layers.service.loads import Load, loads_of
from layers.service.question import Known
from layers.service.sites import Best, Effect, Gain

#: Minutes are told in tenths; this is what a home has to which no way is known.
UNKNOWN = -1
_FARTHEST = 999.0


def tell(known: Known, shared: bool) -> dict:
    """Points with their loads, the minutes of every home, and who is beyond."""
    return {
        "kind": known.question.kind.code,
        "name": known.question.kind.name,
        "minutes": known.question.walk.minutes,
        "slow": known.question.slow,
        "roads": known.ground.knows_roads,
        "detour": DETOUR,
        "points": [_point(load, known) for load in loads_of(known, shared)],
        "homes": _homes(known),
        "beyond": _beyond(known),
        "source": known.question.kind.source,
    }


def _point(load: Load, known: Known) -> dict:
    point = load.point
    longitude, latitude = point.position.coords
    return {
        "id": point.pk,
        "name": point.name,
        "at": [longitude, latitude],
        "opening": point.opening,
        "capacity": point.capacity,
        "serves": load.capacity,
        "usual": load.usual,
        "people": load.people,
        "expected": None if load.expected is None else round(load.expected),
        "percent": load.percent,
        "perHundred": load.per_hundred,
        "mine": known.access.may("service.write", point.area),
        "inside": known.question.area.covers(point.area),
    }


def _homes(known: Known) -> dict:
    """Building ids, degrees × 10⁵, and tenths of minutes to the nearest point for those asked about."""
    metres = known.nearest.metres
    speed = known.question.walk.slow if known.question.slow else known.question.walk.speed
    minutes = np.minimum(metres / speed / 60, _FARTHEST)
    lost = np.isinf(metres) & (known.ground.homes.node < 0)
    tenths = np.where(lost, UNKNOWN, np.round(10 * minutes)).astype(int)
    return {
        "ids": known.ground.ids.tolist(),
        "at": np.round(known.ground.lonlat * 1e5).astype(int).ravel().tolist(),
        "tenths": tenths.tolist(),
        "estimated": int(known.nearest.estimated.sum()),
        "unknown": int(lost.sum()),
    }


def _beyond(known: Known) -> dict | None:
    found = who_is_beyond(known)
    if found is None:
        return None
    needs = names_in("service_need")
    served = set(known.question.kind.bands)
    return {
        "total": _figure(found.total, ""),
        "ages": [_figure(one, band_name(one.code)) | {"served": one.code in served} for one in found.ages],
        "needs": [_figure(one, needs.get(one.code, one.code)) for one in found.needs],
        "places": [_figure(one, found.names.get(one.code, one.code)) for one in found.places],
        "rounded": found.rounded,
    }


def band_name(code: str) -> str:
    if not code:
        return _("年龄不详")
    first = AGE_BANDS[code]
    if code.endswith("+"):
        return _("%(age)d 岁以上") % {"age": first}
    return _("%(band)s 岁") % {"band": code.replace("-", "–")}


def _figure(figure: Figure, name: str) -> dict:
    return {
        "code": figure.code,
        "name": name,
        "people": figure.people,
        "beyond": figure.beyond,
        "share": figure.share,
    }


def tell_effect(effect: Effect | None) -> dict | None:
    if effect is None:
        return None
    return {
        "each": [_gain(gain) for gain in effect.each],
        "together": _gain(effect.together),
        "people": effect.people,
        "beyond": effect.beyond,
        "rounded": effect.rounded,
    }


def _gain(gain: Gain) -> dict:
    ages = [{"name": band_name(band), "people": people} for band, people in gain.ages.items()]
    return {"people": gain.people, "ages": ages}


def tell_best(best: Best) -> dict:
    gap = best.choice.gap
    return {
        "sites": [{"at": at, "name": name} for at, name in zip(best.lonlat.tolist(), best.names, strict=True)],
        "how": best.choice.how,
        "gap": None if gap is None else round(100 * gap, 2),
        "candidates": best.candidates,
    }
