"""What a filter bar has hundreds of, drawn by hand: a template spends twenty times as long on each of them."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from web.pages.incident_filter_chips import Choice
from web.pages.incident_filter_times import HIGH, Bar
from web.templatetags.words import count

_CHOICE = (
    '<li><a class="facet-choice depth-{}" href="{}{}" data-filter="{}"{} rel="nofollow">'
    '<span>{}</span> <span class="number">{}</span></a></li>'
)
_CURRENT = mark_safe(' aria-current="true"')
_BAR = (
    '<a href="{}{}" data-filter="{}" data-first="{}" data-last="{}" tabindex="-1"><title>{} · {}</title>'
    '<rect class="hit" x="{}" y="0" width="1" height="{}"/>'
    '<rect class="bar{}" x="{}.08" y="{}" width="0.84" height="{}"/></a>'
)


def draw_choices(choices: Iterable[Choice], address: str) -> SafeString:
    """Links to the page with each of the choices made or undone."""
    return format_html_join(
        "",
        _CHOICE,
        (
            (one.depth, address, one.query, one.query, _CURRENT if one.on else "", one.label, count(one.count))
            for one in choices
        ),
    )


def draw_bars(bars: Iterable[Bar], address: str) -> SafeString:
    """The bars of the chart of when, each a link to its days."""
    return mark_safe("".join(_bar(x, bar, address) for x, bar in enumerate(bars)))  # noqa: S308 - each is escaped


def _bar(x: int, bar: Bar, address: str) -> SafeString:
    query, on = bar.query, " on" if bar.on else ""
    return format_html(
        _BAR, address, query, query, bar.first, bar.last, bar.label, bar.count, x, HIGH, on, x, f"{bar.top:.2f}", HIGH
    )
