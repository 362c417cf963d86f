"""The bar above everything that shows incidents: what is asked as chips, and what else could be, with its numbers.

Every choice is a link to the same page with the filter it makes, so it works without a script; the map takes the link's
filter instead of following it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gis.incidents.finding import ENDED_ALL, NO_DEPARTMENT, OPEN, Wanted, this_second
from gis.incidents.incident import State
from gis.models import Category, Department, Incident, SavedFilter
from layers.incident_copy import incidents_now
from layers.incident_facets import Facets, by_area, facets_of
from layers.incident_selection import Sieve
from web.pages.choices import area_choices
from web.pages.incident_filter import Asked, incident_scope, read_filter, write_filter
from web.pages.incident_filter_chips import Choice, Links, body_name, chips_of, loosened, said_days, state_name
from web.pages.incident_filter_drawing import draw_bars, draw_choices
from web.pages.incident_filter_times import bars_of
from web.scope import reads_no_people
from web.templatetags.words import word

#: Offered periods, in days up to today.
PERIODS = (1, 7, 30, 90, 365)


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    choices: list[Choice]
    address: str

    @property
    def on(self) -> int:
        return sum(choice.on for choice in self.choices)

    @property
    def drawn(self) -> str:
        return draw_choices(self.choices, self.address)


@reads_no_people
def show(request: HttpRequest) -> HttpResponse:
    """The bar alone, for the map: a part of a page."""
    asked, scope = read_filter(request), incident_scope(request)
    sieve = Sieve(incidents_now(), asked.wanted, scope, this_second())
    context = bar_of(request, asked, sieve, reverse("map") + "?incidents=1&")
    response = render(request, "web/parts/incident_filter.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def bar_of(request: HttpRequest, asked: Asked, sieve: Sieve, address: str) -> dict:
    """The context of `web/parts/incident_filter.html`. `address`: the page's own, to which a filter is appended."""
    facets, links = facets_of(sieve), Links(asked)
    bars = bars_of(sieve, links)
    return {
        "asked": asked,
        "wanted": asked.wanted,
        "query": asked.query,
        "address": address,
        "found": len(sieve.but()),
        "chips": chips_of(asked, links, request.scope),
        "groups": [
            Group(code, name, choices, address)
            for code, name, choices in _groups(request, sieve, facets, links)
            if choices
        ],
        "periods": [_period(days, asked.wanted, links) for days in PERIODS],
        "bars": bars,
        "drawn_bars": draw_bars(bars, address),
        "fields": _fields(asked),
        "loosened": list(loosened(sieve, links)),
        "saved": SavedFilter.objects.filter(user=request.user).only("name"),
    }


def _fields(asked: Asked) -> list[tuple[str, str]]:
    """What a form must carry on: the filter less words and days, which stand in fields of its own."""
    return parse_qsl(write_filter(replace(asked.wanted, days=None, first=None, last=None)))


def _groups(
    request: HttpRequest, sieve: Sieve, facets: Facets, links: Links
) -> Iterator[tuple[str, str, list[Choice]]]:
    wanted = sieve.wanted
    yield "state", _("状态"), list(_states(facets, wanted, links))
    yield "kind", _("类别"), list(_kinds(facets.categories, wanted, links))
    yield "area", _("辖区"), list(_areas(request, sieve, links))
    bodies = {body.pk: body for body in Department.objects.all()}
    offered = [pk for pk in (NO_DEPARTMENT, *bodies) if pk in facets.departments or pk in wanted.departments]
    names = ((pk, body_name(pk, bodies)) for pk in offered)
    yield "department", _("部门"), list(_flat("departments", names, facets.departments, wanted, links))
    origins = [(code, str(name)) for code, name in Incident.Source.choices if code in facets.origins]
    yield "origin", _("渠道"), list(_flat("origins", origins, facets.origins, wanted, links))


def _flat(field: str, names: Iterable[tuple], counts: dict, wanted: Wanted, links: Links) -> Iterator[Choice]:
    for value, name in names:
        yield Choice(name, counts.get(value, 0), links.toggled(field, value), value in getattr(wanted, field))


def _states(facets: Facets, wanted: Wanted, links: Links) -> Iterator[Choice]:
    yield Choice(_("超时未结"), facets.late, links.with_(late=not wanted.late), wanted.late)
    for group in (OPEN, ENDED_ALL):
        yield Choice(
            state_name(group), facets.states.get(group, 0), links.toggled("states", group), group in wanted.states
        )
    for code, name in State.choices:
        if code in facets.states or code in wanted.states:
            count = facets.states.get(code, 0)
            yield Choice(str(name), count, links.toggled("states", code), code in wanted.states, 1)


def _kinds(counts: dict[int, int], wanted: Wanted, links: Links) -> Iterator[Choice]:
    majors: dict[str, list[Category]] = {}
    shown = {*counts, *wanted.categories}
    for category in Category.objects.filter(pk__in=shown).only("major", "name").order_by("kind", "code"):
        majors.setdefault(category.major, []).append(category)
    for major, inside in majors.items():
        count = sum(counts.get(category.pk, 0) for category in inside)
        yield Choice(word(major), count, links.toggled("majors", major), major in wanted.majors)
        for category in inside:
            chosen = category.pk in wanted.categories
            query = links.toggled("categories", category.pk)
            yield Choice(word(category.name), counts.get(category.pk, 0), query, chosen, 1)


def _areas(request: HttpRequest, sieve: Sieve, links: Links) -> Iterator[Choice]:
    places = area_choices(sieve.scope, sieve.wanted.area)
    counts = by_area(sieve, [place.code for place in places])
    least = min((place.depth for place in places), default=0)
    for place in places:
        on = place.code == sieve.wanted.area
        depth = (place.depth - least + 2) // 3
        yield Choice(place.name, counts[place.code], links.with_(area="" if on else place.code), on, depth)


def _period(days: int, wanted: Wanted, links: Links) -> Choice:
    on = wanted.days == days
    query = links.with_(days=None if on else days, first=None, last=None)
    return Choice(said_days(days), None, query, on)
