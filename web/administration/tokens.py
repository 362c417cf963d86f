"""Tokens of the API: shown once, revoked at any time; for accounts and areas inside the administrator's."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter, action, display, register
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gis.accounts.scope import Scope
from gis.accounts.token import digest_of, new_text
from gis.incidents.finding import midnight
from gis.models import Token, User
from web.administration.capabilities import token_capabilities
from web.administration.in_scope import InScopeAdministration
from web.administration.postings import given_in, users_inside
from web.administration.site import site

#: Days after which a token ends where nothing else is said, and the most there may be.
_USUAL, _MOST = 365, 731


def _in_a_year() -> date:
    return timezone.localdate() + timedelta(days=_USUAL)


class TokenForm(forms.ModelForm):
    """A new token, checked against the administrator's scope and against what its account may do (`scope`)."""

    scope = Scope(())
    capabilities = forms.MultipleChoiceField(
        label=_("权限"), choices=token_capabilities, widget=forms.CheckboxSelectMultiple
    )
    ends = forms.DateField(
        label=_("有效至"), initial=_in_a_year, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("最长两年；到期前另发一个，再吊销旧的。"),
    )  # fmt: skip

    class Meta:
        model = Token
        fields = ["name", "user", "area", "department", "capabilities", "per_minute"]

    def clean_area(self) -> str:
        return given_in(self.scope, self.cleaned_data["area"])

    def clean_ends(self) -> date:
        ends, today = self.cleaned_data["ends"], timezone.localdate()
        if not today <= ends <= today + timedelta(days=_MOST):
            raise ValidationError(_("请选择今天起两年以内的日期。"), code="too_long")
        return ends

    def clean(self) -> dict:
        cleaned = super().clean()
        user, area = cleaned.get("user"), cleaned.get("area")
        if user and area:
            lacking = [name for name in cleaned.get("capabilities", ()) if not user.access.which(name).within(area)]
            if lacking:
                names = dict(token_capabilities())
                said = "、".join(str(names[name]) for name in lacking)
                self.add_error(
                    "capabilities", _("这个账号在该辖区没有：%(names)s。请去掉，或换一个账号。") % {"names": said}
                )
        return cleaned


class Usable(SimpleListFilter):
    title = _("状态")
    parameter_name = "usable"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [("yes", _("有效")), ("no", _("已失效或吊销"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        usable = rows.usable(timezone.now())
        if self.value() == "yes":
            return usable
        return rows.exclude(pk__in=usable) if self.value() == "no" else rows


@register(Token, site=site)
class TokenAdministration(InScopeAdministration):
    form = TokenForm
    fields = ["name", "user", "area", "department", "capabilities", "per_minute", "ends"]
    list_display = ["name", "user", "area", "department", "ending", "expires_at", "last_used_at", "is_usable"]
    list_filter = [Usable]
    list_select_related = ["user", "department"]
    search_fields = ["name", "user__username", "area", "ending"]
    actions = ["revoke"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(scope.q(), user__in=users_inside(User.objects.all(), scope))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        if obj is None:
            return self.fields
        return [
            "name", "user", "area", "department", "allowed", "per_minute", "ending", "issued_by", "issued_at",
            "expires_at", "last_used_at", "revoked_at",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        # What a token opens never changes: another need is another token.
        return [name for name in self.get_fields(request, obj) if name not in ("name", "per_minute")] if obj else []

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs):
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs | {"form": forms.ModelForm})
        form = type("TokenFormInScope", (TokenForm,), {"scope": self.scope(request)})
        return super().get_form(request, obj, change, form=form, **kwargs)

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "user":
            others = User.objects.filter(is_active=True).exclude(pk=request.user.pk)
            kwargs["queryset"] = users_inside(others, self.scope(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Token, form: forms.ModelForm, change: bool) -> None:
        if not change:
            request.new_token = new_text()
            obj.digest, obj.ending = digest_of(request.new_token), request.new_token[-4:]
            obj.issued_by = request.user
            ends = form.cleaned_data["ends"] + timedelta(days=1)
            obj.expires_at = midnight(ends)
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue=None) -> HttpResponse:
        """The token itself, this once: in no message, which would be stored."""
        context = self.admin_site.each_context(request) | {
            "title": _("新的接口令牌"), "token": obj, "text": request.new_token, "opts": self.opts,
        }  # fmt: skip
        answer = TemplateResponse(request, "web/administration/new_token.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @display(description=_("有效"), boolean=True)
    def is_usable(self, token: Token) -> bool:
        return token.revoked_at is None and token.expires_at > timezone.now() and token.user.is_active

    @display(description=_("权限"))
    def allowed(self, token: Token) -> str:
        names = dict(token_capabilities())
        return "、".join(str(names.get(name, name)) for name in token.capabilities)

    @action(description=_("吊销所选令牌"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet) -> None:
        held = list(tokens.filter(revoked_at=None))
        Token.objects.filter(pk__in=[token.pk for token in held]).update(revoked_at=timezone.now())
        LogEntry.objects.log_actions(
            request.user.pk, held, CHANGE, [{"changed": {"fields": [str(_("吊销时间"))]}}]
        )  # fmt: skip
        said = ngettext("已吊销 %d 个令牌。", "已吊销 %d 个令牌。", len(held)) % len(held)
        self.message_user(request, said, messages.SUCCESS)
