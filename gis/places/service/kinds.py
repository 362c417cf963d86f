"""What service points offer and to whom: the code table `service_kind`, which a clerk may extend.

`serves` lists age bands, separated by |, or is empty for everybody; `need` names a service need instead. The usual
capacity (people a day, places or beds) fills in where a point says nothing; `use_percent` is how many in a hundred of
those it serves come on a day, so that a load can be held against a capacity; `source` says where they come from.
"""

from dataclasses import dataclass

from django.utils.translation import get_language

from gis.codes.entries import Code

#: Age bands by their first year. Each lies inside one age group of the population figures.
AGE_BANDS = {"0-2": 0, "3-5": 3, "6-11": 6, "12-14": 12, "15-34": 15, "35-64": 35, "65-79": 65, "80+": 80}
#: Bands that walk slowly.
SLOW_BANDS = ("65-79", "80+")
TABLE = "service_kind"
_USUAL_MINUTES = 15


@dataclass(frozen=True)
class ServiceKind:
    """A kind of service point. `bands`: the age bands it serves, all of them for everybody; `need`: or a need's tag."""

    code: str
    name: str
    bands: tuple[str, ...]
    need: str
    use_percent: int | None
    usual_capacity: int | None
    minutes: int
    source: str

    @property
    def slow(self) -> bool:
        """Whether all whom it serves walk slowly."""
        return set(self.bands) <= set(SLOW_BANDS)

    @property
    def for_everybody(self) -> bool:
        return not self.need and len(self.bands) == len(AGE_BANDS)


def service_kinds() -> dict[str, ServiceKind]:
    """Every kind in force by its code, in the table's order."""
    rows = Code.objects.filter(table=TABLE, retired=False).order_by("position")
    return {row.code: _kind(row) for row in rows}


def _kind(row: Code) -> ServiceKind:
    english = (get_language() or "").startswith("en")
    told = row.details
    named = tuple(band for band in str(told.get("serves", "")).split("|") if band in AGE_BANDS)
    return ServiceKind(
        code=row.code,
        name=told.get("name_en", row.name) if english else row.name,
        bands=named or tuple(AGE_BANDS),
        need=str(told.get("need", "")),
        use_percent=_whole(told.get("use_percent")),
        usual_capacity=_whole(told.get("usual_capacity")),
        minutes=_whole(told.get("minutes")) or _USUAL_MINUTES,
        source=str(told.get("source", "")),
    )


def _whole(text: object) -> int | None:
    return int(str(text)) if str(text).isdecimal() else None
