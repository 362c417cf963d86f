"""One proposal for a plan: the order, how far it is, and what came out.

What came out is a change of the plan's drawing at the revision it was made of. It stays takeable while nothing that it
divided has changed since, whatever was done elsewhere in the plan.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.areas.plans.alternatives import Asked
from gis.areas.plans.wish import Wish
from gis.planning.plan import Plan
from gis.planning.work import AT_WORK, Work

__all__ = ["AT_WORK", "PlanProposal", "read", "written"]


class PlanProposal(Work):
    """`asked` is what it was wanted for. `card`, `now`, `points` and `sketch` tell of it, once it is done."""

    class Variant(models.TextChoices):
        BALANCED = "balanced", _("兼顾")
        EVEN = "even", _("更均衡")
        ROUND = "round", _("更规整")
        APART = "apart", _("小区可拆分")
        OTHER = "other", _("另一种子")

    class Stage(models.TextChoices):
        WAITING = "waiting", _("排队中")
        WORKING = "working", _("计算中")
        DONE = "done", _("已完成")
        TAKEN = "taken", _("已采用")
        FAILED = "failed", _("未完成")
        CANCELLED = "cancelled", _("已取消")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="proposals")
    order = models.UUIDField()  # one for all that were ordered together
    variant = models.CharField(max_length=10, choices=Variant.choices)
    asked = models.JSONField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    revision = models.PositiveIntegerField(default=0)  # of the plan it was made of
    seconds = models.FloatField(null=True)
    card = models.JSONField(null=True)  # scorecard of what was divided, after
    now = models.JSONField(null=True)  # and before; null where there were no cells
    points = models.JSONField(default=dict)
    sketch = models.JSONField(default=dict)
    change = models.BinaryField(default=b"")
    basis = models.BinaryField(default=b"")

    class Meta:
        ordering = ["-ordered_at", "pk"]
        indexes = [models.Index(fields=["plan", "-ordered_at"], name="proposal_by_plan")]  # the page

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def is_done(self) -> bool:
        return self.stage in (self.Stage.DONE, self.Stage.TAKEN)


def written(asked: Asked) -> dict:
    """What was asked for, as JSON."""
    wish = asked.wish
    return {
        "target": wish.target,
        "tolerance": wish.tolerance,
        "seed": wish.seed,
        "strict": wish.strict,
        "roundness": wish.roundness,
        "weights": asked.weights,
        "cells": list(asked.cells),
        "community": asked.community,
        "compounds": asked.compounds,
    }


def read(data: dict) -> Asked:
    wish = Wish(**{name: data[name] for name in ("target", "tolerance", "seed", "strict", "roundness")})
    return Asked(wish, data["weights"], tuple(data["cells"]), data["community"], data["compounds"])
