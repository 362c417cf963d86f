"""A new plan."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis.errors import NotAllowed, Refused
from gis.models import Plan
from gis.planning.borders.opening import open_communities
from gis.planning.opening import Start, open_plan
from gis.written import read_line
from web.pages.choices import area_choices


def new(request: HttpRequest) -> HttpResponse:
    """The form of a new plan; posted, it is opened."""
    scope = request.access.which("plan.write")
    if not scope:
        raise NotAllowed(_("您的岗位不编制网格方案。"), fix=_("需要时请与网格规划员联系。"))
    error = None
    if request.method == "POST":
        try:
            return _opened(request)
        except Refused as refusal:
            error = refusal
    areas = [one for one in area_choices(scope, request.POST.get("area", "")) if len(one.code) in (9, 12)]
    return render(request, "web/planning/new.html", {"areas": areas, "error": error}, status=422 if error else 200)


def _opened(request: HttpRequest) -> HttpResponse:
    name = read_line(request.POST.get("name", ""), "name", 60, needed=True)
    if request.POST.get("kind") == Plan.Kind.COMMUNITIES:
        plan = open_communities(request.POST.get("area", ""), name, user=request.user, access=request.access)
        return _made(request, plan)
    empty = request.POST.get("start") == "nothing"
    start = Start(cells=not empty, begun_from="nothing" if empty else "current")
    plan = open_plan(request.POST.get("area", ""), name, user=request.user, access=request.access, start=start)
    return _made(request, plan)


def _made(request: HttpRequest, plan: Plan) -> HttpResponse:
    messages.success(request, _("方案“%(name)s”已建立。") % {"name": plan.name})
    return redirect("plan", plan.uuid)
