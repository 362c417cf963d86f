"""The tables of the evaluation: every indicator of an area, and one of them by place or department."""

import numpy as np
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from layers.evaluation import Part, Row, by_department, by_place, table_of
from web.lists.drawn import outlines_of
from web.lists.listing import NUMBER, WHOLE, Asked, Column, Listing
from web.pages.evaluated import Evaluated

_FIELDS = ("area", "department", "by", "show", "days", "first", "last")


class Indicators(Listing):
    code, name = "indicators", _("评价指标")
    fields, needs = _FIELDS, ("incident.read",)
    columns = (
        Column("name", _("指标"), lambda row, known: str(row.indicator.name), width=24),
        Column("percent", _("比率（%）"), lambda row, known: _rounded(row.rate.percent), NUMBER, 10),
        Column("above", _("分子"), lambda row, known: row.rate.on_time, WHOLE, 10),
        Column("below", _("分母"), lambda row, known: row.rate.judged, WHOLE, 10),
        Column("before", _("前一时段（%）"), lambda row, known: _rounded(row.before.percent), NUMBER, 14),
        Column("definition", _("定义"), lambda row, known: str(row.indicator.definition), width=60),
    )

    def find(self, asked: Asked) -> list[Row]:
        return table_of(Evaluated(asked).question)


class IndicatorParts(Listing):
    """One indicator by place, with the places' outlines, or by department."""

    code, name = "indicator_parts", _("评价指标比较")
    fields, needs = _FIELDS, ("incident.read",)
    shape = "Polygon"
    columns = (
        Column("name", _("辖区或部门"), lambda part, known: _called(part, known), width=24),
        Column("code", _("代码"), lambda part, known: part.key if known.by == "area" else "", width=18),
        Column("indicator", _("指标"), lambda part, known: str(known.indicator.name), width=20),
        Column("percent", _("比率（%）"), lambda part, known: _rounded(part.rate.percent), NUMBER, 10),
        Column("above", _("分子"), lambda part, known: part.rate.on_time, WHOLE, 10),
        Column("below", _("分母"), lambda part, known: part.rate.judged, WHOLE, 10),
        Column("low", _("置信下限（%）"), lambda part, known: _end(part, 0), NUMBER, 14),
        Column("high", _("置信上限（%）"), lambda part, known: _end(part, 1), NUMBER, 14),
    )

    def find(self, asked: Asked) -> list[Part]:
        told = Evaluated(asked)
        return (by_department if told.by == "department" else by_place)(told.question, told.indicator)

    def known(self, rows: list[Part], asked: Asked) -> Evaluated:
        return Evaluated(asked)

    def shapes(self, rows: list[Part]) -> np.ndarray:
        """Of areas alone: the name of a department's part is the department."""
        return outlines_of([one.key if isinstance(one.name, str) else "" for one in rows])


def _called(part: Part, told: Evaluated) -> str:
    if told.by == "area":
        return part.name or gettext("不在下级辖区内")
    if not part.name:
        return gettext("未派部门")
    english = (get_language() or "").startswith("en")
    return (english and part.name.name_en) or part.name.name


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 2)


def _end(part: Part, end: int) -> float | None:
    interval = part.rate.interval
    return None if interval is None else round(float(interval[end]), 2)


INDICATORS, INDICATOR_PARTS = Indicators(), IndicatorParts()
