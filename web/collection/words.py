"""A field in words: what each of its properties is called, and what it says."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.collection.reading import write_options
from gis.models import Department, Field, Resident
from gis.places.building import Dwelling
from web.templatetags.words import named

#: Property → its word, in the order of the page.
LABELS = {
    "name": gettext_lazy("名称"),
    "name_en": gettext_lazy("英文名称"),
    "synonyms": gettext_lazy("别的说法"),
    "kind": gettext_lazy("类型"),
    "table": gettext_lazy("代码表"),
    "options": gettext_lazy("选项"),
    "only": gettext_lazy("仅适用于"),
    "from_age": gettext_lazy("几岁起"),
    "owner": gettext_lazy("主管部门"),
    "source": gettext_lazy("数据来源"),
    "sharing": gettext_lazy("共享类型"),
    "basis": gettext_lazy("法律依据"),
    "retention_months": gettext_lazy("保存期限（月）"),
    "rule": gettext_lazy("谁能看"),
    "sealed": gettext_lazy("加密保存"),
    "retired": gettext_lazy("停用"),
}
#: A row of `field_rules.csv` → who sees a value under it, in words.
RULES = {
    "name": gettext_lazy("如姓名：网格员、社区看全部，街道、区看遮盖后的"),
    "identity": gettext_lazy("如证件号码：网格员看末四位，社区、街道看遮盖后的"),
    "phone": gettext_lazy("如电话：网格员、社区看全部，街道看遮盖后的"),
    "room": gettext_lazy("如住址：网格员、社区看到门，街道看到楼，区看到网格"),
    "needs": gettext_lazy("如服务需求：网格员、社区看全部，其他只看数量"),
    "born": gettext_lazy("如出生日期：网格员、社区看全部，其他看年龄"),
    "facts": gettext_lazy("一般内容：网格员、社区看全部，其他只看数量"),
}
_CHOICES = {"kind": Field.Kind, "sharing": Field.Sharing}
_ONLY = dict(Resident.Population.choices) | dict(Dwelling.State.choices)


def said(name: str, value, field: Field) -> str:
    """What a property says, – for nothing. `value` may be one of its history."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, "", []):
        return "–"
    if name == "owner":
        owner = value if isinstance(value, Department) else Department.objects.filter(pk=value).first()
        return named(owner) if owner else "–"
    if name in _CHOICES:
        return str(dict(_CHOICES[name].choices).get(value, value))
    if name == "rule":
        return str(RULES.get(value, value))
    if name == "options":
        return _("、").join(write_options(value).split("\n"))
    return _("、").join(str(_ONLY.get(one, one)) for one in value) if name == "only" else str(value)
