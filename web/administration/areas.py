"""Areas and their outlines, and the versions of cells to look at (cells are drawn by a plan, not here)."""

from django import forms
from django.contrib.admin import SimpleListFilter, display, register
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.areas.area import LEVELS
from gis.models import Area, CellVersion
from layers.surroundings import surroundings
from web.administration.in_scope import InScopeAdministration, ReadOnlyAdministration
from web.administration.outline import OutlineWidget, outline_of
from web.administration.site import site


class AreaForm(forms.ModelForm):
    """An area inside the administrator's scope (`scope`, set by the page)."""

    scope = Scope(())

    class Meta:
        model = Area
        fields = ["code", "name", "short_name", "geometry", "population", "population_source", "starts", "ends"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if len(code) not in LEVELS:
            raise ValidationError(_("区划代码须为 2、4、6、9 或 12 位数字。"), code="no_level")
        if not self.scope.covers(code):
            raise ValidationError(_("该代码不在您的辖区内。"), code="out_of_scope")
        return code

    def clean_geometry(self):
        geometry = self.cleaned_data["geometry"]
        if geometry and not geometry.valid:
            raise ValidationError(_("边界自相交或不完整：%(reason)s"), params={"reason": geometry.valid_reason})
        return geometry

    def clean(self) -> dict:
        cleaned = super().clean()
        code = cleaned.get("code")
        if code:
            self.instance.level = LEVELS[len(code)]
        return cleaned


class HasOutline(SimpleListFilter):
    title = _("有边界")
    parameter_name = "outline"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [("yes", _("有")), ("no", _("无"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(geometry__isnull=self.value() == "no") if self.value() else rows


@register(Area, site=site)
class AreaAdministration(InScopeAdministration):
    capability = "codes.manage"
    form = AreaForm
    fields = AreaForm.Meta.fields
    list_display = ["code", "name", "short_name", "level", "has_outline", "population", "starts", "ends"]
    list_filter = ["level", HasOutline]
    search_fields = ["code", "name", "short_name"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(scope.q("code")).defer("drawing", "coarse")

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs):
        form = type("AreaFormInScope", (AreaForm,), {"scope": self.scope(request)})
        return super().get_form(request, obj, change, form=form, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        # Postings, cells and records name the code: an area with another code is another area.
        return ["code"] if obj else []

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "geometry":
            return db_field.formfield(widget=OutlineWidget(), required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_urls(self) -> list:
        around = self.admin_site.admin_view(self.send_surroundings)
        return [path("surroundings/", around, name="grid_area_surroundings"), *super().get_urls()]

    def send_surroundings(self, request: HttpRequest) -> JsonResponse:
        """Roads, water and neighbours of the window `box=west,south,east,north`: the base map of these pages."""
        return JsonResponse(surroundings(request.GET.get("box", ""), self.scope(request)))

    @display(description=_("有边界"), boolean=True)
    def has_outline(self, area: Area) -> bool:
        return area.area_m2 is not None


class InForce(SimpleListFilter):
    title = _("有效期")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [("today", _("今日有效")), ("ended", _("已停用"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "today":
            return rows.on(today)
        return rows.filter(valid__fully_lt=(today, None)) if self.value() == "ended" else rows


@register(CellVersion, site=site)
class CellVersionAdministration(ReadOnlyAdministration):
    capability = "codes.manage"
    list_display = ["code", "name", "kind", "first_day", "last_day", "hectares"]
    list_filter = [InForce, "cell__kind"]
    list_select_related = ["cell"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "kind", "first_day", "last_day", "hectares", "source", "outline"]
    readonly_fields = fields

    class Media:
        js = OutlineWidget.scripts
        css = {"all": OutlineWidget.styles}

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(scope.q("code")).defer("drawing", "coarse")

    @display(description=_("类型"), ordering="cell__kind")
    def kind(self, version: CellVersion) -> str:
        return version.cell.get_kind_display()

    @display(description=_("自"), ordering="valid")
    def first_day(self, version: CellVersion):
        return version.valid.lower

    @display(description=_("至（不含）"), empty_value="–")
    def last_day(self, version: CellVersion):
        return version.valid.upper

    @display(description=_("面积（公顷）"), ordering="area_m2")
    def hectares(self, version: CellVersion) -> float:
        return round(version.area_m2 / 10_000, 2)

    @display(description=_("边界"))
    def outline(self, version: CellVersion) -> str:
        return outline_of(version.geometry)
