"""The classes of components: their names as the database has them, and how each is drawn and reported about."""

from dataclasses import dataclass
from functools import cache

from gis.codes.loading import read_table
from gis.incidents.category import Category

#: How a class is drawn that the file does not know, as one that an administrator has added.
_OTHER = "other"


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
