"""Words of the interface that come from data: names of code tables, counts that may be withheld."""

import re

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from gis.incidents.condition import Condition
from gis.models import Department

register = template.Library()
_SEXES = {"1": _("男"), "2": _("女")}
_UNKNOWN = _("不详")
_OF_A_TABLE = re.compile(r"([a-z_]+) [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WITHHELD = _("人数过少，不显示")


@register.filter
def word(name: str) -> str:
    """A name of a code table in the reader's language. The tables are Chinese; the catalogue translates them."""
    return gettext(name) if name else ""


@register.filter
def condition(value: str) -> str:
    """The condition of a component in words."""
    return Condition(value).label


@register.filter
def brief(name: str) -> str:
    """The same without what a code table adds in brackets."""
    return word(name).partition("（")[0]


@register.filter
def relation(name: str) -> str:
    """A person's relation to the head of the household: 女 is a daughter here, a woman elsewhere."""
    return pgettext("relation", name) if name else ""


@register.filter
def area(square_metres: float) -> str:
    """Square metres: whole ones with their thousands apart, small ones to the square centimetre."""
    return f"{square_metres:,.0f}" if square_metres >= 100 else f"{square_metres:.4f}"


@register.filter
def count(number: int | None) -> str:
    """A number with its thousands apart; a sign with its meaning where it is withheld."""
    if number is None:
        return format_html(
            '<span class="withheld" title="{0}"><span aria-hidden="true">*</span>'
            '<span class="visually-hidden">{0}</span></span>',
            _WITHHELD,
        )
    return f"{number:,}"


@register.filter
def percent(share: float) -> str:
    """A share of one in per cent, with a tenth where it is not whole."""
    return f"{share * 100:.1f}".removesuffix(".0") + " %"


@register.filter
def hectares(square_metres: float | None) -> str:
    """Ground in hectares below 1 km², in km² from there on."""
    if not square_metres:
        return ""
    return f"{square_metres / 1e4:.1f} ha" if square_metres < 1e6 else f"{square_metres / 1e6:.2f} km²"


@register.filter
def figure(value: float | None) -> str:
    """An indicator's value in a table: a dash where it is withheld or cannot be formed."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


@register.filter
def sex(code: str) -> str:
    """The short word for a code of GB/T 2261.1."""
    return _SEXES.get(code, _UNKNOWN)


@register.filter
def of(names: dict, code: str) -> str:
    """The name of a code in a dictionary of names, the code itself where it has none."""
    return names.get(code, code)


@register.filter
def named(department) -> str:
    """A department in the reader's language, in Chinese where it has no other name."""
    english = (get_language() or "").startswith("en")
    return (english and department.name_en) or department.name


#: Where rows come from that no file names.
_SOURCES = {
    "demo": _("演示数据"), "nbs": _("国家统计局"), "visit": _("走访"), "file": _("部门数据"), "correction": _("更正"),
}  # fmt: skip


@register.filter
def said_by(source: str) -> str:
    """Where a row comes from, in words: a department for its table (`civil 236f2d81-…`), else as it is written."""
    if source in _SOURCES:
        return str(_SOURCES[source])
    match = _OF_A_TABLE.fullmatch(source or "")
    department = Department.objects.filter(code=match[1]).first() if match else None
    return f"{named(department)} · {gettext('部门数据')}" if department else source
