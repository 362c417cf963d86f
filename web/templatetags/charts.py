"""Addresses and numbers of the dashboard's charts."""

from django import template

from gis.incidents.finding import Wanted
from layers.dashboard.drawing import week_place
from web.pages.dashboard_links import address_of

register = template.Library()
register.filter("week_place", week_place)


@register.simple_tag(takes_context=True)
def listed(context, wanted: Wanted) -> str:
    """The list of incidents under a filter, with the words the page was searched with."""
    return address_of("incidents", wanted, context["held"])


@register.simple_tag(takes_context=True)
def mapped(context, wanted: Wanted) -> str:
    """The map under a filter."""
    return address_of("map", wanted, context["held"])


@register.simple_tag(takes_context=True)
def looked_at(context, wanted: Wanted) -> str:
    """The dashboard under a filter."""
    return address_of("dashboard", wanted, context["held"])


@register.filter
def expected(usual: float) -> str:
    """An expectation in a sentence: whole, or one place where it is small."""
    return f"{usual:,.0f}" if usual >= 9.5 else f"{usual:.1f}"


@register.filter
def percent(share: float | None) -> str:
    """A rate in percent; a dash where there is none. What is not all is never rounded up to it."""
    if share is None:
        return "–"
    return "99.9%" if 99.9 < share < 100 else f"{share:.1f}%".replace("100.0%", "100%")


@register.filter
def place(number: float) -> str:
    """A coordinate or a length of a drawing: plain, whatever the language makes of numbers."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


@register.simple_tag
def change(now: int, before: int) -> str:
    """How much more or less than before, as a share with its sign; "" where there was nothing before."""
    return f"{100 * (now - before) / before:+.0f}%".replace("-", "−") if before else ""
