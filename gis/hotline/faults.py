"""What may be wrong with a row, or worth a word: by a code, so that it is said in the reader's language.

A fault keeps the row out; a note does not. Neither holds a value of the row: the list of faults is mailed around.
"""

import dataclasses
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis.hotline.columns import LABELS

#: Code → reason and fix of a row that stays out.
FAULTS: dict[str, tuple[Promise, Promise]] = {
    "no_number": (_("没有工单编号。"), _("补上编号；不是工单的行（合计、说明）可以不管。")),
    "long_number": (_("工单编号超过 60 个字。"), _("核对这一列是不是编号。")),
    "lost_number": (_("工单编号被表格软件改成了科学计数法，后几位已经丢失。"), _("把该列设为文本后重新导出。")),
    "twin": (_("与第 %(row)s 行的工单编号相同。"), _("保留一行。")),
    "no_time": (_("没有来电时间。"), _("补上时间。")),
    "bad_time": (_("来电时间读不懂。"), _("写成 2026-03-05 14:30。")),
    "future": (_("来电时间在将来。"), _("核对时间。")),
    "no_text": (_("没有诉求内容。"), _("补上内容。")),
    "torn": (_("这一行的格子比表头多。"), _("把含逗号的文字放进引号里。")),
    "other_department": (_("承办单位是别的部门。"), _("请由街道、社区或那个部门上传。")),
    "refused": (_("立案时没有通过：%(why)s"), _("按提示改正后重新上传。")),
    "broken": (_("立案时出错。"), _("请把文件名和行号告诉管理员。")),
}
#: Code → what is said of a row that comes in.
NOTES: dict[str, Promise] = {
    "cut": _("内容太长，只留前面部分。"),
    "private": _("文字里像有电话、姓名、门牌：只给工作人员看。"),
    "bad_phone": _("电话读不懂，没有保留。"),
    "lost_phone": _("电话被表格软件改成了科学计数法，后几位已丢失，没有保留。"),
    "masked_phone": _("电话有遮挡，只保留后四位。"),
    "bad_due": _("办理时限读不懂，按类别计时。"),
    "bad_closed": _("办结时间读不懂，没有采用。"),
    "early_closed": _("办结时间早于来电时间，没有采用。"),
    "no_closed": _("已办结但没有办结时间：按上传时间结案，不算是否按时。"),
    "bad_state": _("状态不认识，按未办结处理。"),
    "bad_point": _("坐标读不懂，按地址查找。"),
    "bad_content": _("满意度读不懂，没有采用。"),
}


@dataclass(frozen=True)
class Fault:
    code: str
    field: str = ""
    facts: dict = dataclasses.field(default_factory=dict)

    @property
    def stops(self) -> bool:
        return self.code in FAULTS

    @property
    def reason(self) -> str:
        words = FAULTS[self.code][0] if self.stops else NOTES[self.code]
        return str(words) % self.facts if self.facts else str(words)

    @property
    def fix(self) -> str:
        return str(FAULTS[self.code][1]) if self.stops else ""

    @property
    def of(self) -> str:
        """The field in words."""
        return str(LABELS.get(self.field, ""))

    def as_json(self) -> list:
        return [self.code, self.field, self.facts]

    @classmethod
    def from_json(cls, told: list) -> "Fault":
        return cls(*told)
