"""Webhooks and what became of each delivery: set up for areas inside the administrator's, sent again at a click."""

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter, TabularInline, action, display, register
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gis.accounts.scope import Scope
from gis.errors import Refused
from gis.incidents.step import Act
from gis.incidents.webhooks.delivering import redeliver
from gis.incidents.webhooks.guarding import find_target
from gis.incidents.webhooks.noting import ask_to_send
from gis.models import Delivery, DeliveryTry, Webhook
from web.administration.in_scope import InScopeAdministration, ReadOnlyAdministration
from web.administration.postings import given_in
from web.administration.site import site


class WebhookForm(forms.ModelForm):
    """A webhook inside the administrator's scope (`scope`), leading where one may lead."""

    scope = Scope(())
    url = forms.URLField(label=_("网址"), assume_scheme="https", help_text=_("https 开头；事件以 POST 发到这里"))
    acts = forms.MultipleChoiceField(
        label=_("动作"), choices=Act.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选就是全部。"),
    )  # fmt: skip

    class Meta:
        model = Webhook
        fields = ["name", "url", "area", "department", "acts", "is_active"]

    def clean_area(self) -> str:
        return given_in(self.scope, self.cleaned_data["area"])

    def clean_url(self) -> str:
        try:
            find_target(self.cleaned_data["url"])
        except Refused as error:
            raise ValidationError(str(error), code="leads_nowhere") from None
        return self.cleaned_data["url"]


@register(Webhook, site=site)
class WebhookAdministration(InScopeAdministration):
    fields = ["name", "url", "area", "department", "acts", "is_active"]
    list_display = ["name", "area", "department", "is_active", "failures", "created_by"]
    list_filter = ["is_active"]
    list_select_related = ["department", "created_by"]
    search_fields = ["name", "area"]
    actions = ["renew_secret"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(scope.q())

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs):
        form = type("WebhookFormInScope", (WebhookForm,), {"scope": self.scope(request)})
        return super().get_form(request, obj, change, form=form, **kwargs)

    def save_model(self, request: HttpRequest, obj: Webhook, form: forms.ModelForm, change: bool) -> None:
        if not change:
            request.new_secret = obj.new_secret()
            obj.created_by = request.user
        elif form.changed_data:
            obj.failures, obj.not_before = 0, None
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Webhook, post_url_continue=None) -> HttpResponse:
        return self._show_secret(request, obj, request.new_secret)

    @action(description=_("换一个签名密钥"), permissions=["change"])
    def renew_secret(self, request: HttpRequest, hooks: QuerySet) -> HttpResponse | None:
        chosen = list(hooks[:2])
        if len(chosen) != 1:
            self.message_user(request, _("请只选一个。"), messages.ERROR)
            return None
        text = chosen[0].new_secret()
        chosen[0].save(update_fields=["secret"])
        self.log_change(request, chosen[0], [{"changed": {"fields": [str(_("签名密钥"))]}}])
        return self._show_secret(request, chosen[0], text)

    def _show_secret(self, request: HttpRequest, hook: Webhook, text: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("事件推送的签名密钥"), "hook": hook, "text": text, "opts": self.opts,
        }  # fmt: skip
        answer = TemplateResponse(request, "web/administration/new_secret.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


class Outcome(SimpleListFilter):
    title = _("结果")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [("waiting", _("等待发送")), ("done", _("已送达")), ("failed", _("已放弃"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if self.value() == "waiting":
            return rows.waiting()
        narrowed = {"done": {"done_at__isnull": False}, "failed": {"failed_at__isnull": False}}
        return rows.filter(**narrowed.get(self.value(), {}))


class TryInline(TabularInline):
    model = DeliveryTry
    fields = readonly_fields = ["at", "status", "milliseconds", "trouble"]
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@register(Delivery, site=site)
class DeliveryAdministration(ReadOnlyAdministration):
    list_display = ["uuid", "webhook", "told", "noted_at", "outcome", "tries", "next_at"]
    list_filter = [Outcome, "webhook"]
    list_select_related = ["webhook", "step__incident"]
    fields = ["uuid", "webhook", "told", "noted_at", "outcome", "tries", "next_at", "done_at", "failed_at"]
    inlines = [TryInline]
    actions = ["send_again"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(scope.q("webhook__area"))

    @display(description=_("内容"))
    def told(self, delivery: Delivery) -> str:
        return f"{delivery.step.incident.number} · {delivery.step.get_act_display()}"

    @display(description=_("结果"))
    def outcome(self, delivery: Delivery) -> str:
        if delivery.done_at:
            return _("已送达")
        return _("已放弃") if delivery.failed_at else _("等待发送")

    @action(description=_("再发一次"), permissions=["view"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet) -> None:
        chosen = list(deliveries[: self.list_per_page])
        for delivery in chosen:
            redeliver(delivery)
        for webhook in {delivery.webhook_id for delivery in chosen}:
            ask_to_send(webhook)
        said = ngettext("将再发 %d 条。", "将再发 %d 条。", len(chosen)) % len(chosen)
        self.message_user(request, said, messages.SUCCESS)
