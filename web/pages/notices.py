"""One's own reminders: read them, open the case, and say how one wants to be reminded."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gis.accounts.scope import Access
from gis.errors import WanggeError
from gis.incidents.reminders.notice import Notice, NoticeQuerySet, NoticeSetting, setting_of
from gis.incidents.reminders.saying import say
from gis.models import User
from web.collection.corrections_mine import correction_notices, own_answers
from web.jobs.mailing import test_message, try_to_send
from web.pages.choices import names_of
from web.pages.paging import page_of, read_number
from web.planning.notices import own_plan_notices, plan_notices

#: A bell with more than this says so.
MOST_COUNTED = 99


def own(request: HttpRequest) -> NoticeQuerySet:
    return Notice.objects.of(request.user, request.access)


def unread(user: User, access: Access) -> str:
    """The number on the bell; empty for none."""
    found = Notice.objects.of(user, access).unread().order_by()[: MOST_COUNTED + 1].count()
    found += own_answers(user).count()
    found += own_plan_notices(user, access).filter(read_at=None).order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found or "")


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The reader's own, the latest first; `?all=1` with those that have been read."""
    everything = "all" in request.GET
    rows = own(request) if everything else own(request).unread()
    page = page_of(rows.select_related("incident__category"), request.GET.get("page"))
    say(page.rows)
    names = names_of({notice.incident.area for notice in page.rows})
    context = {"page": page, "everything": everything, "names": names, "now": timezone.now()}
    context |= {"plan_notices": plan_notices(request, everything)}
    context |= {"correction_notices": correction_notices(request.user, everything=everything)}
    return render(request, "web/notices/page.html", context)


@never_cache
@require_GET
def number(request: HttpRequest) -> HttpResponse:
    """The bell of a page that stays open: asked for every minute while somebody looks."""
    return render(request, "web/notices/bell.html", {"unread": unread(request.user, request.access)})


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The case a notice is about; the notice is read by that."""
    notice = get_object_or_404(own(request).select_related("incident"), pk=pk)
    own(request).unread().filter(incident=notice.incident).update(read_at=timezone.now())
    return redirect("incident", notice.incident.number)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read: those named, or all."""
    rows = own(request).unread()
    if "all" not in request.POST:
        rows = rows.filter(pk__in=[read_number(text) for text in request.POST.getlist("notice")[:200]])
    else:
        own_plan_notices(request.user, request.access).filter(read_at=None).update(read_at=timezone.now())
        own_answers(request.user).update(read_at=timezone.now())
    rows.update(read_at=timezone.now())
    return redirect("notices")


def _hours() -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(24)]


class SettingForm(forms.ModelForm):
    """How its user wants to be reminded by e-mail."""

    digest_hour = forms.TypedChoiceField(label=gettext_lazy("汇总时间"), choices=_hours, coerce=int)
    quiet_from = forms.TypedChoiceField(label=gettext_lazy("免打扰开始"), choices=_hours, coerce=int)
    quiet_until = forms.TypedChoiceField(label=gettext_lazy("免打扰结束"), choices=_hours, coerce=int)

    class Meta:
        model = NoticeSetting
        fields = ["each", "digest", "digest_hour", "workdays_only", "quiet_from", "quiet_until"]
        widgets = {"each": forms.RadioSelect}


def own_settings(request: HttpRequest) -> HttpResponse:
    form = SettingForm(request.POST or None, instance=setting_of(request.user))
    if request.method == "POST" and form.is_valid():
        form.instance.language = get_language()
        form.save()
        messages.success(request, _("已保存。"))
        return redirect("notice-settings")
    context = {"form": form, "mail_works": bool(settings.EMAIL_HOST)}
    return render(request, "web/notices/settings.html", context, status=422 if form.errors else 200)


@require_POST
def try_mail(request: HttpRequest) -> HttpResponse:
    """Send the reader a message, to see that it arrives."""
    if not settings.EMAIL_HOST:
        raise WanggeError(_("还没有配置邮件服务器。"), fix=_("请管理员设置 EMAIL_HOST。"))
    if not request.user.email:
        raise WanggeError(_("您的账号没有邮箱。"), fix=_("请管理员在账号里填写邮箱。"))
    trouble = try_to_send(test_message(request.user), request.user)
    if trouble == "address":
        raise WanggeError(_("邮件服务器不接受您的邮箱地址。"), fix=_("请管理员核对账号里的邮箱。"))
    if trouble:
        raise WanggeError(_("邮件服务器没有应答，或拒绝了登录。"), fix=_("请管理员核对 EMAIL_ 开头的设置。"))
    messages.success(request, _("测试邮件已发出。"))
    return redirect("notice-settings")
