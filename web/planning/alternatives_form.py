"""What is asked for on the page of automatic cells, read field by field."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.areas.plans.alternatives import Asked
from gis.areas.plans.wish import Wish
from gis.errors import Refused
from gis.planning.ground_of import LOADS
from gis.planning.plan import Plan
from gis.written import refuse
from web.pages.paging import read_number

_NAMES = {
    "households": gettext_lazy("家庭户"),
    "people": gettext_lazy("常住的人"),
    "dwellings": gettext_lazy("房屋（户室）"),
    "floating": gettext_lazy("流动人口"),
    "incidents": gettext_lazy("未办结事件"),
    "visits": gettext_lazy("到期走访"),
}
#: The most of one load's weight, and of the target.
MOST_WEIGHT, _MOST_TARGET = 10, 1_000_000


@dataclass
class Filled:
    """The fields as they stand in the form, and what they ask for where they can be read."""

    values: Any
    asked: Asked = field(default_factory=Asked)

    @property
    def chosen(self) -> list[str]:
        return self.values.getlist("cells") if hasattr(self.values, "getlist") else self.values.get("cells", [])

    def weights(self, refused: dict[str, str]) -> list[dict]:
        """The fields of the weights, with what is wrong with each."""
        keys = [(name, f"weight-{name}") for name in LOADS]
        return [
            {"name": name, "label": _NAMES[name], "value": self.values.get(key, "0"), "error": refused.get(key)}
            for name, key in keys
        ]


def first_filled(plan: Plan, cells: str) -> Filled:
    """The form as it opens: what the plan wants. `cells`: numbers with commas, chosen in the workspace."""
    weights = {f"weight-{name}": f"{plan.measure.get(name, 0):g}" for name in LOADS}
    values = {
        "target": f"{plan.target:g}",
        "tolerance": f"{plan.tolerance * 100:g}",
        "seed": "1",
        "compounds": "on",
        "cells": [one for one in cells.split(",") if one.isdigit()],
    }
    return Filled(values | weights)


def with_target(post):
    """The form with the target that a button of the advice names in place of the one that was typed."""
    if "take" not in post:
        return post
    taken = post.copy()
    taken["target"] = post["take"]
    return taken


def filled(post) -> Filled:
    """Raises Refused, with the field, for what cannot be read."""
    weights = {name: _number(post, f"weight-{name}", 0, MOST_WEIGHT) for name in LOADS}
    if not any(weights.values()):
        raise refuse("weights", _("没有选择计入工作量的内容。"), _("请至少给一项大于 0 的权重。"))
    wish = Wish(
        target=_number(post, "target", 1, _MOST_TARGET),
        tolerance=_number(post, "tolerance", 1, 50) / 100,
        seed=int(_number(post, "seed", 0, 999_999)),
        strict=bool(post.get("strict")),
    )
    cells = {-1 if (number := read_number(one)) is None else number for one in post.getlist("cells")}  # −1: no cell's
    asked = Asked(
        wish,
        {name: weight for name, weight in weights.items() if weight},
        tuple(sorted(cells)),
        post.get("community", "")[:12],
        bool(post.get("compounds")),
    )
    return Filled(post, asked)


def _number(post, name: str, least: float, most: float) -> float:
    text = post.get(name, "").strip() or ("0" if name.startswith("weight-") else "")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise _out_of(name, least, most)
    return value


def _out_of(name: str, least: float, most: float) -> Refused:
    labels = {"target": _("目标"), "tolerance": _("允许偏差"), "seed": _("随机种子")}
    label = labels.get(name) or str(_NAMES[name.removeprefix("weight-")])
    fix = _("请填写 %(least)s 到 %(most)s 之间的数。") % {"least": f"{least:.7g}", "most": f"{most:.7g}"}
    return refuse(name, _("“%(field)s”不对。") % {"field": label}, fix)
