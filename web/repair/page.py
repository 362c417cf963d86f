"""The repair page: every fault of a file with a proposal; nothing is changed that was not chosen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gis.accounts.scope import Scope
from gis.errors import BadFile, NotAllowed, Refused
from gis.exchange.drawn.writing import FORMATS
from gis.models import Area
from web.pages.choices import area_choices, chosen_area
from web.pages.paging import read_number
from web.planning.files import FORMAT_WORDS
from web.repair.case import Case, case_of, ground_of
from web.repair.choosing import chosen_of, everything, wishes_in
from web.repair.keeping import accept, forget, keep, outline_of, path_of, steps_of, take_back, told
from web.repair.shown import context_of
from web.repair.taking import file_of, into_plan, plans_for
from web.tasks import check_boundaries

_PAGE = "boundary-repair"


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Bring a file, choose, look at the outcome, take it away."""
    access = request.access
    if not (access.may_anywhere("plan.write") or access.may_anywhere("import.run")):
        raise NotAllowed(_("您的岗位不修复边界。"), fix=_("需要时请与网格规划员联系。"))
    try:
        return _answer(request)
    except (BadFile, Refused) as refusal:
        if request.POST.get("act") in ("download", "plan"):  # the file is sound: it only does not go there
            return _shown(request, refusal)
        forget(request.user)
        return render(request, "web/repair/page.html", _form(request) | {"error": refusal}, status=422)


def _answer(request: HttpRequest) -> HttpResponse:
    act = request.POST.get("act") if request.method == "POST" else None
    if act == "upload":
        return _brought(request)
    path = path_of(request.user)
    if act == "discard" or path is None:
        forget(request.user)
        return redirect(_PAGE) if act == "discard" else render(request, "web/repair/page.html", _form(request))
    case = case_of(path)
    if request.method != "POST" or case is None:
        return _shown(request)
    if act == "undo":
        take_back(path)
        return redirect(_PAGE)
    steps = steps_of(path)
    wishes = wishes_in(request.POST, case.proposals, steps[-1] if steps else {})
    accept(path, everything(case.proposals) if act == "all" else wishes)
    if act == "download":
        return file_of(case, _chosen(request, case), request.POST.get("format", ""))
    if act == "plan":
        return into_plan(request, case, _chosen(request, case))
    return _shown(request)


def _brought(request: HttpRequest) -> HttpResponse:
    """A new file; a large one is looked through by a job."""
    outline = chosen_area(request.POST.get("outline", ""), _scope(request))
    path = keep(request.user, request.FILES.get("file"), outline)
    if ground_of(path).is_large:
        check_boundaries.defer(user_id=request.user.pk, language=get_language() or "")
    else:
        case_of(path)
    return redirect(_PAGE)


def _shown(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    path = path_of(request.user)
    case = case_of(path)
    status = 422 if error else 200
    if case is None:
        said = told(path) or {}
        return render(request, "web/repair/waiting.html", {"percent": said.get("percent"), "said": said})
    steps = steps_of(path)
    context = context_of(case, steps[-1] if steps else {}, read_number(request.GET.get("look")))
    context |= {
        "case": case,
        "error": error,
        "steps": len(steps),
        "outline": Area.objects.filter(code=outline_of(path)).first(),
        "formats": [(name, words[0]) for name, words in FORMAT_WORDS.items() if name in FORMATS],
        "plans": plans_for(request),
    }
    return render(request, "web/repair/page.html", context, status=status)


def _chosen(request: HttpRequest, case: Case) -> list:
    steps = steps_of(path_of(request.user))
    return chosen_of(case.proposals, steps[-1] if steps else {})


def _scope(request: HttpRequest) -> Scope:
    access = request.access
    return access.which("plan.write") if access.may_anywhere("plan.write") else access.which("import.run")


def _form(request: HttpRequest) -> dict:
    """The areas whose outline a file can be held against: those that have one, opened by `?area=`."""
    scope = _scope(request)
    places = [one for one in area_choices(scope, chosen_area(request.GET.get("area", ""), scope)) if one.depth <= 12]
    drawn = Area.objects.filter(code__in=[one.code for one in places]).exclude(geometry=None)
    drawn = set(drawn.values_list("code", flat=True))
    return {"areas": [one for one in places if one.code in drawn]}
