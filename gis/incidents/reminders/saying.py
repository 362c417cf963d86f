"""What a notice says, in its reader's language: of the rule or the act, and of the case as it is now."""

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.codes.naming import names_in
from gis.incidents.reminders.notice import Notice
from gis.incidents.reminders.rule import TABLE
from gis.incidents.stages import Stage
from gis.incidents.step import Act

_ACTS = {
    Act.REPORT: gettext_lazy("新的紧急事件"),
    Act.DISPATCH: gettext_lazy("派给您处置"),
    Act.REDIRECT: gettext_lazy("改派给您处置"),
    Act.INVITE: gettext_lazy("请您协办"),
    Act.ASSIGN: gettext_lazy("转交给您"),
    Act.REWORK: gettext_lazy("核查未通过，请返工"),
    Act.SUSPEND: gettext_lazy("已批准挂起"),
    Act.KEEP_ON: gettext_lazy("未批准挂起，请继续处置"),
    Act.RETURN: gettext_lazy("被退回，请重新派遣"),
    Act.ASK_SUSPEND: gettext_lazy("申请挂起，请审批"),
    Act.DISPOSE: gettext_lazy("已处置，请核查"),
    Act.ESCALATE: gettext_lazy("上报到您这一级"),
    Act.HAND_DOWN: gettext_lazy("交回到您这一级"),
    Act.APPEAL: gettext_lazy("上报人要求重办"),
}


def say(notices: list[Notice]) -> list[Notice]:
    """Put what each notice says into it: `title`, and `stage` and `due` where a rule speaks of them."""
    names = names_in(TABLE)
    for notice in notices:
        act = _ACTS.get(notice.kind)
        notice.title = str(act) if act else _(names[notice.kind]) if names.get(notice.kind) else _("提醒")
        stage = notice.facts.get("stage", "")
        notice.stage = str(Stage(stage).label) if stage in Stage.values else ""
        notice.due = parse_datetime(notice.facts.get("due") or "")
    return notices
