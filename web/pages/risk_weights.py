"""Whose weights a page shows risk by, and the form that changes them."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.errors import NotAllowed
from gis.risk.definitions import (
    Definition,
    DimensionDefinition,
    definitions,
    dimension_definitions,
    district_weights,
)
from gis.risk.weighting import Weights, weights_of
from layers.risk import NEEDS
from layers.risk_reasons import explain
from layers.spot_strip import strip_of
from layers.spots import Asked

#: Days of each period that a place's strip of hot and cold spots shows.
SPOT_DAYS = 30


@dataclass(frozen=True)
class Field:
    """One slider: what it weighs, its weight now and the district's."""

    code: str
    name: str
    unit: str
    weight: float
    default: float
    reason: str

    @property
    def is_own(self) -> bool:
        return self.weight != self.default


@dataclass(frozen=True)
class Group:
    """A dimension with its components."""

    dimension: Field
    components: tuple[Field, ...]


def own_weights(request: HttpRequest) -> Weights:
    """The weights the reader has chosen; the district's where none are."""
    return weights_of(request.user, district_weights())


def shared_weights(data: QueryDict, district: dict[str, float]) -> Weights | None:
    """The weights an address or a form gives; None where it names none. Raises WanggeError for what is no weight."""
    given = {name: data[name] for name in data if name in district}
    return Weights.of(given, district) if given else None


def risk_of(request: HttpRequest, code: str) -> dict:
    """What a panel or a record tells of the risk of a place: nothing to whom it is not told."""
    everything = Asked(None, SPOT_DAYS, timezone.localdate())
    return {
        "risk": explain(code, request.access, own_weights(request)),
        "spots": strip_of(code, request.access, everything),
    }


def must_see_risk(request: HttpRequest) -> None:
    if not request.access.may_anywhere(NEEDS):
        raise NotAllowed(_("您的角色不能查看风险。"), fix=_("需要时请联系管理员调整任职。"))


def groups(weights: Weights) -> list[Group]:
    """The form: every dimension and its components."""
    table = definitions()
    return [
        Group(
            _dimension_field(one, weights),
            tuple(_field(each, weights) for each in table if each.dimension == one.dimension),
        )
        for one in dimension_definitions()
    ]


def _field(one: Definition, weights: Weights) -> Field:
    weight = dict(weights.components).get(one.code, one.weight)
    return Field(one.code, one.name, one.unit, weight, one.weight, one.reason)


def _dimension_field(one: DimensionDefinition, weights: Weights) -> Field:
    weight = dict(weights.dimensions).get(str(one.dimension), one.weight)
    return Field(str(one.dimension), one.name, "", weight, one.weight, one.reason)
