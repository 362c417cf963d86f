"""What may be wrong with a row, by a code, so that it is said in the reader's language.

`stops` keeps the row out. `holds` lets it be linked to somebody known but makes nobody new of it, and the value itself
is not taken. `note` is a word beside a row that comes in. None holds a value of the row: the list is mailed around.
"""

import dataclasses
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STOPS, HOLDS, NOTE = "stops", "holds", "note"
#: Code → how grave, reason, fix.
WORDS: dict[str, tuple[str, Promise, Promise]] = {
    "no_name": (STOPS, _("没有姓名。"), _("补上姓名；合计、说明等行可以不管。")),
    "long_name": (STOPS, _("姓名超过 60 个字。"), _("核对这一列是不是姓名。")),
    "two_people": (STOPS, _("一个格子里写了两个以上的人。"), _("每人一行，分开填写。")),
    "two_numbers": (STOPS, _("一个格子里写了两个以上的证件号码。"), _("每人一行，分开填写。")),
    "twin": (STOPS, _("与第 %(row)s 行是同一个人，内容不同。"), _("核对后保留一行。")),
    "no_home": (STOPS, _("不是已登记的人，住址又找不到对应的户室。"), _("把住址写到房号；或请社区先登记户室。")),
    "no_door": (STOPS, _("住址找不到对应的户室。"), _("把住址写到房号；或请社区先登记户室。")),
    "too_little": (STOPS, _("不是已登记的人，证件号码或出生日期、性别又不全。"), _("补上证件号码，或出生日期和性别。")),
    "held": (STOPS, _("不是已登记的人，证件号码或与之相关的内容又有错。"), _("按同一行的其他提示改正后重新上传。")),
    "died": (STOPS, _("这个人已登记去世，早于数据日期。"), _("从名单中删去；如登记有误，请社区撤销去世登记。")),
    "gone": (STOPS, _("原来对上的人已不在这个辖区。"), _("请重新上传核对。")),
    "expired": (STOPS, _("超过 %(days)s 天没有人核对，内容已删除。"), _("请重新上传。")),
    "refused": (STOPS, _("核对后确认不是这些人，又不能新建。"), _("补齐证件号码和住址后重新上传。")),
    "broken": (STOPS, _("写入时出错。"), _("请把文件名和行号告诉管理员。")),
    "lost_number": (HOLDS, _("证件号码被表格软件改成了数字，后几位已经丢失。"), _("把这一列设为文本，重新填写。")),
    "bad_check": (HOLDS, _("证件号码最后一位校验不对。"), _("对照证件逐位核对。")),
    "bad_date": (HOLDS, _("证件号码里的出生日期不存在。"), _("对照证件核对。")),
    "bad_number": (HOLDS, _("证件号码的位数或格式不对。"), _("对照证件核对，并核对证件类型。")),
    "born_against": (HOLDS, _("出生日期与身份证号不符。"), _("改正其中一个。")),
    "sex_against": (HOLDS, _("性别与身份证号不符。"), _("改正其中一个。")),
    "bad_born": (NOTE, _("出生日期读不懂或在将来，没有采用。"), _("写成 1986-05-20。")),
    "covered": (NOTE, _("证件号码有遮挡，只用来核对。"), _("需要登记号码时请给出全号。")),
    "bad_phone": (NOTE, _("电话读不懂，没有采用。"), _("写 11 位手机号，或带区号的固定电话。")),
    "bad_value": (NOTE, _("这一项读不懂，没有采用。"), _("按目录的类型填写：数字、日期或选项。")),
    "no_code": (NOTE, _("这个值没有对应的代码，没有采用。"), _("在“核对取值”一步为它选择代码。")),
    "no_household": (NOTE, _("这个人没有登记在哪一户，家庭的内容没有采用。"), _("请社区先登记住户。")),
    "elsewhere": (NOTE, _("住址与登记的不同，住址没有更改。"), _("如已搬家，请由社区登记迁入。")),
    "home_twice": (NOTE, _("同一户在表里有两种说法，只采用第一种。"), _("核对后保留一种。")),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    code: str
    field: str = ""
    facts: dict = dataclasses.field(default_factory=dict)

    @property
    def grade(self) -> str:
        return WORDS[self.code][0]

    @property
    def reason(self) -> str:
        return str(WORDS[self.code][1]) % self.facts

    @property
    def fix(self) -> str:
        return str(WORDS[self.code][2])

    def as_json(self) -> list:
        return [self.code, self.field, self.facts]

    @classmethod
    def from_json(cls, told: list) -> "Fault":
        return cls(*told)
