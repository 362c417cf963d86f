"""Who may do what where, from when to when. No administrator can give more ground than they hold, nor give to
themselves."""

from django import forms
from django.contrib.admin import TabularInline, display, register
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.models import Area, CellVersion, Posting, User
from web.administration.in_scope import InScopeAdministration
from web.administration.site import site


def users_inside(rows: QuerySet, scope: Scope) -> QuerySet:
    """The users all of whose postings, past and future ones too, lie inside the scope, or who have none."""
    return rows.exclude(pk__in=Posting.objects.exclude(scope.q()).values("user"))


def exists(code: str) -> bool:
    """Whether an area, or a cell of today or the future, has this code."""
    cells = CellVersion.objects.filter(code=code, valid__endswith__gt=timezone.localdate())
    endless = CellVersion.objects.filter(code=code, valid__upper_inf=True)
    return Area.objects.filter(code=code).exists() or cells.exists() or endless.exists()


def given_in(scope: Scope, area: str) -> str:
    """An area's code that an administrator of the scope may give away. Raises ValidationError."""
    if not scope.covers(area):
        raise ValidationError(_("该代码不在您的辖区内，不能授予。"), code="out_of_scope")
    if not exists(area):
        raise ValidationError(_("没有这个代码的辖区或网格。"), code="no_such_area")
    return area


class PostingForm(forms.ModelForm):
    """Checks a posting against the scope of the administrator who makes it (`scope`, set by the page)."""

    scope = Scope(())

    class Meta:
        model = Posting
        fields = ["role", "area", "starts", "ends"]

    def clean_area(self) -> str:
        area = self.cleaned_data["area"]
        return given_in(self.scope, area) if "area" in self.changed_data else area


def form_in(scope: Scope) -> type[PostingForm]:
    """The form of postings for one administrator."""
    return type("PostingFormInScope", (PostingForm,), {"scope": scope})


class PostingInline(TabularInline):
    """The postings on a user's page. One's own cannot be changed: neither to gain more nor to lock oneself out."""

    model = Posting
    form = PostingForm
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs):
        return super().get_formset(request, obj, form=form_in(request.access.which("accounts.manage")), **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def _may(self, request: HttpRequest, obj: Model | None) -> bool:
        return request.access.may_anywhere("accounts.manage") and (obj is None or obj.pk != request.user.pk)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, obj)


@register(Posting, site=site)
class PostingAdministration(InScopeAdministration):
    form = PostingForm
    fields = ["user", "role", "area", "starts", "ends"]
    list_display = ["user", "person", "role", "area", "place", "starts", "ends"]
    list_filter = ["role"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name", "area"]
    ordering = ["area", "role"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(scope.q())

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs):
        return super().get_form(request, obj, change, form=form_in(self.scope(request)), **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["user"] if obj else []

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = users_inside(User.objects.exclude(pk=request.user.pk), self.scope(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.scope(request)) and (obj is None or self._may_touch(request, obj.user))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # One that was made by mistake; one that ends gets its last day. Not in bulk: one's own might be among them.
        return obj is not None and self.has_change_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def _may_touch(self, request: HttpRequest, user: User) -> bool:
        inside = users_inside(User.objects.filter(pk=user.pk), self.scope(request))
        return user.pk != request.user.pk and inside.exists()

    @display(description=_("姓名"), ordering="user__name")
    def person(self, posting: Posting) -> str:
        return posting.user.name

    @display(description=_("辖区"))
    def place(self, posting: Posting) -> str:
        area = Area.objects.filter(code=posting.area).only("name", "short_name").first()
        cell = None if area else CellVersion.objects.filter(code=posting.area).only("name").last()
        return str(area or cell or "–")
