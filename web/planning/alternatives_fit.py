"""How a target fits, in words and as a drawing: for the form of automatic cells."""

from django.utils.translation import gettext as _

from gis.areas.plans.alternatives import Asked
from gis.areas.plans.drawing import Drawing
from gis.areas.plans.targets import Reach, advice
from gis.planning.proposals.ordering import require_divisible


def advised(drawing: Drawing, asked: Asked) -> dict:
    """What the page says of the target asked for. Raises Refused where nothing can be divided."""
    require_divisible(drawing, asked)
    found = advice(drawing, asked)
    unit = _("户") if asked.weights == {"households": 1} else ""
    low, high = found.all[0].target, found.all[-1].target

    def said(one: Reach | None) -> dict | None:
        if one is None:
            return None
        place = {"x": 100 * (one.target - low) / max(high - low, 1e-9), "y": 100 * (1 - one.share)}
        facts = {"cells": one.cells, "within": one.within, "percent": f"{one.share:.0%}"}
        target = f"{one.target:g}"
        return {"target": target, "load": f"{target} {unit}".strip(), **facts, **place}

    return {
        "asked": said(found.asked),
        "better": [said(one) for one in (found.best, found.near) if one],
        "all": [said(one) for one in found.all],
        "low": f"{low:g}",
        "high": f"{high:g}",
        "tolerance": f"{asked.wish.tolerance * 100:g}",
    }
