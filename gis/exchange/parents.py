"""The areas above imported ones: found, made where there are none, and outlined by the union of their children."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from gis.areas.area import LEVELS, Area
from gis.codes.division import LENGTHS, LOCAL_PROVINCE, ancestors_of, is_local, mint
from gis.codes.loading import read_table
from gis.errors import BadCode
from gis.geometry import as_multipolygons

#: The source of the demonstration town: an imported outline takes the place of an invented one.
DEMONSTRATION = "demo"
#: Degrees: vertices nearer than this (a millimetre) are one, so that hair cracks close when children are united.
_GRID = 1e-8


class Parents:
    """The areas above the rows of one import. Nothing is written before `save`."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._new: dict[str, Area] = {}
        self._names = {row["code"]: row["name"] for row in read_table("division")}

    @property
    def made(self) -> list[Area]:
        return [self._new[code] for code in sorted(self._new)]

    def taken(self, parent: str) -> list[str]:
        """Every code below a parent that is in use or about to be."""
        length = min(other for other in LENGTHS.values() if other > len(parent))
        stored = Area.objects.filter(code__startswith=parent).exclude(code=parent).values_list("code", flat=True)
        return list(
            {code[:length] for code in [*stored, *self._new] if len(code) >= length and code.startswith(parent)}
        )

    def local(self, parent: str, name: str) -> str:
        """The code of the local area of that name below `parent`, made where there is none."""
        key = f"{parent}/{name}"
        for area in self._new.values():
            if area.source_code == key:
                return area.code
        stored = Area.objects.filter(source=self.source, source_code=key).values_list("code", flat=True).first()
        if stored:
            return stored
        if len(parent) == LENGTHS["street"]:
            raise BadCode("A community cannot be a parent of areas.", fix="Give --under a code of 2 to 6 digits.")
        code = mint(parent, self.taken(parent), 1)[0]
        self._add(code, name, key)
        return code

    def base(self, level: str, under: str) -> str:
        """The area in which local parents of rows of `level` are made: `under`, or one of the unassigned province."""
        length = max(other for other in LENGTHS.values() if other < LENGTHS[level])
        wanted = max((other for other in LENGTHS.values() if other < length), default=0)
        code = under
        if not code:
            code = LOCAL_PROVINCE
            self.ensure([LOCAL_PROVINCE], {LOCAL_PROVINCE: "未编码地区"})
        while len(code) < wanted:
            code = self.local(code, self.source)
        return code[:wanted]

    def ensure(self, codes: Iterable[str], names: dict[str, str]) -> None:
        """Make the areas of these codes that do not exist, named by `names`, the code table or the code."""
        wanted = {code for code in codes if code and code not in self._new}
        stored = set(Area.objects.filter(code__in=wanted).values_list("code", flat=True))
        for code in wanted - stored:
            self._add(code, names.get(code) or self._names.get(code) or code, "")

    def _add(self, code: str, name: str, key: str) -> None:
        system = "local" if is_local(code) else "nbs"
        self._new[code] = Area(
            code=code,
            level=LEVELS[len(code)],
            name=name[:80],
            code_system=system,
            source=self.source,
            source_code=key[:80],
        )

    def save(self) -> None:
        Area.objects.bulk_create(self.made, ignore_conflicts=True)


@transaction.atomic
def outline_parents(codes: Iterable[str], source: str) -> list[str]:
    """Give each area above `codes` the union of its children, unless its outline came from a file or by hand.

    Returns the codes that changed.
    """
    above = {parent for code in codes for parent in ancestors_of(code)}
    changed = []
    for area in sorted(Area.objects.filter(code__in=above), key=lambda area: -len(area.code)):
        if area.geometry is not None and not _was_united(area, source):
            continue
        outline = _union_of_children(area.code)
        if outline is not None and (area.geometry is None or bytes(area.geometry.wkb) != shapely.to_wkb(outline)):
            area.geometry = to_geos(outline)
            area.save(update_fields=["geometry"])
            changed.append(area.code)
    return changed


def _was_united(area: Area, source: str) -> bool:
    """Whether an outline is the union of its children, or invented. Rows of files have a key of their own."""
    made_here = area.source_code.startswith(area.parent_code + "/") or (area.source and not area.source_code)
    return bool(made_here) or area.source in (source, DEMONSTRATION) or area.code == LOCAL_PROVINCE


def to_geos(shape: shapely.Geometry) -> Any:
    """A Shapely geometry in degrees as Django wants it: a GEOSGeometry of the same type."""
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=Area._meta.get_field("geometry").srid)


def _union_of_children(code: str) -> shapely.Geometry | None:
    children = Area.objects.children_of(code).exclude(geometry=None).values_list("geometry", flat=True)
    shapes = shapely.from_wkb([bytes(child.wkb) for child in children])
    if not len(shapes):
        return None
    whole = shapely.coverage_union_all(shapes) if shapely.coverage_is_valid(shapes) else None
    if whole is None or not whole.is_valid:
        whole = shapely.union_all(shapes, grid_size=_GRID)
    return as_multipolygons(np.array([whole], dtype=object))[0]
