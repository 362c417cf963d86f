"""A reader's own weights of the components of risk, in place of the district's."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.accounts.users import User
from gis.errors import WanggeError
from gis.risk.score import Dimension

#: The heaviest weight that may be given.
MOST = 10.0


@dataclass(frozen=True)
class Weights:
    """Weights that differ from the district's: of components by code, and of dimensions. Hashable, in order of name."""

    components: tuple[tuple[str, float], ...] = ()
    dimensions: tuple[tuple[str, float], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.components or self.dimensions)

    @classmethod
    def of(cls, given: Mapping[str, float | str], district: Mapping[str, float]) -> "Weights":
        """What differs from the district's weights; a name is a component's or a dimension's code.

        Raises WanggeError for a name that is not there and for a weight that is no number of 0 to 10.
        """
        unknown = sorted(set(given) - set(district))
        if unknown:
            raise WanggeError(_("没有这个风险指标：%s。") % unknown[0][:40], fix=_("请从列表中选择，或恢复默认权重。"))
        own = {name: _weight(value) for name, value in given.items()}
        differing = sorted((name, weight) for name, weight in own.items() if weight != district[name])
        dimensions = {str(one) for one in Dimension}
        return cls(
            tuple(pair for pair in differing if pair[0] not in dimensions),
            tuple(pair for pair in differing if pair[0] in dimensions),
        )

    @property
    def given(self) -> dict[str, float]:
        return dict(self.components + self.dimensions)

    def query(self) -> str:
        """As an address writes them: `fire=5&hazard=2`."""
        return urlencode([(name, f"{weight:g}") for name, weight in self.components + self.dimensions])


#: Nothing differs.
DISTRICT = Weights()


def _weight(value: float | str) -> float:
    try:
        weight = float(value)
    except (TypeError, ValueError):
        weight = math.nan
    if not 0 <= weight <= MOST:
        raise WanggeError(_("权重须为 0 到 10 的数。"), fix=_("请改正后再试。"))
    return round(weight, 2)


class RiskWeighting(models.Model):
    """The weights one user has chosen. No row: the district's."""

    user = models.OneToOneField(User, models.CASCADE, related_name="risk_weighting", verbose_name=gettext_lazy("用户"))
    weights = models.JSONField(gettext_lazy("权重"), default=dict)
    changed_at = models.DateTimeField(gettext_lazy("修改时间"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("风险权重")
        verbose_name_plural = gettext_lazy("风险权重")

    def __str__(self) -> str:
        return f"weights of user {self.user_id}"


def weights_of(user: User, district: Mapping[str, float]) -> Weights:
    """A user's own weights, those left out whose component has left the table; the district's where there are none."""
    row = RiskWeighting.objects.filter(user=user).first()
    kept = {name: weight for name, weight in (row.weights if row else {}).items() if name in district}
    return Weights.of(kept, district)


def keep_weights(user: User, weights: Weights) -> None:
    """Remember a user's weights; without any the district's hold again."""
    if weights:
        RiskWeighting.objects.update_or_create(user=user, defaults={"weights": weights.given})
    else:
        RiskWeighting.objects.filter(user=user).delete()
