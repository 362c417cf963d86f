"""All categories by kind and major, each with its limits and its history as a picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gis.incidents.categories import differences
from gis.incidents.category import Category
from gis.incidents.category_choice import keys_of
from gis.incidents.category_history import stretches
from gis.incidents.category_table import write_table
from web.pages.category_words import judge_reader, may_edit, spoken

_SHOWN = {
    "used": gettext_lazy("在用"),
    "planned": gettext_lazy("待生效"),
    "changed": gettext_lazy("与标准不同"),
    "own": gettext_lazy("本地"),
    "retired": gettext_lazy("停用"),
}
_IS_SHOWN = {
    "used": lambda one: not one.retired,
    "planned": lambda one: one.next_at is not None,
    "changed": lambda one: bool(differences(one)),
    "own": lambda one: one.standard is None,
    "retired": lambda one: one.retired,
}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    judge_reader(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Category.Kind.values else Category.Kind.COMMUNITY
    shown = request.GET.get("show", "")
    shown = shown if shown in _SHOWN else "used"
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:40]
    every = list(Category.objects.filter(kind=kind))
    mine = [one for one in every if _is_found(one, words)]
    listed = [one for one in mine if _IS_SHOWN[shown](one)]
    context = {
        "kinds": Category.Kind.choices,
        "kind": kind,
        "shows": [(code, word, sum(map(_IS_SHOWN[code], mine))) for code, word in _SHOWN.items()],
        "shown": shown,
        "words": words,
        "majors": _by_major(listed),
        "total": len(listed),
        "elsewhere": len(mine) - len(listed),
        "may_edit": may_edit(request),
    }
    return render(request, "web/categories/list.html", context)


def _is_found(one: Category, words: str) -> bool:
    keys = f"{one.code} {keys_of(one)} {_(one.name)}".lower()
    return all(word in keys for word in words.lower().split())


def _by_major(listed: list[Category]) -> list[tuple[str, list[dict]]]:
    now, found = timezone.now(), {}
    for one in listed:
        found.setdefault(one.major, []).append(_row(one, now))
    return list(found.items())


def _row(one: Category, now) -> dict:
    terms = one.at(now)
    return {
        "category": one,
        "accept": spoken("accept_within_hours", terms, {}),
        "dispose": spoken("dispose_within", terms, {}),
        "stretches": stretches(one, now),
        "planned": sum(stretch.stands == "later" for stretch in stretches(one, now)) if one.next_at else 0,
        "differs": bool(differences(one)),
    }


@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """The categories of one kind, or all of ours, as CSV."""
    judge_reader(request)
    found = Category.objects.exclude(kind=Category.Kind.IMPORTED)
    if request.GET.get("kind") in Category.Kind.values:
        found = found.filter(kind=request.GET["kind"])
    answer = HttpResponse(write_table(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="categories-{timezone.localdate().isoformat()}.csv"'
    return answer
