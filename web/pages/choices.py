"""What an area filter offers: the reader's own areas, and the way down to the one chosen."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.models import Area, CellVersion

#: Digits of a cell's code.
_CELL = 15


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    depth: int


def area_choices(scope: Scope, chosen: str) -> list[Place]:
    """The areas in scope, opened down to the chosen one: its ancestors, itself and what is directly in it.

    A district has thousands of cells, so the tree opens a level at a time.
    """
    listed = {place.code: place for home in scope.areas for place in _home(home)}
    for code in (code for code in scope.areas if chosen.startswith(code)):
        for opened in _way_down(code, chosen):
            listed |= {place.code: place for place in _inside(opened)}
    return sorted(listed.values(), key=lambda place: place.code)


def _home(code: str) -> list[Place]:
    return [*_named([code]), *_inside(code)]


def _way_down(home: str, chosen: str) -> list[str]:
    return [chosen[:length] for length in (4, 6, 9, 12) if len(home) < length <= len(chosen)]


def _inside(code: str) -> list[Place]:
    if len(code) == 12:
        return _cells(code__gte=code, code__lt=code + ":")
    return _areas(Area.objects.children_of(code).standing())


def _named(codes: list[str]) -> list[Place]:
    areas = _areas(Area.objects.filter(code__in=codes))
    return areas + (_cells(code__in=codes) if any(len(code) == _CELL for code in codes) else [])


def _areas(found: QuerySet[Area]) -> list[Place]:
    """Without their outlines, which are long."""
    return [Place(area.code, str(area), len(area.code)) for area in found.only("code", "name", "short_name")]


def _cells(**condition) -> list[Place]:
    cells = CellVersion.objects.on(timezone.localdate()).filter(**condition).only("code", "name")
    return [Place(cell.code, cell.name, _CELL) for cell in cells]


def chosen_area(text: str, scope: Scope) -> str:
    """The area an address asks for when it is one of the reader's, else ""."""
    return text if text.isascii() and text.isdigit() and scope.covers(text) else ""


def names_of(codes: set[str]) -> dict[str, str]:
    """Names by code, a cell's with its community before it where it does not hold it: 建新北区第3网格."""
    if not codes:
        return {}
    areas = Area.objects.filter(code__in=codes | {code[:12] for code in codes}).order_by()
    named = {code: short or name for code, short, name in areas.values_list("code", "short_name", "name")}
    if not any(len(code) == _CELL for code in codes):
        return named
    cells = CellVersion.objects.on(timezone.localdate()).filter(code__in=codes).order_by().values_list("code", "name")
    return named | {code: full_name(name, named.get(code[:12], "")) for code, name in cells}


def full_name(cell: str, community: str) -> str:
    """第3网格 of 建新北区 → 建新北区第3网格."""
    return cell if cell.startswith(community) else community + cell
