"""Service points in the administrator's area: the same records that planners set up on the map."""

from django import forms
from django.contrib.admin import SimpleListFilter, register
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis import crs
from gis.accounts.scope import Scope
from gis.models import ServicePoint
from gis.places.service.keeping import area_at
from gis.places.service.kinds import service_kinds
from web.administration.in_scope import InScopeAdministration
from web.administration.site import site


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in service_kinds().values()]


class ServicePointForm(forms.ModelForm):
    """A service point inside the administrator's scope (`scope`, set by the page); its area follows its position."""

    scope = Scope(())
    kind = forms.ChoiceField(label=_("类型"), choices=kind_choices)
    longitude = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90)

    class Meta:
        model = ServicePoint
        fields = ["kind", "name", "capacity", "opening", "starts", "ends"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["longitude"], self.initial["latitude"] = self.instance.position.coords

    def clean(self) -> dict:
        cleaned = super().clean()
        if "longitude" in cleaned and "latitude" in cleaned:
            self.instance.position = Point(cleaned["longitude"], cleaned["latitude"], srid=crs.STORE)
            self.instance.area = area_at(self.instance.position, self.scope)
            if not self.instance.area:
                raise ValidationError(_("该位置不在您的辖区内。"), code="out_of_scope")
        return cleaned


class Kind(SimpleListFilter):
    title = _("类型")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return kind_choices()

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(kind=self.value()) if self.value() else rows


class InService(SimpleListFilter):
    title = _("状态")
    parameter_name = "in_service"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [("today", _("使用中")), ("ended", _("已停用"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "today":
            return rows.on(today)
        return rows.filter(ends__lte=today) if self.value() == "ended" else rows


@register(ServicePoint, site=site)
class ServicePointAdministration(InScopeAdministration):
    capability = "service.write"
    form = ServicePointForm
    fields = ["kind", "name", ("longitude", "latitude"), "capacity", "opening", ("starts", "ends")]
    list_display = ["name", "kind_name", "area", "capacity", "opening", "starts", "ends"]
    list_filter = [Kind, InService]
    search_fields = ["name", "area"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.inside(scope)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs):
        form = type("ServicePointFormInScope", (ServicePointForm,), {"scope": self.scope(request)})
        return super().get_form(request, obj, change, form=form, **kwargs)

    def kind_name(self, point: ServicePoint) -> str:
        return dict(kind_choices()).get(point.kind, point.kind)

    kind_name.short_description = _("类型")
