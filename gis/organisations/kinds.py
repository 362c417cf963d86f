"""Kinds of units and how often each is looked at: the code table `organisation_kind`, which administrators change."""

from dataclasses import dataclass

from django.utils.translation import get_language

from gis.codes.entries import Code

_TABLE = "organisation_kind"


@dataclass(frozen=True)
class Kind:
    """`every` days between two checks, 0 for none; `small`: one of the nine small sites 九小场所."""

    code: str
    name: str
    name_en: str
    small: bool
    every: int
    threshold: str
    source: str

    @property
    def shown(self) -> str:
        return (self.name_en if (get_language() or "").startswith("en") else "") or self.name


def kinds() -> dict[str, Kind]:
    """Every kind in use, in the order of the table."""
    rows = Code.objects.filter(table=_TABLE, retired=False).order_by("position")
    return {row.code: _kind(row) for row in rows}


def intervals() -> dict[str, int]:
    """Kind → days between two checks, of those that are checked."""
    return {code: kind.every for code, kind in kinds().items() if kind.every}


def small_kinds() -> list[str]:
    return [code for code, kind in kinds().items() if kind.small]


def _kind(row: Code) -> Kind:
    told = {name: str(row.details.get(name) or "") for name in ("name_en", "threshold", "source")}
    days = str(row.details.get("check_days") or "")
    every = min(int(days), 3650) if days.isascii() and days.isdigit() else 0
    return Kind(row.code, row.name, small=row.details.get("small_site") == "1", every=every, **told)
