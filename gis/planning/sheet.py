"""What a list tells of a plan without reading its drawing: figures and a sketch, kept until the plan changes."""

import numpy as np
from django.db import models

from gis.areas.plans.drawing import NO_CELL, Drawing
from gis.areas.plans.measuring import Measures, measures
from gis.areas.plans.sketching import sketch
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan


class PlanSheet(models.Model):
    """The figures and the sketch of a plan, as of `of`: its last step and what it is measured by."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="sheet")
    of = models.CharField(max_length=200)
    figures = models.JSONField(default=dict)
    sketch = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"sheet {self.pk}"

    @property
    def is_fresh(self) -> bool:
        return self.of == _state(self.plan)


def fresh_sheet(plan: Plan) -> PlanSheet | None:
    """The sheet as it is kept, None where there is none or the plan has changed since."""
    kept = getattr(plan, "sheet", None)
    return kept if kept and kept.is_fresh else None


def sheet_of(plan: Plan) -> PlanSheet:
    """The sheet, made anew where the plan has changed: a tenth of a second for a community, a second for a street."""
    if kept := fresh_sheet(plan):
        return kept
    drawing = drawing_of(plan)
    found = measures(drawing, plan.measure, plan.target)
    values = {"of": _state(plan), "figures": figures(drawing, found, plan.tolerance)}
    values["sketch"] = _sketch(drawing, found, plan.tolerance)
    sheet, _new = PlanSheet.objects.update_or_create(plan=plan, defaults=values)
    return sheet


def figures(drawing: Drawing, found: Measures, tolerance: float) -> dict:
    """Cells, how many of them are within the tolerance, the worst deviation, and the ground that is nobody's."""
    off = np.abs(found.deviation[found.number != NO_CELL])
    return {
        "cells": len(off),
        "within": int((off <= tolerance + 1e-9).sum()),
        "worst": round(float(off.max()), 4) if len(off) else None,
        "unassigned": int(((drawing.cell == NO_CELL) & (drawing.community != "")).sum()),
        "households": int(drawing.load({"households": 1.0}).sum()),
        "buildings": int(found.buildings.sum()),
    }


def _sketch(drawing: Drawing, found: Measures, tolerance: float) -> dict:
    drawn = sketch(drawing.shapes, drawing.cell)
    how = {number: _how(number, off, tolerance) for number, off in zip(found.number, found.deviation, strict=True)}
    paths = [[how[number], path] for number, path in zip(drawn.numbers, drawn.paths, strict=True)]
    return {"width": drawn.width, "height": drawn.height, "paths": paths}


def _how(number: int, deviation: float, tolerance: float) -> str:
    """The class of a cell in a sketch."""
    if number == NO_CELL:
        return "none"
    if abs(deviation) <= tolerance + 1e-9:
        return "fits"
    return "large" if deviation > 0 else "small"


def _state(plan: Plan) -> str:
    weights = ",".join(f"{name}={weight:g}" for name, weight in sorted(plan.measure.items()))
    return f"{plan.last_step} {plan.target:g} {plan.tolerance:g} {weights}"[:200]
