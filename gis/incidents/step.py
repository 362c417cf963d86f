from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.users import User
from gis.incidents.incident import Incident, State


class Act(models.TextChoices):
    """What a step did. Which state allows which, and to whom, is `workflow.csv`; "report" begins, "undo" takes back."""

    REPORT = "report", _("上报")
    AGAIN = "again", _("又有人上报")
    VERIFY = "verify", _("派人核实")
    CONFIRM = "confirm", _("现场核实")
    FILE = "file", _("立案")
    REJECT = "reject", _("不予受理")
    DUPLICATE = "duplicate", _("并入另一件")
    DISPATCH = "dispatch", _("派遣")
    REDIRECT = "redirect", _("改派")
    INVITE = "invite", _("增派协办")
    ASSIGN = "assign", _("转交")
    TAKE = "take", _("接收")
    RETURN = "return", _("退回")
    ASK_SUSPEND = "ask_suspend", _("申请挂起")
    SUSPEND = "suspend", _("批准挂起")
    KEEP_ON = "keep_on", _("不同意挂起")
    RESUME = "resume", _("恢复处置")
    PART_DONE = "part_done", _("协办完成")
    DISPOSE = "dispose", _("处置反馈")
    CHECK = "check", _("派人核查")
    CHECKED = "checked", _("现场核查")
    CLOSE = "close", _("结案")
    REWORK = "rework", _("返工")
    REOPEN = "reopen", _("重新打开")
    ESCALATE = "escalate", _("上报上级")
    HAND_DOWN = "hand_down", _("交回下级")
    COMMENT = "comment", _("内部备注")
    ANSWER = "answer", _("公开答复")
    RATE = "rate", _("评价")
    APPEAL = "appeal", _("要求重办")
    UNDO = "undo", _("撤销")


class Step(models.Model):
    """One recorded act on an incident. Appended, never edited: the database refuses.

    `facts` says what else the act decided, by name: "departments" (ids, the lead first), "team", "handler", "target"
    (number), "until" (day), "rule", "received" (when it came, where it was written long before), and "was", the
    incident's fields before it, for taking it back. `is_public`: the note is meant for whoever reported, and may be
    shown to anybody.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="steps")
    at = models.DateTimeField(_("时间"))
    before = models.CharField(_("原状态"), max_length=12, choices=State.choices, blank=True)
    after = models.CharField(_("新状态"), max_length=12, choices=State.choices)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("经办人"))
    note = models.TextField(_("说明"), blank=True)
    act = models.CharField(_("动作"), max_length=12, choices=Act.choices, default=Act.REPORT, db_default=Act.REPORT)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("派往部门"))
    facts = models.JSONField(default=dict, db_default={}, blank=True)
    is_public = models.BooleanField(_("公开"), default=False, db_default=False)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")
    #: Of the incident once this step was taken; 0 for what was written before steps were counted.
    revision = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("流转记录")
        verbose_name_plural = _("流转记录")
        ordering = ["incident", "at", "pk"]
        indexes = [models.Index(fields=["actor", "-at"], name="step_by_actor")]  # what have I done, what can I undo

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"
