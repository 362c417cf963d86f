"""What is not there, in a sentence that helps on."""

from django.utils.translation import gettext as _

from gis.places.finding import Missing


def words_for(missing: Missing) -> str:
    """没有 15 号;最近的是 14号楼 · 没有 9-101;这栋楼有 1、2、3 单元 · 3 单元有 101–603."""
    asked = {"place": missing.of, "asked": missing.asked}
    if missing.nearest:
        there = _("、").join(_own_number(building) for building in missing.nearest)
        return _("%(place)s没有 %(asked)s 号；最近的是 %(there)s。") % (asked | {"there": there})
    if any(missing.units):
        return _("%(place)s没有 %(asked)s；这栋楼有 %(there)s 单元。") % (
            asked | {"there": _("、").join(filter(None, missing.units))}
        )
    there = "–".join(dict.fromkeys(missing.rooms))
    if missing.unit:
        return _("%(place)s没有 %(asked)s；%(unit)s 单元有 %(there)s。") % (
            asked | {"unit": missing.unit, "there": there}
        )
    return _("%(place)s没有 %(asked)s；这栋楼有 %(there)s。") % (asked | {"there": there})


def _own_number(building) -> str:
    return (building.number if building.compound_id else "") or building.gate or building.label
