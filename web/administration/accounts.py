"""The accounts of an administrator's area, and the departments people belong to."""

from axes.utils import reset as lift_pause
from django.contrib import messages
from django.contrib.admin import SimpleListFilter, action, display, register
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gis.accounts.roles import role_choices
from gis.accounts.scope import Scope
from gis.accounts.second_factor import remove_second_factor
from gis.models import Department, Posting, User
from web.administration.in_scope import InScopeAdministration, WholeAdministration
from web.administration.postings import PostingInline, users_inside
from web.administration.site import site
from web.sessions import end_of_all, told_ended

_PERSON = ["name", "phone", "email", "department"]


class NewUserForm(AdminUserCreationForm):
    """A new account. Whoever makes it knows the password, so it is changed at the first sign-in unless unticked."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ["username", *_PERSON, "must_change_password"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["must_change_password"].initial = True


class UserForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"  # narrowed by the page's fieldsets
        field_classes = UserChangeForm.Meta.field_classes


class PasswordByAdministratorForm(AdminPasswordChangeForm):
    """A password somebody else has chosen: it is changed at the next sign-in, and a pause for wrong guesses ends."""

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        end_of_all([self.user])
        lift_pause(username=self.user.username)
        return super().save(commit)


class CurrentRole(SimpleListFilter):
    title = _("现任角色")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [*role_choices(), ("none", _("无任职"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        current = Posting.objects.on(timezone.localdate())
        if self.value() == "none":
            return rows.exclude(pk__in=current.values("user"))
        return rows.filter(pk__in=current.filter(role=self.value()).values("user")) if self.value() else rows


class HasSecondFactor(SimpleListFilter):
    title = _("两步验证")
    parameter_name = "second_factor"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", _("已启用")), ("no", _("未启用"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return {"yes": rows.filter(_HAS), "no": rows.exclude(_HAS)}.get(self.value(), rows)


_HAS = Q(second_factor__isnull=False)


@register(User, site=site)
class UserAdministration(InScopeAdministration, UserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = "web/administration/new_user.html"
    change_password_form = PasswordByAdministratorForm
    inlines = [PostingInline]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active", "must_change_password"]}),
        (_("本人"), {"fields": _PERSON}),
        (_("记录"), {"fields": ["joined_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", *_PERSON]}),
        (_("密码"), {"fields": ["usable_password", "password1", "password2", "must_change_password"]}),
    ]
    readonly_fields = ["joined_at", "last_login"]
    filter_horizontal = ()
    list_display = ["username", "name", "department", "current_postings", "is_active", "second_step", "last_login"]
    list_filter = ["is_active", CurrentRole, HasSecondFactor, "department"]
    list_select_related = ["department", "second_factor"]
    search_fields = ["username", "name", "postings__area"]
    actions = ["deactivate", "demand_new_password", "reset_second_factor", "end_sessions"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        current = Prefetch("postings", Posting.objects.on(timezone.localdate()), to_attr="held_today")
        return users_inside(rows, scope).prefetch_related(current)

    def get_urls(self) -> list:
        change = self.admin_site.admin_view(self.user_change_password)
        # UserAdmin names its page after the model of django.contrib.auth.
        return [path("<id>/password/", change, name="grid_user_password_change"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        own = obj is not None and obj.pk == request.user.pk
        return [*self.readonly_fields, *(["is_active", "must_change_password"] if own else [])]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        # One's own password is changed where the old one is asked for: a screen left open must not be enough.
        if id == str(request.user.pk):
            return redirect("password-change")
        return super().user_change_password(request, id, form_url)

    @display(description=_("现任"))
    def current_postings(self, user: User) -> str:
        return "、".join(f"{posting.get_role_display()} {posting.area}" for posting in user.held_today) or "–"

    @action(description=_("停用所选用户"), permissions=["change"])
    def deactivate(self, request: HttpRequest, users: QuerySet) -> None:
        self._set(request, users, is_active=False)

    @action(description=_("要求所选用户下次登录时改密码"), permissions=["change"])
    def demand_new_password(self, request: HttpRequest, users: QuerySet) -> None:
        self._set(request, users, must_change_password=True)

    @display(description=_("两步验证"), boolean=True)
    def second_step(self, user: User) -> bool:
        return hasattr(user, "second_factor")

    @action(description=_("重置所选用户的两步验证"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, users: QuerySet) -> None:
        """Whoever has lost the phone may be signed in on it: their sessions end as well."""
        others = list(users.filter(_HAS).exclude(pk=request.user.pk))
        remove_second_factor(others)
        end_of_all(others)
        self._told_changed(request, others, _("两步验证"))

    @action(description=_("结束所选用户的所有登录"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet) -> None:
        others = list(users.exclude(pk=request.user.pk))
        many = end_of_all(others)
        _log_change(request, others, _("结束登录"))
        told_ended(request, many)

    def _set(self, request: HttpRequest, users: QuerySet, **values: bool) -> None:
        """Change the others among the chosen, never oneself, and log each."""
        others = list(users.exclude(pk=request.user.pk))
        User.objects.filter(pk__in=[user.pk for user in others]).update(**values)
        self._told_changed(request, others, *(User._meta.get_field(name).verbose_name for name in values))

    def _told_changed(self, request: HttpRequest, others: list[User], *what: str) -> None:
        _log_change(request, others, *what)
        said = ngettext("已更改 %d 位用户。", "已更改 %d 位用户。", len(others)) % len(others)
        self.message_user(request, said, messages.SUCCESS)


def _log_change(request: HttpRequest, users: list[User], *what: str) -> None:
    note = [{"changed": {"fields": [str(one) for one in what]}}]
    LogEntry.objects.log_actions(request.user.pk, users, CHANGE, note)


@register(Department, site=site)
class DepartmentAdministration(WholeAdministration):
    list_display = ["code", "name", "name_en"]
    search_fields = ["code", "name", "name_en"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["code"] if obj else []
