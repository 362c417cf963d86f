"""In which condition a component is: what its survey says, corrected by the cases about it since.

A component with an open case is reported. One that was surveyed as damaged or missing is sound again once a case about
it was closed on the day of the survey or later; a case that was rejected or merged mends nothing. What is disused stays
so. Nothing is stored: whoever may not read cases sees what the survey says.
"""

from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, TextChoices, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from gis.incidents.incident import Incident, State
from gis.places.component import Component

#: Before any survey: of a component without a day of survey every closed case counts.
_EVER = date(1900, 1, 1)


class Condition(TextChoices):
    """Survey states by the same words, and `REPORTED` for those with an open case."""

    INTACT = Component.State.INTACT.value, _("完好")
    REPORTED = "reported", _("有未结事件")
    DAMAGED = Component.State.DAMAGED.value, _("破损")
    MISSING = Component.State.MISSING.value, _("丢失")
    DISUSED = Component.State.DISUSED.value, _("废弃")


def with_condition(components: QuerySet[Component], cases: QuerySet[Incident]) -> QuerySet[Component]:
    """The components, each with its `condition` as the reader of these cases sees it."""
    about = cases.order_by().filter(component=OuterRef("pk"))
    mended = about.filter(state=State.CLOSED).annotate(day=TruncDate("closed_at"))
    mended = mended.filter(day__gte=Coalesce(OuterRef("surveyed_on"), Value(_EVER)))
    broken = [Component.State.DAMAGED, Component.State.MISSING]
    condition = Case(
        When(state=Component.State.DISUSED, then=F("state")),
        When(Exists(about.open()), then=Value(Condition.REPORTED.value)),
        When(Exists(mended), state__in=broken, then=Value(Condition.INTACT.value)),
        default=F("state"),
        output_field=CharField(),
    )
    return components.annotate(condition=condition)
