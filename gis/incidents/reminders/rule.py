"""When somebody is reminded, of what and who: the code table `reminder_rule`, a row a rule.

    soon        stage  75 %                  holder
    late_still  stage  100 % + 4 work hours  desk above

`clock`: of the stage, of the whole case, or the day until which a case was to be suspended. `share`: when so much of
the limit is used; `after`: so much later. `to`: whoever has the case to deal with (holder), the desk that has it
(desk), the desk above it (above). `escalates`: the case goes up to that desk, by a step of its own.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.codes.entries import Code
from gis.incidents.category import Category
from gis.incidents.stages import Limit

TABLE = "reminder_rule"


class Of(models.TextChoices):
    """Which clock a rule looks at."""

    STAGE = "stage", _("本阶段")
    CASE = "case", _("全案")
    PAUSE = "pause", _("挂起期限")


class To(models.TextChoices):
    """Whom a rule tells."""

    HOLDER = "holder", _("承办人")
    DESK = "desk", _("受理的一级")
    ABOVE = "above", _("上一级")


@dataclass(frozen=True)
class ReminderRule:
    code: str
    name: str
    of: str
    to: frozenset[str]
    urgent: bool | None = None  # None: any case
    share: int = 100
    after: Limit | None = None
    escalates: bool = False

    def fits(self, urgent: bool) -> bool:
        return self.urgent is None or self.urgent == urgent


def rules() -> list[ReminderRule]:
    """The rules in force. A row that makes no sense, which only a hand in the code tables can make, is none."""
    rows = Code.objects.filter(table=TABLE, retired=False).values_list("code", "name", "details")
    return [rule for code, name, details in rows if (rule := read_rule(code, name, details))]


def read_rule(code: str, name: str, details: dict) -> ReminderRule | None:
    of, to = details.get("clock", ""), frozenset(str(details.get("to", "")).split())
    share, after, unit = (str(details.get(column, "")) for column in ("share", "after", "unit"))
    plain = (not share or share.isdecimal()) and (not after or after.isdecimal())
    if of not in Of.values or not to or not to <= set(To.values) or not plain:
        return None
    if not 1 <= int(share or 100) <= 100 or (after and unit not in Category.Unit.values):
        return None
    return ReminderRule(
        code, name, of, to,
        urgent={"yes": True, "no": False}.get(str(details.get("urgent", ""))),
        share=int(share or 100),
        after=Limit(float(after), unit) if after and int(after) else None,
        escalates=details.get("escalates") == "yes",
    )  # fmt: skip
