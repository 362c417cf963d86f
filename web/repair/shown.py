"""How faults, proposals and their outcome are shown."""

from collections.abc import Mapping

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.areas.repairing.applying import apply
from gis.areas.repairing.fault import Kind, Limits
from gis.areas.repairing.finding import faults
from gis.areas.repairing.proposing import Act, Proposal
from layers.fault_sheet import draw_faults
from web.repair.case import Case
from web.repair.choosing import LISTED, chosen_of, wish_of

_KINDS = {
    Kind.RING: gettext_lazy("边界自相交"),
    Kind.DUPLICATE: gettext_lazy("重复的面"),
    Kind.OVERLAP: gettext_lazy("重叠"),
    Kind.OUTSIDE: gettext_lazy("超出外边界"),
    Kind.GAP: gettext_lazy("缝隙"),
    Kind.HOLE: gettext_lazy("空洞"),
    Kind.SLIVER: gettext_lazy("碎片"),
    Kind.EDGE: gettext_lazy("顶点不一致"),
}
_ACTS = {
    Act.LEAVE: gettext_lazy("不动"),
    Act.MEND: gettext_lazy("理顺边界"),
    Act.DROP: gettext_lazy("删去后一个"),
    Act.CLIP: gettext_lazy("裁掉"),
    Act.MATCH: gettext_lazy("对齐顶点"),
}


def context_of(case: Case, wishes: Mapping[str, str], look: int | None) -> dict:
    """`wishes`: what is accepted. `look`: the fault to be seen up close."""
    found, ground = case.proposals, case.ground
    listed = found[:LISTED]
    look = look if look is not None and look < len(listed) else None
    regions, labels = [one.fault.region for one in listed], [str(number + 1) for number in range(len(listed))]
    chosen = chosen_of(found, wishes)
    context = {
        "shapes": len(ground.metres),
        "left": ground.outlines.left,
        "kinds": [_kind(wishes, kind, found) for kind in Kind if any(one.fault.kind == kind for one in found)],
        "faults": [_row(wishes, ground.names, number, one) for number, one in enumerate(listed)],
        "more": len(found) - len(listed),
        "accepted": len(chosen),
        "wide": sum(one.act == Act.LEAVE and one.fault.kind in (Kind.GAP, Kind.HOLE) for one in found),
        "wide_metres": Limits().wide,
        "open": sum(one.act != Act.LEAVE for one in found) > len(chosen),
        "before": mark_safe(draw_faults(ground.metres, regions, labels, _("修复前"), look)),  # noqa: S308 - our own SVG
        "look": None if look is None else look + 1,
    }
    return context | (_outcome(case, chosen, regions, look) if chosen else {})


def _outcome(case: Case, chosen: list[Proposal], regions: list, look: int | None) -> dict:
    """What the accepted would do: the map after it, as close as the one before."""
    ground = case.ground
    done = apply(ground.metres, chosen, ground.outline)
    still = [fault.region for fault in faults(done.shapes, ground.outline)]
    now, marks = ([regions[look]], [""]) if look is not None else (still[:LISTED], ["!"] * min(len(still), LISTED))
    drawn = draw_faults(done.shapes, now, marks, _("修复后"), None if look is None else 0)
    return {
        "done": len(chosen) - len(done.undone),
        "undone": len(done.undone),
        "changed": sum(new is not old for new, old in zip(done.shapes, ground.metres, strict=True)),
        "still": len(still),
        "after": mark_safe(drawn),  # noqa: S308 - our own SVG
    }


def _kind(wishes: Mapping[str, str], kind: Kind, found: list[Proposal]) -> dict:
    numbers = [number for number, one in enumerate(found) if one.fault.kind == kind]
    of_kind = [found[number] for number in numbers]
    accepted = [wish_of(number, found[number], wishes) != "no" for number in numbers]
    return {
        "code": kind.value,
        "said": _KINDS[kind],
        "count": len(of_kind),
        "proposed": sum(one.act != Act.LEAVE for one in of_kind),
        "area": sum(one.fault.area for one in of_kind),
        "accepted": sum(accepted),
        "open": sum(one.act == Act.LEAVE for one in of_kind),
        "done": all(yes or one.act == Act.LEAVE for yes, one in zip(accepted, of_kind, strict=True)),
    }


def _row(wishes: Mapping[str, str], names: list[str], number: int, one: Proposal) -> dict:
    wish = wish_of(number, one, wishes)
    choices = [("no", _ACTS[Act.LEAVE])]
    if one.act in _ACTS and one.act != Act.LEAVE:
        choices.append(("yes", _ACTS[one.act]))
    choices += [(f"to-{taker.row}", _("归 %(name)s") % {"name": names[taker.row]}) for taker in one.takers[:6]]
    proposed = _("归 %(name)s") % {"name": names[one.to]} if one.to is not None else _ACTS[one.act]
    wide = one.act == Act.LEAVE and one.fault.kind in (Kind.GAP, Kind.HOLE)
    return {
        "number": number,
        "label": number + 1,
        "kind": _KINDS[one.fault.kind],
        "area": one.fault.area,
        "width": one.fault.width,
        "names": "、".join(names[row] for row in one.fault.shapes[:4]) + ("…" if len(one.fault.shapes) > 4 else ""),
        "proposed": proposed,
        "why": _("较宽，可能本来就不归任何面") if wide else "",
        "choices": [(value, said, value == wish) for value, said in choices],
    }
