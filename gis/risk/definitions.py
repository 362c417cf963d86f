"""The district's table of risk components: what counts, how much, between which bounds, and why.

The code tables `risk_component` and `risk_dimension`; an administrator changes them like any other.
"""

from dataclasses import dataclass

from gis.codes.entries import Code
from gis.errors import WanggeError
from gis.risk.score import Dimension

COMPONENTS, DIMENSIONS = "risk_component", "risk_dimension"


@dataclass(frozen=True)
class Definition:
    """One component. `bounds`: the values that become 0 and 10; one is None where it follows the data.

    `half_life`: days after which an incident counts half, None where nothing decays. `categories`: which incidents it
    counts, as (kind, beginning of the code). `needs`: the capability without which a reader does not get it.
    """

    code: str
    name: str
    dimension: Dimension
    unit: str
    weight: float
    bounds: tuple[float | None, float | None]
    half_life: float | None
    categories: tuple[tuple[str, str], ...]
    needs: str
    reason: str

    def holds(self, kind: str, code: str) -> int:
        """How closely a category belongs here: the length of the beginning it shares, −1 for not at all."""
        return max((len(start) for of, start in self.categories if of == kind and code.startswith(start)), default=-1)


@dataclass(frozen=True)
class DimensionDefinition:
    dimension: Dimension
    name: str
    weight: float
    reason: str


def definitions() -> tuple[Definition, ...]:
    """The components in force, in the order of the table. Raises WanggeError for a row that cannot be read."""
    return tuple(_read(row, _component) for row in _rows(COMPONENTS))


def dimension_definitions() -> tuple[DimensionDefinition, ...]:
    return tuple(_read(row, _dimension) for row in _rows(DIMENSIONS))


def _rows(table: str):
    return Code.objects.filter(table=table, retired=False).order_by("position")


def _read(row: Code, made):
    try:
        return made(row.code, row.name, row.details)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise WanggeError(
            f"The entry {row.code} of the code table {row.table} cannot be read: {error}.",
            fix="An administrator corrects it under 代码表; weights and bounds are numbers.",
        ) from None


def _component(code: str, name: str, details: dict) -> Definition:
    pairs = (pair.partition(":") for pair in details.get("categories", "").split())
    return Definition(
        code=code,
        name=name,
        dimension=Dimension(details["dimension"]),
        unit=details.get("unit", ""),
        weight=_weight(details),
        bounds=(_number(details, "low"), _number(details, "high")),
        half_life=_number(details, "half_life_days"),
        categories=tuple((kind, start) for kind, _, start in pairs),
        needs=details.get("needs", "area.read"),
        reason=details.get("reason", ""),
    )


def _dimension(code: str, name: str, details: dict) -> DimensionDefinition:
    return DimensionDefinition(Dimension(code), name, _weight(details), details.get("reason", ""))


def _number(details: dict, name: str) -> float | None:
    return float(details[name]) if details.get(name) not in (None, "") else None


def _weight(details: dict) -> float:
    weight = float(details["weight"])
    if not 0 <= weight <= 100:
        raise ValueError("the weight is not between 0 and 100")
    return weight


def district_weights() -> dict[str, float]:
    """The district's weight of every component and dimension, by code."""
    of_components = {one.code: one.weight for one in definitions()}
    return of_components | {str(one.dimension): one.weight for one in dimension_definitions()}
