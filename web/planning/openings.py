"""A plan that takes time to open: its page says how far it is, and leads to the plan as soon as that is there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gis.models import Plan, PlanOpening
from gis.planning import preparing
from gis.planning.keeping import drawing_of
from gis.planning.preparing import Opening
from web.pages.choices import names_of
from web.planning.found import plan_of
from web.tasks import open_plan


def opened(request: HttpRequest, wanted: Opening) -> HttpResponse:
    """The answer to a form: the plan, or of a large area the page that tells how far it is."""
    made = preparing.open_or_order(wanted, user=request.user, access=request.access)
    if isinstance(made, PlanOpening):
        open_plan.defer(opening_id=made.pk)
        return redirect("plan-opening", made.uuid)
    messages.success(request, _("方案“%(name)s”已建立。") % {"name": made.name})
    if not (drawing_of(made).things.building > 0).any():
        messages.warning(request, _("这里还没有楼栋：地块只按道路划分，工作量都是 0。请先导入楼栋，再新建方案。"))
    return redirect(_first_page(made), made.uuid)


@never_cache
@require_GET
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far it is. A page that watches is led on by a header; the list of plans (`?list=1`) is made anew instead."""
    opening = preparing.openings_of(request.access).filter(uuid=uuid).first()
    if opening is None:
        return _on(request, plan_of(request, uuid))
    may_draw = request.access.may("plan.write", opening.area)
    context = {"opening": opening, "names": names_of({opening.area}), "may_draw": may_draw}
    return render(request, "web/planning/opening.html", context)


@require_POST
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    preparing.cancel(uuid, request.access)
    messages.success(request, _("已取消，没有留下任何方案。"))
    return redirect("plans")


@require_POST
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Try one that failed once more."""
    if opening := preparing.again(uuid, request.access):
        open_plan.defer(opening_id=opening.pk)
    return redirect("plan-opening", uuid)


def _on(request: HttpRequest, plan: Plan) -> HttpResponse:
    if request.headers.get("HX-Request"):
        if request.GET.get("list"):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return HttpResponse(headers={"HX-Redirect": reverse(_first_page(plan), args=[plan.uuid])})
    return redirect(_first_page(plan), plan.uuid)


def _first_page(plan: Plan) -> str:
    """The plan, or where the file is taken up that it starts from."""
    if plan.begun_from != "file" or plan.revision:
        return "plan"
    return "plan-files" if plan.kind == Plan.Kind.CELLS else "plan-outlines"
