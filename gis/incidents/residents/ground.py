"""Where residents may report, and what of the ground anybody may see: the land, never who lives on it."""

from django.contrib.gis.geos import Point
from django.db.models import Min
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.errors import Refused
from gis.places.building import Building


def served() -> Scope:
    """Everything this installation looks after: its topmost areas."""
    shortest = Area.objects.aggregate(shortest=Min(Length("code")))["shortest"] or 0
    return Scope.of(Area.objects.annotate(digits=Length("code")).filter(digits=shortest).values_list("code", flat=True))


def community_at(point: Point | None, building: int | None) -> Scope:
    """The community in which something is reported, as the scope in which it is then stored. Raises Refused."""
    if building is not None:
        area = Building.objects.filter(pk=building).values_list("area", flat=True).first()
        if area is None:
            raise _refuse(_("没有找到这栋楼。"), _("请重新选择位置。"))
        return Scope.of([area[:12]])
    if point is None:
        raise _refuse(_("还没有位置。"), _("请用手机定位、在地图上点，或查一个地址。"))
    found = Area.objects.filter(level="community", geometry__covers=point).order_by("code")
    code = found.values_list("code", flat=True).first()
    if code is None:
        raise _refuse(_("这个位置不在本区的任何社区内。"), _("请把位置移到社区内；别处的事请拨打 12345。"))
    return Scope.of([code])


def _refuse(message: str, fix: str) -> Refused:
    return Refused(message, fix=fix, fields={"place": f"{message} {fix}"})
