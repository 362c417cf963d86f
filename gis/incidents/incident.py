import uuid

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis import crs
from gis.accounts.departments import Department
from gis.areas.cell import CellVersion
from gis.columns import CodeField
from gis.incidents.category import Category, Terms
from gis.places.building import Building, InScopeQuerySet
from gis.places.component import Component


class State(models.TextChoices):
    """The states of the closed loop 信息收集 → 结案 → 评价 (standards, §4.1)."""

    REPORTED = "reported", _("待受理")
    VERIFYING = "verifying", _("核实中")
    FILED = "filed", _("已立案")
    DISPATCHED = "dispatched", _("已派遣")
    IN_PROGRESS = "in_progress", _("处置中")
    SUSPENDED = "suspended", _("已挂起")
    DISPOSED = "disposed", _("已处置")
    CHECKING = "checking", _("核查中")
    CLOSED = "closed", _("已结案")
    REJECTED = "rejected", _("不予受理")
    DUPLICATE = "duplicate", _("重复")


#: Nothing more is owed in these states.
ENDED = (State.CLOSED, State.REJECTED, State.DUPLICATE)
#: The others, as the index of open incidents names them.
OPEN = [state.value for state in State if state not in ENDED]


class Level(models.IntegerChoices):
    """Whose desk has a case in hand, by the digits of that area's code: what a community cannot settle goes up."""

    COMMUNITY = 12, _("社区")
    STREET = 9, _("街道")
    DISTRICT = 6, _("区级")


class Asked(models.TextChoices):
    """What a case waits for within its state: somebody's look on the spot, or consent to stop the clock."""

    NOTHING = "", _("无")
    LOOK = "look", _("等待现场查看")
    SUSPEND = "suspend", _("等待批准挂起")


class IncidentQuerySet(InScopeQuerySet):
    def open(self):
        return self.exclude(state__in=ENDED)

    def ended(self):
        return self.filter(state__in=ENDED)

    def late(self, now):
        return self.open().filter(due_at__lt=now)


def _known(column: str) -> models.Index:
    return models.Index(fields=[column], condition=Q(**{f"{column}__isnull": False}), name=f"incident_by_{column}")


class Incident(models.Model):
    """Something that happened or is wrong at a place. Holds no reporter: a contact is a table of its own.

    `cell` is the version it was reported in and never changes; `area` is the scope and follows the ground. State, level
    and whom it is assigned to change by a step of the workflow only (`gis.incidents.moving`).
    """

    class Source(models.TextChoices):
        RESIDENT = "resident", _("居民上报")
        WORKER = "worker", _("网格员上报")
        HOTLINE = "hotline", _("12345 热线")
        DEPARTMENT = "department", _("部门转办")
        IMPORT = "import", _("文件导入")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=24, db_collation="C")
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("类别"))
    description = models.TextField(_("描述"), blank=True)
    reported_at = models.DateTimeField(_("上报时间"))
    position = PointField(_("位置"), spatial_index=False)
    drawing = models.GeneratedField(
        expression=models.Func(models.F("position"), crs.DRAW, function="ST_Transform"),
        output_field=PointField(srid=crs.DRAW, spatial_index=False),
        db_persist=True,
    )
    place = models.CharField(_("地点"), max_length=120, blank=True)
    building = models.ForeignKey(
        Building, models.SET_NULL, null=True, blank=True, db_index=False, verbose_name=_("楼栋")
    )
    component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("部件")
    )
    cell = models.ForeignKey(
        CellVersion, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("上报时网格")
    )
    area = CodeField(_("辖区代码"), max_length=15)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.REPORTED)
    origin = models.CharField(_("渠道"), max_length=12, choices=Source.choices, default=Source.WORKER)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("处置部门")
    )
    due_at = models.DateTimeField(_("时限"), null=True, blank=True)
    #: A limit that came with it from elsewhere: it holds where it is the stricter one.
    given_due_at = models.DateTimeField(_("来文时限"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)
    urgent = models.BooleanField(_("紧急"), default=False, db_default=False)
    level = models.PositiveSmallIntegerField(
        _("承办层级"), choices=Level.choices, default=Level.COMMUNITY, db_default=Level.COMMUNITY
    )
    asked = models.CharField(_("等待"), max_length=8, choices=Asked.choices, blank=True, default="", db_default="")
    stage_due_at = models.DateTimeField(_("本阶段时限"), null=True, blank=True)
    #: Since when the clock stands.
    suspended_at = models.DateTimeField(_("挂起时间"), null=True, blank=True)
    #: The moment whose limits hold for it, where that is not its report: somebody had them counted anew.
    timed_at = models.DateTimeField(_("时限依据"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False, related_name="merged", verbose_name=_("并入")
    )
    #: Counts the steps, so that whoever decides on a case can say which case it was they had seen.
    revision = models.PositiveIntegerField(_("修订"), default=0, db_default=0)
    doubt = models.CharField(_("位置存疑"), max_length=120, blank=True)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        ordering = ["-reported_at"]
        constraints = [
            # serves the search for a number's beginning too, as its column is compared byte by byte
            models.UniqueConstraint(fields=["number"], name="incident_number"),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="incident_once_per_source"
            ),
        ]
        # A step, and a cell drawn anew, writes a row into every index that holds it: what is mostly empty is partial.
        indexes = [
            models.Index(fields=["area", "-reported_at"], name="incident_by_area"),  # scope range, newest first
            # what waits for somebody: the few open ones of an area without the many closed
            models.Index(fields=["area"], condition=Q(state__in=OPEN), name="incident_open_by_area"),
            models.Index(fields=["-reported_at"], name="incident_by_time"),  # period filters over a district
            GistIndex(fields=["drawing"], name="incident_drawing"),  # map window
            # what was reported about one component; most incidents are about none
            models.Index(
                fields=["component", "-reported_at"],
                condition=Q(component__isnull=False),
                name="incident_by_component",
            ),
            _known("building"),  # the cases of a house
            _known("cell"),  # those reported in a version of a cell
            _known("department"),  # those of a department
            _known("merged_into"),  # those that were merged into one
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def terms(self) -> Terms:
        """What its category said when it was reported: its name, its urgency. A later change is not about it."""
        return self.category.at(self.reported_at)
