"""The capabilities a token of the API may be given, in words. Disputes and rules are not among them, and of people only
how many there are, and what owners of the fields have let a department's subscription take, masked."""

from django.utils.translation import gettext_lazy as _

from gis.accounts.roles import capabilities

_WORDS = {
    "people.count": _("查看人口数（没有个人）"),
    "incident.read": _("查看事件"),
    "incident.write": _("上报事件"),
    "case.accept": _("受理立案"),
    "case.dispatch": _("派遣"),
    "case.dispose": _("处置"),
    "case.check": _("核实核查"),
    "case.close": _("结案"),
    "case.answer": _("公开答复"),
    "share.take": _("取用本部门的数据订阅"),
}


def token_capabilities() -> list[tuple[str, str]]:
    """Code and word of each, in the order of a case's life."""
    return [(name, word) for name, word in _WORDS.items() if name in capabilities()]
