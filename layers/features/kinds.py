"""The kinds of features there are. Nothing else of the model can be told, filtered by or counted through them.

No free text that somebody wrote of a case, no person, no contact: those are read on the page of the case itself, where
reading is logged. `code` of a cell or area is its scope, `area` of anything else the cell it lies in.
"""

from django.utils.translation import gettext_lazy as _

from gis.areas.area import LEVELS
from gis.incidents.incident import State
from gis.models import Building, Cell, Component, Incident
from layers.features.kind import Field, Kind


def _ground(column: str) -> tuple[Field, ...]:
    """The cell, where one holds it, and the community of a row by its area code."""
    return (
        Field("cell", f"CASE WHEN length({column}) = 15 THEN {column} END", _("网格代码")),
        Field("community", f"left({column}, 12)", _("社区代码")),
    )


_IN_FORCE = "(a.starts IS NULL OR a.starts <= {day}) AND (a.ends IS NULL OR a.ends > {day})"
_CODE = Field("code", "a.code", _("代码"))
_AREA_FIELDS = (
    _CODE,
    Field("name", "a.name", _("名称")),
    Field("short_name", "a.short_name", _("简称")),
    Field("level", "a.level", _("级别"), choices=tuple(LEVELS.values())),
)
AREAS = Kind(
    name="areas",
    title=_("辖区"),
    about=_("今天有效的区、街道、社区及其边界。"),
    needs="area.read",
    rows="grid_area a",
    key=_CODE,
    within="a.code",
    shape="a.geometry",
    standing=_IN_FORCE,
    times=("a.starts", "a.ends"),
    tiles="areas",
    fields=(
        *_AREA_FIELDS,
        Field("population", "a.population", _("公布人口"), "integer"),
        Field("area_m2", "round(a.area_m2::numeric, 1)", _("面积（平方米）"), "number"),
        Field("starts", "a.starts", _("启用日期"), "date"),
        Field("ends", "a.ends", _("停用日期"), "date"),
    ),
)
OPEN_AREAS = Kind(
    name="open-areas",
    title=_("公开的辖区边界"),
    about=_("区、街道、社区的名称和边界，不用登录。"),
    needs="",
    rows="grid_area a",
    key=_CODE,
    within="a.code",
    shape="a.geometry",
    standing=f"{_IN_FORCE} AND a.level IN ('district', 'street', 'community')",
    tiles="areas",
    fields=_AREA_FIELDS,
)
_CELL_FIELDS = (
    Field("name", "v.name", _("名称")),
    Field("kind", "c.kind", _("类型"), choices=tuple(Cell.Kind.values)),
    Field("community", "left(v.code, 12)", _("社区代码")),
    Field("area_m2", "round(v.area_m2::numeric, 1)", _("面积（平方米）"), "number"),
    Field("starts", "lower(v.valid)", _("启用日期"), "date"),
    Field("ends", "upper(v.valid)", _("停用日期"), "date"),
)
_CELL_CODE = Field("code", "v.code", _("代码"))
CELLS = Kind(
    name="cells",
    title=_("网格"),
    about=_("今天有效的网格。"),
    needs="area.read",
    rows="grid_cellversion v JOIN grid_cell c ON c.id = v.cell_id",
    key=_CELL_CODE,
    within="v.code",
    shape="v.geometry",
    standing="v.valid @> {day}",
    times=("lower(v.valid)", "upper(v.valid)"),
    tiles="cells",
    fields=(_CELL_CODE, *_CELL_FIELDS),
)
CELL_VERSIONS = Kind(
    name="cell-versions",
    title=_("网格沿革"),
    about=_("网格的每一个版本；用 datetime 取某一天的网格。"),
    needs="area.read",
    rows="grid_cellversion v JOIN grid_cell c ON c.id = v.cell_id",
    key=Field("version", "v.id", _("版本"), "integer"),
    within="v.code",
    shape="v.geometry",
    times=("lower(v.valid)", "upper(v.valid)"),
    fields=(Field("version", "v.id", _("版本"), "integer"), _CELL_CODE, *_CELL_FIELDS),
)
_BUILDING_CODE = Field("code", "b.code", _("代码"))
BUILDINGS = Kind(
    name="buildings",
    title=_("楼栋"),
    about=_("楼栋及其轮廓，不含住户。"),
    needs="area.read",
    rows="grid_building b LEFT JOIN grid_compound c ON c.id = b.compound_id",
    key=_BUILDING_CODE,
    within="b.area",
    shape="b.geometry",
    tiles="buildings",
    fields=(
        _BUILDING_CODE,
        Field("kind", "b.kind", _("用途"), choices=tuple(Building.Kind.values)),
        Field("compound", "c.name", _("小区")),
        Field("number", "b.number", _("楼号")),
        Field("name", "b.name", _("名称")),
        Field("road", "b.road", _("道路")),
        Field("gate", "b.gate", _("门牌")),
        Field("floors", "b.floors", _("层数"), "integer"),
        Field("units", "b.units", _("单元数"), "integer"),
        Field("built_year", "b.built_year", _("建成年份"), "integer"),
        Field("area_m2", "round(b.area_m2::numeric, 1)", _("面积（平方米）"), "number"),
        *_ground("b.area"),
    ),
)
_COMPONENT_CODE = Field("code", "p.code", _("标识码"))
COMPONENTS = Kind(
    name="components",
    title=_("城市部件"),
    about=_("井盖、路灯、消火栓等，及其权属和养护单位。"),
    needs="area.read",
    rows="grid_component p LEFT JOIN grid_department d ON d.id = p.care_id",
    key=_COMPONENT_CODE,
    within="p.area",
    shape="p.position",
    geometry="Point",
    fields=(
        _COMPONENT_CODE,
        Field("kind", "p.kind", _("部件小类")),
        Field("name", "p.name", _("名称")),
        Field("place", "p.place", _("位置描述")),
        Field("owner", "p.owner", _("权属单位")),
        Field("care_name", "p.care_name", _("养护单位")),
        Field("care", "d.code", _("养护部门")),
        Field("state", "p.state", _("状态"), choices=tuple(Component.State.values)),
        Field("accuracy", "p.accuracy", _("定位精度")),
        Field("surveyed_on", "p.surveyed_on", _("普查日期"), "date"),
        *_ground("p.area"),
    ),
)
_NUMBER = Field("number", "i.number", _("编号"))
INCIDENTS = Kind(
    name="incidents",
    title=_("事件"),
    about=_("事件的类别、状态、时限和位置；文字、照片和上报人不在其中。"),
    needs="incident.read",
    rows=(
        "grid_incident i JOIN grid_category k ON k.id = i.category_id LEFT JOIN grid_department d ON"
        " d.id = i.department_id"
    ),
    key=_NUMBER,
    within="i.area",
    shape="i.position",
    found="i.drawing",
    geometry="Point",
    times=("i.reported_at",),
    fields=(
        _NUMBER,
        Field("category", "k.kind || '/' || k.code", _("类别代码")),
        Field("category_name", "k.name", _("类别")),
        Field("state", "i.state", _("状态"), choices=tuple(State.values)),
        Field("level", "i.level", _("承办层级"), "integer"),
        Field("urgent", "i.urgent", _("紧急"), "boolean"),
        Field("origin", "i.origin", _("渠道"), choices=tuple(Incident.Source.values)),
        Field("department", "d.code", _("处置部门")),
        Field("reported_at", "i.reported_at", _("上报时间"), "moment"),
        Field("due_at", "i.due_at", _("时限"), "moment"),
        Field("closed_at", "i.closed_at", _("结案时间"), "moment"),
        *_ground("i.area"),
    ),
)
KINDS = {kind.name: kind for kind in (OPEN_AREAS, AREAS, CELLS, CELL_VERSIONS, BUILDINGS, COMPONENTS, INCIDENTS)}
