"""Who comes in by the provider outside: the rules, a trial of them on claims, and who is tied to which account."""

import json

from django import forms
from django.contrib import messages
from django.contrib.admin import display, register
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.account_session import end_sessions
from gis.accounts.roles import roles
from gis.accounts.scope import Scope
from gis.accounts.sign_in_rule import decide
from gis.models import OutsideIdentity, SignInRule, User
from web.administration.in_scope import InScopeAdministration, WholeAdministration
from web.administration.postings import exists, users_inside
from web.administration.site import site
from web.outside.admitting import end_today, found
from web.single_sign_on.granted import end_all

_SAMPLE = {"preferred_username": "li", "name": "李四", "groups": ["grid"], "area": "110113001"}


def read_claims(text: str) -> dict:
    """Claims as JSON. Raises ValidationError for what is no object."""
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise forms.ValidationError(_("这不是 JSON 对象。请检查引号、逗号和大括号。"))
    return claims


class TrialForm(forms.Form):
    claims = forms.CharField(
        label=_("声明（JSON）"), max_length=20_000,
        widget=forms.Textarea({"rows": 10, "cols": 80, "spellcheck": "false"}),
    )  # fmt: skip

    def clean_claims(self) -> dict:
        return read_claims(self.cleaned_data["claims"])


@register(SignInRule, site=site)
class SignInRuleAdministration(WholeAdministration):
    list_display = ["order", "effect", "condition", "role", "where", "department", "days", "is_active"]
    list_display_links = ["order", "effect"]
    list_select_related = ["department"]
    change_list_template = "web/administration/sign_in_rules.html"
    fieldsets = [
        (None, {"fields": ["order", "effect", "is_active"]}),
        (_("对谁有效"), {"fields": ["claim", "value"]}),
        (_("账号"), {"fields": ["account_claim"]}),
        (_("任职（只用于“给予任职”）"), {
            "fields": ["role", "area", "area_claim", "department", "department_claim", "days"]
        }),
    ]  # fmt: skip

    def get_urls(self) -> list:
        trial = self.admin_site.admin_view(self.trial)
        return [path("trial/", trial, name="grid_signinrule_trial"), *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    @display(description=_("条件"))
    def condition(self, rule: SignInRule) -> str:
        return f"{rule.claim} = {rule.value}" if rule.value else rule.claim or str(_("所有人"))

    @display(description=_("辖区"))
    def where(self, rule: SignInRule) -> str:
        return rule.area or (f"← {rule.area_claim}" if rule.area_claim else "–")

    def trial(self, request: HttpRequest) -> HttpResponse:
        """What the rules make of claims that are typed in. They stand in no address, and nothing is kept."""
        if not self.has_view_permission(request):
            return redirect("admin:index")
        given = request.POST if request.method == "POST" else None
        form = TrialForm(given, initial={"claims": json.dumps(_SAMPLE, ensure_ascii=False, indent=1)})
        context = self.admin_site.each_context(request) | {"title": _("试用规则"), "form": form, "opts": self.opts}
        if form.is_valid():
            context |= {"found": told(form.cleaned_data["claims"])}
        return TemplateResponse(request, "web/administration/sign_in_trial.html", context)


def told(claims: dict) -> dict:
    """What rules would do, for the page of the trial: which hold, which account, which postings on real ground."""
    rules = list(SignInRule.objects.select_related("department"))
    decision = decide(rules, claims)
    return {
        "rules": [rule for rule in rules if rule.is_active and rule.holds_for(claims)],
        "account": found(decision),
        "username": decision.username,
        "grants": [(grant, roles()[grant.role], exists(grant.area)) for grant in decision.grants],
    }


@register(OutsideIdentity, site=site)
class OutsideIdentityAdministration(InScopeAdministration):
    """Who is tied to whom. Nobody ties by hand; a tie is undone by deleting it, and what it gave ends today."""

    list_display = ["user", "person", "issuer", "linked_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name"]
    fields = readonly_fields = ["user", "issuer", "subject", "linked_at", "last_used_at"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(user__in=users_inside(User.objects.all(), scope))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is not None and bool(self.scope(request)) and obj.user_id != request.user.pk

    def delete_model(self, request: HttpRequest, obj: OutsideIdentity) -> None:
        today = timezone.localdate()
        for posting in obj.postings.on(today):
            end_today(posting, today)
        end_sessions(obj.sessions.all())
        end_all(obj.user)
        super().delete_model(request, obj)
        self.message_user(request, _("由它给予的任职已于今天结束。"), messages.SUCCESS)

    @display(description=_("姓名"))
    def person(self, identity: OutsideIdentity) -> str:
        return identity.user.name
