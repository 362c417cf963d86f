"""Figures of plans as they are read."""

from django import template

register = template.Library()


@register.filter
def share(part: float | None) -> str:
    """A share in percent without its sign, such as a deviation: 0.123 is 12.3 %."""
    return "–" if part is None else f"{100 * part:.1f}".rstrip("0").rstrip(".") + " %"
