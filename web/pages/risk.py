import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gis.risk.definitions import definitions, dimension_definitions
from gis.risk.weighting import MOST, Weights, keep_weights
from layers.forecast import latest
from layers.risk import NEEDS, not_held, scored
from layers.risk_sensitivity import compare
from web.pages.risk_weights import district_weights, groups, must_see_risk, own_weights, shared_weights


def show(request: HttpRequest) -> HttpResponse:
    """How risk is scored, with sliders for one's own weights and how the ranking moves with them.

    An address may bring weights along, to be shared; they are kept only when the reader says so.
    """
    must_see_risk(request)
    if request.method == "POST":
        return _keep(request)
    shared = shared_weights(request.GET, district_weights())
    kept = own_weights(request)
    context = _context(request, shared or kept) | {"is_shared": shared is not None and shared != kept}
    return render(request, "web/risk/page.html", context | {"before": kept.query()})


def panel(request: HttpRequest) -> HttpResponse:
    """The sliders alone, beside the map."""
    must_see_risk(request)
    kept = own_weights(request)
    response = render(request, "web/risk/panel.html", _context(request, kept) | {"before": kept.query()})
    response["Cache-Control"] = "no-store"
    return response


def default_weights(request: HttpRequest) -> HttpResponse:
    """The district's weights as a table, with the reason of each."""
    must_see_risk(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="risk_weights.csv"'
    response.write("\ufeff")  # so that a spreadsheet reads the Chinese
    table = csv.writer(response)
    table.writerow(
        [_("代码"), _("维度"), _("指标"), _("单位"), _("权重"), _("下界"), _("上界"), _("半衰期（天）"), _("理由")]
    )
    for one in dimension_definitions():
        table.writerow([one.dimension, _(one.name), "", "", f"{one.weight:g}", "", "", "", _(one.reason)])
    names = {one.dimension: one.name for one in dimension_definitions()}
    for one in definitions():
        bounds = ["" if bound is None else f"{bound:g}" for bound in one.bounds]
        half_life = f"{one.half_life:g}" if one.half_life else ""
        start = [one.code, _(names[one.dimension]), _(one.name), _(one.unit)]
        table.writerow([*start, f"{one.weight:g}", *bounds, half_life, _(one.reason)])
    return response


def _keep(request: HttpRequest) -> HttpResponse:
    weights = Weights() if "reset" in request.POST else shared_weights(request.POST, district_weights()) or Weights()
    context = _context(request, weights) | {"is_kept": True}
    keep_weights(request.user, weights)
    if request.headers.get("HX-Request") != "true":
        return redirect("risk")
    return render(request, "web/risk/result.html", context)


def _context(request: HttpRequest, weights: Weights) -> dict:
    without = not_held(request.access, definitions())
    own, district = scored(weights, without), scored(Weights(), without)
    return {
        "groups": groups(weights),
        "weights": weights,
        "most": MOST,
        "moves": compare(own, district, request.access.which(NEEDS)),
        "missing": own.assessment.made.missing,
        "without": without,
        "has_score": bool(own.components),
        "forecast": latest(),
        "share_address": request.build_absolute_uri(f"{reverse('risk')}?{weights.query()}"),
    }
