"""A new plan: of which area, from what it starts, what it is measured by."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import NotAllowed, Refused
from gis.models import Plan
from gis.planning import managing
from gis.planning.ground_of import LOADS
from gis.planning.preparing import Opening
from web.pages.choices import area_choices, chosen_area, names_of
from web.planning.found import plans_of
from web.planning.new_plan import Wanted, read_wanted
from web.planning.openings import opened
from web.planning.workspace import LOAD_WORDS

#: Digits of a district: who plans one, plans streets.
_DISTRICT = 6
#: Plans offered to copy.
_MOST = 50


def new(request: HttpRequest) -> HttpResponse:
    """The form of a new plan; posted, it is opened. `?area=` opens the choice of areas down to one."""
    scope = request.access.which("plan.write")
    if not scope:
        raise NotAllowed(_("您的岗位不编制网格方案。"), fix=_("需要时请与网格规划员联系。"))
    error = None
    if request.method == "POST":
        try:
            return _opened(request, read_wanted(request.POST))
        except Refused as refusal:
            error = refusal
    return render(request, "web/planning/new.html", _form(request, scope, error), status=422 if error else 200)


def _opened(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    if wanted.start == "copy":
        plan = _copied(request, wanted)
        messages.success(request, _("方案“%(name)s”已建立。") % {"name": plan.name})
        return redirect("plan", plan.uuid)
    return opened(request, Opening(wanted.area, wanted.name, wanted.kind, wanted.cells(), wanted.wish))


def _copied(request: HttpRequest, wanted: Wanted) -> Plan:
    source = plans_of(request).filter(uuid=wanted.source).select_related("owner").first() if wanted.source else None
    if source is None:
        raise Refused(_("没有选择方案。"), fields={"source": _("请选择要复制的方案。")})
    return managing.copy(source, wanted.name, user=request.user, access=request.access)


def _form(request: HttpRequest, scope: Scope, error: Refused | None) -> dict:
    typed = request.POST or request.GET
    area, fields = chosen_area(typed.get("area", ""), scope), error.fields if error else {}
    sources = Plan.objects.inside(scope).exclude(state=Plan.State.WITHDRAWN).order_by("-changed_at")[:_MOST]
    return {
        "areas": [one for one in area_choices(scope, area) if len(one.code) in (6, 9, 12)],
        "may_streets": any(len(code) <= _DISTRICT for code in scope.areas),
        "deeper": _is_opened(scope, area),
        "sources": _grouped(sources),
        "names": names_of({one.area for one in sources}),
        "loads": [_load(name, typed, fields) for name in LOADS],
        "weights_wrong": any(name.startswith("weight-") for name in fields),
        "typed": typed,
        "area": area,
        "today": timezone.localdate(),
        "error": error,
        "fields": fields,
    }


def _grouped(plans) -> list[dict]:
    """Plans to copy by kind."""
    found = [{"word": word, "plans": [one for one in plans if one.kind == kind]} for kind, word in Plan.Kind.choices]
    return [group for group in found if group["plans"]]


def _load(name: str, typed, fields: dict[str, str]) -> tuple[str, str, str, str]:
    """A load: its name, word, the weight as it was typed, and what is wrong with that."""
    usual = "1" if name == "households" else ""
    return name, LOAD_WORDS[name], typed.get(f"weight-{name}", usual), fields.get(f"weight-{name}", "")


def _is_opened(scope: Scope, area: str) -> bool:
    """Whether communities are among the choices; else one chooses a street first."""
    return bool(area) or any(len(code) >= 9 for code in scope.areas)
