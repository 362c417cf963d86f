"""Tables of a department: bring one, the list of what was brought, and the queue that waits for a person."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis.collection.sheets.bringing import MOST_BYTES, bring, ground_of
from gis.collection.sheets.reviewing import waiting
from gis.collection.sheets.sheet import KEPT_DAYS, Sheet
from gis.errors import BadFile, NotAllowed, Refused
from web.pages.choices import names_of
from web.pages.paging import page_of


def judge_reader(request: HttpRequest) -> None:
    if not (ground_of(request.access) or request.access.may_anywhere("people.write")):
        raise NotAllowed(_("您的角色不能上传部门数据。"), fix=_("需要时请联系管理员调整任职。"))


def index(request: HttpRequest) -> HttpResponse:
    """The department's tables, and the form for one more."""
    judge_reader(request)
    trouble = None
    if request.method == "POST":
        try:
            return redirect("sheet", uuid=_bring(request).uuid)
        except (BadFile, Refused) as refused:
            trouble = refused
    ground = ground_of(request.access)
    context = {
        "page": page_of(department_sheets(request).order_by("-brought_at"), request.GET.get("page")),
        "trouble": trouble,
        "areas": [(code, names_of({code}).get(code, code)) for code in ground.areas],
        "most": MOST_BYTES // 1024**2,
        "days": KEPT_DAYS,
        "department": request.user.department if ground else None,
        "asked": waiting(request.user, request.access).count(),
    }
    return render(request, "web/collection/sheets/index.html", context, status=422 if trouble else 200)


def department_sheets(request: HttpRequest) -> QuerySet[Sheet]:
    """What the reader's department brought, where the reader may bring tables too."""
    mine = Sheet.objects.filter(ground_of(request.access).q(), department=request.user.department_id)
    return mine.exclude(department=None).select_related("owner", "department")


def _bring(request: HttpRequest) -> Sheet:
    upload = request.FILES.get("file")
    if upload is None:
        raise BadFile(_("还没有选择文件。"), fix=_("请选择 XLSX 或 CSV。"))
    areas = ground_of(request.access).areas
    area = request.POST.get("area") or (areas[0] if areas else "")
    return bring(upload.name or "", upload.read(MOST_BYTES + 1), area, user=request.user, access=request.access)
