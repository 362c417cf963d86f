"""Links and figures of the evaluation pages."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from layers.evaluation import Row

register = template.Library()


@register.simple_tag(takes_context=True)
def evaluated(context, name: str, **other) -> str:
    """The address of an evaluation page under what is asked now, with some of it changed."""
    query = context["asked"].query(**other)
    return f"{reverse(name)}?{query}" if query else reverse(name)


@register.simple_tag
def points(row: Row) -> SafeString | str:
    """The change in percentage points, with a word for whether that is better."""
    if row.change is None:
        return "–"
    text = _("%(points)s 点") % {"points": f"{row.change:+.1f}".replace("-", "−")}
    if row.is_better is None:
        return text
    kind, word = ("better", _("好转")) if row.is_better else ("worse", _("变差"))
    return format_html('<span class="{}">{} {}</span>', kind, text, word)
