"""The classes of components: their names as the database has them, and how each is drawn and reported about."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from gis.codes.loading import read_table
from gis.incidents.category import Category

#: How a class is drawn that the file does not know, as one that an administrator has added.
_OTHER = "other"
#: The pictures of the map and what each stands for: classes that look alike to whoever walks by share one.
SIGNS = {
    "cover": _("井盖"), "grate": _("雨水箅子"), "hydrant": _("消防设施"), "box": _("电气箱体"), "pole": _("立杆"),
    "lamp": _("路灯"), "kiosk": _("亭"), "fitness": _("健身设施"), "water": _("水设施"), "camera": _("监控电子眼"),
    "parking": _("停车设施"), "sign": _("标牌"), "signal": _("交通信号"), "barrier": _("护栏"), "toilet": _("厕所"),
    "bin": _("垃圾收集"), "tree": _("树木绿化"), "seat": _("座椅"), "other": _("其他部件"),
}  # fmt: skip


@dataclass(frozen=True)
class ComponentClass:
    """`sign` is the picture on the map; `category` the code of the community category that suits a report about one."""

    code: str
    name: str
    major: str
    sign: str
    category: str


def component_classes() -> dict[str, ComponentClass]:
    """Every class by its code, those included that are no longer used: old components still name them."""
    rows = Category.objects.filter(kind=Category.Kind.COMPONENT).order_by("code").values_list("code", "name", "major")
    drawn = _drawn()
    return {code: ComponentClass(code, name, major, *drawn.get(code, (_OTHER, ""))) for code, name, major in rows}


@cache
def _drawn() -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["sign"], row["category"]) for row in read_table("component_class")}
