"""Coarse times and rates with their fractions, as a community's page tells them."""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from gis.incidents.coarse import HalfDay
from gis.incidents.on_time import Rate

register = template.Library()


@register.filter
def half_day(when: HalfDay) -> str:
    """3月4日上午."""
    words = {"day": date_format(when.day, "MONTH_DAY_FORMAT")}
    return _("%(day)s下午") % words if when.afternoon else _("%(day)s上午") % words


@register.filter
def rate(one: Rate) -> str:
    return "–" if one.percent is None else f"{one.percent:.0f} %"


@register.filter
def fraction(one: Rate) -> str:
    """The numbers behind a rate, nothing where there are none."""
    if not one.judged:
        return ""
    return format_html('<span class="fraction">{}/{}</span>', one.on_time, one.judged)


@register.filter
def place(number: float) -> str:
    """A length of a drawing: plain, whatever the language makes of numbers."""
    return f"{number:.1f}"
