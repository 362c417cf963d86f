"""Figures of plans as they are read."""

from django import template

register = template.Library()


@register.filter
def share(part: float | None) -> str:
    """A share in percent without its sign, such as a deviation: 0.123 is 12.3 %."""
    return "–" if part is None else f"{100 * part:.1f}".rstrip("0").rstrip(".") + " %"


@register.filter
def as_form(value: float | None, form: str) -> str:
    """A figure of a scorecard: a count, a share, or a plain number between 0 and 1."""
    if value is None:
        return "–"
    if form == "share":
        return share(value)
    return f"{value:.2f}" if form == "plain" else f"{value:,.0f}"
