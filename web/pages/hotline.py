"""Exports of the hotline: bring one, and the list of one's own with the two queues that wait for a person."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gis.errors import BadFile, NotAllowed, Refused
from gis.hotline.hotline_file import HotlineFile, Outcome
from gis.hotline.queues import waiting
from gis.hotline.uploading import MOST_BYTES, bring, ground_of, is_officer
from web.pages.choices import names_of
from web.pages.paging import page_of

#: Sources that are offered where none was used before.
_SOURCE = "12345"


def index(request: HttpRequest) -> HttpResponse:
    """One's own exports, and the form for one more."""
    if not ground_of(request.access):
        raise NotAllowed(_("您的角色不能导入工单。"), fix=_("需要时请联系管理员调整任职。"))
    trouble = None
    if request.method == "POST":
        try:
            return redirect("hotline-file", uuid=_bring(request).uuid)
        except (BadFile, Refused) as refused:
            trouble = refused
    mine = own_files(request)
    context = {
        "page": page_of(mine.order_by("-brought_at"), request.GET.get("page")),
        "trouble": trouble,
        "areas": [(code, names_of({code}).get(code, code)) for code in ground_of(request.access).areas],
        "sources": sorted({_SOURCE, *mine.order_by().values_list("source", flat=True).distinct()[:20]}),
        "source": request.POST.get("source", _SOURCE),
        "most": MOST_BYTES // 1024**2,
        "officer": request.user.department if is_officer(request.access) else None,
    } | queue_counts(request)
    return render(request, "web/hotline/index.html", context, status=422 if trouble else 200)


def own_files(request: HttpRequest) -> QuerySet[HotlineFile]:
    """What the reader brought, as far as they still may bring there."""
    return HotlineFile.objects.filter(ground_of(request.access).q(), owner=request.user)


def queue_counts(request: HttpRequest) -> dict[str, int]:
    return {
        "unplaced": waiting(request.user, request.access, Outcome.PLACE).count(),
        "unmapped": waiting(request.user, request.access, Outcome.KIND).count(),
    }


def _bring(request: HttpRequest) -> HotlineFile:
    upload = request.FILES.get("file")
    if upload is None:
        raise BadFile(_("还没有选择文件。"), fix=_("请选择热线平台导出的 XLSX 或 CSV。"))
    areas = ground_of(request.access).areas
    file = bring(
        upload.name or "", _bytes_of(upload), request.POST.get("area") or areas[0], request.POST.get("source", ""),
        user=request.user, access=request.access,
    )  # fmt: skip
    messages.success(request, _("已上传，请核对列名。"))
    return file


def _bytes_of(upload: UploadedFile) -> bytes:
    """Its bytes; of a larger one than is taken only so many that it is known as such."""
    return upload.read(MOST_BYTES + 1)
