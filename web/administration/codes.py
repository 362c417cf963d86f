"""The code tables and the incident categories with their time limits."""

from django.contrib.admin import register
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from gis.accounts.scope import Scope
from gis.codes.ledger import LEDGER
from gis.incidents.category import FIELDS
from gis.incidents.category_changing import add_category, change_category
from gis.models import Category, Code
from web.administration.in_scope import WholeAdministration
from web.administration.site import site


@register(Code, site=site)
class CodeAdministration(WholeAdministration):
    list_display = ["table", "code", "name", "position", "retired"]
    list_display_links = ["code"]
    list_filter = ["table", "retired"]
    search_fields = ["code", "name"]
    fields = ["table", "code", "name", "position", "details", "retired"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.exclude(table=LEDGER)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        # Records keep the code itself: another code is another entry.
        return ["table", "code"] if obj else []


@register(Category, site=site)
class CategoryAdministration(WholeAdministration):
    list_display = [
        "code", "name", "major", "kind", "urgent", "accept_within_hours", "dispose_within", "dispose_unit", "is_public",
        "retired",
    ]  # fmt: skip
    list_filter = ["kind", "urgent", "is_public", "retired", "dispose_unit", "major"]
    search_fields = ["code", "name", "major"]
    fieldsets = [
        (None, {"fields": ["kind", "code", "major", "name", "urgent", "synonyms", "is_public", "retired"]}),
        (None, {"fields": ["accept_within_hours", ("dispose_within", "dispose_unit")]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["kind", "code"] if obj else []

    def save_model(self, request: HttpRequest, obj: Category, form: ModelForm, change: bool) -> None:
        """From this moment on: what a category said before stays with the cases that were reported by then."""
        said = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        if change:
            change_category(obj, said, user=request.user)
        else:
            obj.pk = add_category(obj.kind, obj.code, said, user=request.user).pk
