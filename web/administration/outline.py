"""The map on which an outline is drawn or shown: django-leaflet's, without its inline script.

django-leaflet hands each map its options in a script inside the page, which our content security policy refuses. Here
the page carries data only (`data-` attributes and the text area), and `administration/outline.js` does the rest.
"""

from django.contrib.gis.gdal import GDALException
from django.forms import Media
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from leaflet.forms.widgets import LeafletWidget

from gis import crs


def words() -> dict[str, str]:
    """What leaflet.draw and our own control say."""
    return {
        "polygon": _("画一个面"),
        "rectangle": _("画一个矩形"),
        "edit": _("修改边界"),
        "editDisabled": _("没有可修改的边界"),
        "remove": _("删除边界"),
        "removeDisabled": _("没有可删除的边界"),
        "save": _("完成"),
        "cancel": _("取消"),
        "clearAll": _("全部删除"),
        "finish": _("完成"),
        "undo": _("撤销上一点"),
        "start": _("点击开始画"),
        "continue": _("点击继续画"),
        "end": _("点击第一个点结束"),
        "drag": _("拖动顶点修改，拖动中点添加顶点"),
        "click": _("点击要删除的面"),
        "crossing": _("边不能相交"),
        "zoomIn": _("放大"),
        "zoomOut": _("缩小"),
        "failed": _("周边地图未能载入。"),
    }


class OutlineWidget(LeafletWidget):
    template_name = "web/administration/outline.html"
    geom_type = "MultiPolygon"
    map_srid = crs.STORE
    scripts = [
        "leaflet/leaflet.js",
        "leaflet/draw/leaflet.draw.js",
        "leaflet/leaflet.forms.js",
        "web/administration/outline.js",
    ]
    styles = ["leaflet/leaflet.css", "leaflet/draw/leaflet.draw.css", "web/administration/outline.css"]

    @property
    def media(self) -> Media:
        return Media(js=self.scripts, css={"all": self.styles})

    def deserialize(self, value: str):
        """As Django's; but JSON that is no geometry, sent back with an error, must not break the page."""
        try:
            return super().deserialize(value)
        except GDALException:
            return None

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        return super().get_context(name, value, attrs) | _context(modifiable=True)


def outline_of(geometry) -> SafeString:
    """The map of a geometry to look at."""
    context = {"serialized": geometry.geojson if geometry else "", "id_css": "outline"}
    return render_to_string(OutlineWidget.template_name, context | _context(modifiable=False))


def _context(*, modifiable: bool) -> dict:
    return {"modifiable": modifiable, "surroundings": reverse("admin:grid_area_surroundings"), "words": words()}
