"""Help: what the words mean, and what every table and column holds. No data of anybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gis.dictionary.describing import describe
from gis.dictionary.glossary import GROUPS, terms
from gis.dictionary.writing import heads, rows
from web.scope import reads_no_people


@reads_no_people
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The glossary."""
    groups = [(code, name, [one for one in terms() if one.group == code]) for code, name in GROUPS.items()]
    return render(request, "web/help/glossary.html", {"groups": groups})


@reads_no_people
@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    """The tables; `?table=grid_building` the columns of one. Raises Http404 for another."""
    language = get_language() or ""
    tables, wanted = describe(language), request.GET.get("table", "")
    table = next((one for one in tables if one.table == wanted), None)
    if wanted and table is None:
        raise Http404
    if table:
        head = heads(language)
        lines = [list(zip(head, row, strict=True)) for row in rows(table, language)]
        context = {"table": table, "heads": head, "rows": lines}
        return render(request, "web/help/table.html", context)
    return render(request, "web/help/dictionary.html", {"tables": tables})
