"""Departments' systems into which people sign in with their account here: registered by who administers all areas."""

from django import forms
from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_secret

from gis.models import ClientSystem
from web.administration.in_scope import WholeAdministration
from web.administration.site import site


class ClientSystemForm(forms.ModelForm):
    redirect_uris = forms.CharField(
        label=_("登录后返回的网址"), widget=forms.Textarea({"rows": 3, "cols": 80}),
        help_text=_("每行一个，须与系统发来的完全一致；https:// 开头，本机可用 http。"),
    )  # fmt: skip
    post_logout_redirect_uris = forms.CharField(
        label=_("退出后返回的网址"), widget=forms.Textarea({"rows": 2, "cols": 80}), required=False
    )
    sign_out_address = forms.URLField(
        label=_("退出通知网址"), widget=forms.URLInput({"size": 80}), assume_scheme="https",
        max_length=500, required=False,
        help_text=_(
            "可不填。有人在网格退出时，网格把签名的通知（OpenID Connect 后端退出）发到这里，不经过浏览器；"
            "内部地址须在 WEBHOOK_NETWORKS 所列网段内，并须设 SITE_URL。"
        ),
    )  # fmt: skip

    class Meta:
        model = ClientSystem
        fields = [
            "name", "department", "redirect_uris", "post_logout_redirect_uris", "sign_out_address", "is_active",
        ]  # fmt: skip
        labels = {"name": _("名称")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


@register(ClientSystem, site=site)
class ClientSystemAdministration(WholeAdministration):
    form = ClientSystemForm
    list_display = ["name", "department", "client_id", "is_active", "sign_out_failed_at"]
    list_filter = ["is_active"]
    list_select_related = ["department"]
    search_fields = ["name", "client_id"]
    actions = ["renew_secret"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*ClientSystemForm.Meta.fields, *self.get_readonly_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["client_id", "sign_out_failed_at"] if obj else []

    def save_model(self, request: HttpRequest, obj: ClientSystem, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.client_type = ClientSystem.CLIENT_CONFIDENTIAL
            obj.authorization_grant_type = ClientSystem.GRANT_AUTHORIZATION_CODE
            obj.algorithm = ClientSystem.RS256_ALGORITHM
            request.new_secret = obj.client_secret = generate_client_secret()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ClientSystem, post_url_continue=None) -> HttpResponse:
        return self._show_secret(request, obj, request.new_secret)

    @action(description=_("换一个密钥"), permissions=["change"])
    def renew_secret(self, request: HttpRequest, systems: QuerySet) -> HttpResponse | None:
        chosen = list(systems[:2])
        if len(chosen) != 1:
            self.message_user(request, _("请只选一个。"), messages.ERROR)
            return None
        text = chosen[0].client_secret = generate_client_secret()
        chosen[0].save(update_fields=["client_secret", "updated"])
        self.log_change(request, chosen[0], [{"changed": {"fields": [str(_("密钥"))]}}])
        return self._show_secret(request, chosen[0], text)

    def _show_secret(self, request: HttpRequest, system: ClientSystem, text: str) -> HttpResponse:
        """The secret itself, this once: in no message, which would be stored."""
        context = self.admin_site.each_context(request) | {
            "title": _("部门系统的密钥"), "system": system, "text": text, "opts": self.opts,
        }  # fmt: skip
        answer = TemplateResponse(request, "web/administration/client_secret.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
