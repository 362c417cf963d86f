"""Plans that take time to open: a large street is cut into tiles in the background, then the plan is there at once.

A `PlanOpening` is the order, under the uuid its plan will have. It goes in the very transaction that brings the plan:
there is one or the other and never half of either, wherever a process is killed. One that failed stays and says why; it
can be tried again.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope, applied
from gis.accounts.users import User
from gis.areas.plans.annealing import Tell
from gis.areas.plans.drawing import Drawing
from gis.columns import CodeField
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.places.building import Building
from gis.planning.borders.opening import draw_communities, open_communities, require_street, usual_load
from gis.planning.ground_of import Site, cells_on, require_outline, site_of
from gis.planning.opening import Start, begin, draw, open_plan, require_planner
from gis.planning.plan import Plan
from gis.planning.streets.opening import draw_streets, open_streets, require_district
from gis.planning.work import AT_WORK, Work

#: An area with fewer buildings is cut while one waits: a second.
AT_ONCE = 800
#: Buildings cut in a second where a machine has nothing else to do; what is told to whoever waits.
_A_SECOND = 300
#: Openings somebody may have under way: each is a minute of a processor.
_MOST = 3


#: Plans of borders aim at what is usual among them.
_OF_BORDERS = {Plan.Kind.COMMUNITIES: open_communities, Plan.Kind.STREETS: open_streets}
_REQUIRED = {
    Plan.Kind.CELLS: require_planner,
    Plan.Kind.COMMUNITIES: require_street,
    Plan.Kind.STREETS: require_district,
}


class PlanOpeningQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q("area"))


class PlanOpening(Work):
    """The order of a plan. `asked` is what `Opening` holds beside name, area and kind."""

    area = CodeField(max_length=12)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Plan.Kind.choices)
    asked = models.JSONField()
    buildings = models.PositiveIntegerField()

    objects = PlanOpeningQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        indexes = [models.Index(fields=["area"], name="plan_opening_by_area")]  # the list

    def __str__(self) -> str:
        return f"opening {self.pk}"

    @property
    def seconds(self) -> int:
        """How long it takes, about."""
        return max(1, round(self.buildings / _A_SECOND))


@dataclass(frozen=True)
class Opening:
    """What is to be opened. `wish`: target, tolerance, weights; a plan of communities aims at what is usual there."""

    area: str
    name: str
    kind: str
    start: Start
    wish: dict


def open_or_order(wanted: Opening, *, user: User, access: Access) -> Plan | PlanOpening:
    """The plan, where the area is small; else its order, which waits to be prepared.

    Raises NotAllowed outside the area of a planner, Refused where no community has an outline, and for too many orders.
    """
    _REQUIRED[wanted.kind](wanted.area, access)
    buildings = Building.objects.filter(area__gte=wanted.area, area__lt=wanted.area + ":").count()
    if buildings >= AT_ONCE:
        return _order(wanted, buildings, user)
    if wanted.kind in _OF_BORDERS:
        given = {"begun_from": wanted.start.begun_from, **wanted.wish}
        return _OF_BORDERS[wanted.kind](wanted.area, wanted.name, user=user, access=access, **given)
    return open_plan(wanted.area, wanted.name, user=user, access=access, start=wanted.start, **wanted.wish)


def _order(wanted: Opening, buildings: int, user: User) -> PlanOpening:
    require_outline(wanted.area, timezone.localdate())
    if PlanOpening.objects.filter(owner=user, stage__in=AT_WORK).count() >= _MOST:
        raise Refused(_("您已有 %(most)d 个方案正在准备。") % {"most": _MOST}, fix=_("请等它们完成，或取消一个。"))
    return PlanOpening.objects.create(
        area=wanted.area, name=wanted.name, kind=wanted.kind, owner=user, language=get_language() or "",
        buildings=buildings, asked={"start": _written(wanted.start), "wish": wanted.wish},
    )  # fmt: skip


def prepare(opening: PlanOpening, tell: Tell) -> None:
    """Put the plan in the place of its order. `tell` hears the share that is done, and may raise to stop.

    Raises NotAllowed where whoever ordered it no longer plans there, Refused as opening does.
    """
    owner, area, today = opening.owner, opening.area, timezone.localdate()
    if not owner.access.may("plan.write", area):
        raise NotAllowed(_("申请人的任职已不包括这个辖区。"), fix=_("请由现在负责的人新建方案。"))
    with applied(owner.access.which("people.count")):
        site = site_of(area, today)
    tell(0.05)
    drawing = _drawn(opening, site, today, lambda share: tell(0.05 + 0.9 * share))
    tell(0.95)
    wish = opening.asked["wish"]
    if opening.kind in _OF_BORDERS:
        wish = {"target": usual_load(drawing, wish.get("weights"))} | wish
    _put(opening, drawing, site, wish)


def _drawn(opening: PlanOpening, site: Site, today: date, tell: Tell) -> Drawing:
    if opening.kind == Plan.Kind.COMMUNITIES:
        return draw_communities(opening.area, site, today, tell)
    if opening.kind == Plan.Kind.STREETS:
        return draw_streets(opening.area, site, today, tell)
    start = _start(opening)
    return draw(site, cells_on(opening.area, start.day or today) if start.cells else [], tell)


@transaction.atomic
def _put(opening: PlanOpening, drawing: Drawing, site: Site, wish: dict) -> None:
    """Nothing where it was cancelled meanwhile, or another worker was first."""
    if not PlanOpening.objects.select_for_update().filter(pk=opening.pk, stage=Work.Stage.WORKING).exists():
        return
    plan = Plan(
        uuid=opening.uuid, area=opening.area, name=opening.name, kind=opening.kind, owner=opening.owner,
        crs=site.crs, begun_from=_start(opening).begun_from, **wish,
    )  # fmt: skip
    begin(plan, drawing)
    PlanOpening.objects.filter(pk=opening.pk).delete()


def openings_of(access: Access):
    """The orders somebody sees: those of plans they will be able to read."""
    return PlanOpening.objects.inside(access.which("plan.read")).select_related("owner")


def cancel(uuid: UUID, access: Access) -> None:
    """Nobody waits for it any more: the order goes, and a worker at it stops. A plan that is there stays."""
    _mine(uuid, access).delete()


def again(uuid: UUID, access: Access) -> PlanOpening | None:
    """Let one that failed wait once more; None where it did not fail, or is there by now."""
    failed = _mine(uuid, access).filter(stage=Work.Stage.FAILED)
    if not failed.update(stage=Work.Stage.WAITING, percent=0, trouble="", fix="", ended_at=None):
        return None
    return PlanOpening.objects.get(uuid=uuid)


def _mine(uuid: UUID, access: Access):
    """As a queryset; empty where there is none. Raises OutOfScope, NotAllowed."""
    found = openings_of(access).filter(uuid=uuid).first()
    if found is None and not Plan.objects.inside(access.which("plan.read")).filter(uuid=uuid).exists():
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    if found and not access.may("plan.write", found.area):
        raise NotAllowed(_("您只能查看这个方案。"), fix=_("需要修改时，请与编制人联系。"))
    return PlanOpening.objects.filter(uuid=uuid)


def _written(start: Start) -> dict:
    return asdict(replace(start, day=None)) | {"day": start.day.isoformat() if start.day else None}


def _start(opening: PlanOpening) -> Start:
    kept = opening.asked["start"]
    return Start(kept["cells"], date.fromisoformat(kept["day"]) if kept["day"] else None, kept["begun_from"])
