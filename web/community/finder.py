"""Finding one's community: by name, by the device's position on asking, or from the list."""

from django.contrib.gis.geos import Point
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from gis.models import Area, Compound
from web.community.opened import opened
from web.field.told import read_position

#: Communities listed for one name.
_MOST = 30


@opened
def show(request: HttpRequest) -> HttpResponse:
    """The list of communities by street. What is looked for is posted: it may be an address, and stands in no log."""
    context: dict = {"words": "", "found": None, "trouble": ""}
    if request.method == "POST" and request.POST.get("lat"):
        here = _at(request)
        if here:
            return redirect("community", here.code)
        context["trouble"] = _("这个位置不在任何社区之内。请从下面选择。")
    elif request.method == "POST":
        words = "".join(request.POST.get("q", "").split())[:40]
        context |= {"words": words, "found": _named(words) if words else []}
        if len(context["found"]) == 1:
            return redirect("community", context["found"][0].code)
    return render(request, "web/community/finder.html", context | {"streets": _streets()})


def _at(request: HttpRequest) -> Area | None:
    point: Point | None = read_position(request.POST)
    if point is None:
        return None
    return Area.objects.filter(level="community", geometry__covers=point).only("code").order_by("code").first()


def _named(words: str) -> list[Area]:
    """Communities by their own name or that of a compound in them: both are public, house numbers are not asked for."""
    compounds = Compound.objects.filter(Q(name__icontains=words) | Q(aliases__icontains=words))
    inside = {area[:12] for area in compounds.values_list("area", flat=True)[: 10 * _MOST]}
    named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__in=inside)
    return list(_plain(Area.objects.standing().filter(named, level="community"))[:_MOST])


def _plain(areas):
    return areas.defer("geometry", "drawing", "coarse").order_by("code")


def _streets() -> list[tuple[Area, list[Area]]]:
    streets = {street.code: (street, []) for street in _plain(Area.objects.filter(level="street"))}
    for community in _plain(Area.objects.standing().filter(level="community")):
        if community.code[:9] in streets:
            streets[community.code[:9]][1].append(community)
    return [(street, inside) for street, inside in streets.values() if inside]


#: The only cookie of these pages is the language, for those who choose another one. It needs no token: at worst
#: somebody makes a page speak English.
choose_language = csrf_exempt(set_language)
