"""Administration in scope: an administrator of a district sees and changes what lies inside the district, no more."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from gis.accounts.scope import Scope
from gis.models import Area


def holds_all(scope: Scope) -> bool:
    """Whether the scope holds every area there is, the ones above it aside.

    Departments, code tables and time limits belong to the whole installation: who keeps only a part of it reads them.
    """
    above = [code[:length] for code in scope.areas for length in range(2, len(code))]
    return bool(scope) and not Area.objects.exclude(scope.q("code")).exclude(code__in=above).exists()


class InScopeAdministration(ModelAdmin):
    """Answers Django's questions about permission from the capability's scope; nothing is deleted unless said."""

    capability = "accounts.manage"
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def scope(self, request: HttpRequest) -> Scope:
        return request.access.which(self.capability)

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        """The rows of an administrator's list, and of nothing else: what is not among them does not exist."""
        return rows

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.visible(super().get_queryset(request), self.scope(request))

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """As Django's, which asks the database for whatever was sent as a row."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.model._meta.pk.to_python(key)
            except ValidationError:
                raise BadRequest from None
        return super().response_action(request, queryset)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.scope(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.scope(request))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.scope(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.scope(request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WholeAdministration(InScopeAdministration):
    """For what all areas share: every administrator reads it, one who holds all areas changes it."""

    capability = "codes.manage"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds_all(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._holds_all(request)

    def _holds_all(self, request: HttpRequest) -> bool:
        if not hasattr(request, "holds_all_areas"):
            request.holds_all_areas = holds_all(self.scope(request))
        return request.holds_all_areas


class ReadOnlyAdministration(InScopeAdministration):
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
