"""Proposals in words and figures: a card each, and one table of them all beside the cells of today."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis.models import PlanProposal
from gis.planning.proposals.plan_proposal import read

#: Names of cells said in one sentence.
_MOST_NAMED = 6


def shown(proposal: PlanProposal) -> dict:
    """What a card says."""
    if not proposal.is_done:
        return {"proposal": proposal}
    card = {name: _said(proposal.card[name], "share") for name in ("within", "worst")}
    return {"proposal": proposal, "points": _points(proposal), **card}


def comparison(done: list[PlanProposal]) -> list[dict]:
    """A row a figure: its name, today's value, and each proposal's with whether it is the best of them."""
    if not done:
        return []
    today = done[0].now
    return [_row(name, key, kind, today, done) for name, key, kind in _figures()]


def _figures() -> list[tuple[str, str, str]]:
    """Name, key in the scorecard, and kind: share or index where more is better, else less is; plain has no best."""
    return [
        (_("网格数"), "cells", "plain"),
        (_("最大偏差"), "worst", "percent"),
        (_("平均偏差"), "mean", "percent"),
        (_("在允许偏差内"), "within", "share"),
        (_("分成几块的网格部分"), "stray", "count"),
        (_("跨越道路河流的网格"), "crossing", "count"),
        (_("紧凑度（平均）"), "compact_mean", "index"),
        (_("紧凑度（最差）"), "compact_least", "index"),
        (_("到网格中心的平均距离（米）"), "walk", "metres"),
        (_("换网格的工作量"), "moved", "count"),
    ]


def _row(name: str, key: str, kind: str, today: dict | None, done: list[PlanProposal]) -> dict:
    values = [one.card.get(key) for one in done]
    best = _best([_said(value, kind) for value in values], values, kind)
    return {
        "name": name,
        "today": _said((today or {}).get(key), kind),
        "values": [{"text": _said(value, kind), "best": mark} for value, mark in zip(values, best, strict=True)],
    }


def _best(said: list[str], values: list, kind: str) -> list[bool]:
    """None is the best where all say the same."""
    known = [value for value in values if value is not None]
    if kind == "plain" or len(set(said)) < 2 or not known:
        return [False] * len(values)
    top = _said(max(known) if kind in ("share", "index") else min(known), kind)
    return [text == top for text in said]


def _said(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    if kind in ("percent", "share"):
        return f"{value * 100:.1f}%"
    return f"{value:.2f}" if kind == "index" else f"{value:.0f}"


def _points(proposal: PlanProposal) -> list[str]:
    """Weak points in sentences."""
    points, names = proposal.points, proposal.points["names"]
    pockets, bent = points["pockets"], _only(points["crossings"], points["pockets"])
    lines = [
        (pockets, _("跨在道路或河流两侧，另一侧的工作量（自成一格太小）：%(list)s"), "%(name)s %(value).0f"),
        (bent, _("绕过道路或河流的端头（米）：%(list)s"), "%(name)s %(value).0f"),
        (points["towers"], _("有单栋楼就超过一格的上限：%(list)s"), "%(name)s %(value).0f"),
        (points["off"], _("超出允许偏差：%(list)s"), "%(name)s %(value)+.0f%%"),
    ]
    said = [text % {"list": _named(rows, names, form)} for rows, text, form in lines if rows]
    if points["awkward"]:
        text = _("社区总量分不出合适的整数个网格：%(list)s")
        said.append(text % {"list": _named(points["awkward"], points["places"], "%(name)s %(value).0f")})
    if torn := len(points["torn"]):
        parted = ngettext("%(n)d 个小区分在几个网格里。", "%(n)d 个小区分在几个网格里。", torn) % {"n": torn}
        said.append(parted)
    return said


def _only(rows: list, others: list) -> list:
    named = {number for number, _value in others}
    return [row for row in rows if row[0] not in named]


def _named(rows: list, names: dict[str, str], form: str) -> str:
    times = 100 if "%%" in form else 1
    said = [form % {"name": names.get(str(n), str(n)), "value": value * times} for n, value in rows[:_MOST_NAMED]]
    more = len(rows) - _MOST_NAMED
    if more > 0:
        said.append(ngettext("另有 %(n)d 个", "另有 %(n)d 个", more) % {"n": more})
    return _("、").join(said)


def wish_of(proposal: PlanProposal) -> str:
    """What it was wanted for, in one line."""
    asked = read(proposal.asked)
    facts = {"target": asked.wish.target, "tolerance": asked.wish.tolerance * 100, "seed": asked.wish.seed}
    return _("目标 %(target).0f，允许偏差 %(tolerance).0f%%，种子 %(seed)d") % facts
