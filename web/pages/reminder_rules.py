"""The rules of reminders as forms: when, to whom, and whether the case goes up a level by it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gis.errors import NotAllowed, Refused
from gis.incidents.reminders.rule import TABLE, Of, To, read_rule
from gis.models import Category, Code
from web.pages.calendar import may_change
from web.pages.case_clock import spoken_limit
from web.tasks import set_alarms


class RuleForm(forms.Form):
    """What of a rule may be changed; which clock it looks at, and whether at urgent cases, stays."""

    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    share = forms.IntegerField(label=gettext_lazy("用去时限的百分之"), min_value=1, max_value=100, required=False)
    after = forms.IntegerField(label=gettext_lazy("再过"), min_value=0, max_value=999, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=Category.Unit.choices, required=False)
    to = forms.MultipleChoiceField(
        label=gettext_lazy("对象"), choices=To.choices, widget=forms.CheckboxSelectMultiple, required=True
    )
    escalates = forms.BooleanField(label=gettext_lazy("同时上报一级"), required=False)

    def details(self, old: dict) -> dict:
        """What the code table keeps: as the lines of its file, all text."""
        said = self.cleaned_data
        new = {
            "share": str(said["share"] or "") if old.get("clock") != Of.PAUSE else "",
            "after": str(said["after"] or ""),
            "unit": said["unit"] if said["after"] else "",
            "to": " ".join(said["to"]),
            "escalates": "yes" if said["escalates"] else "",
        }
        return {name: value for name, value in (old | new).items() if value}


def shown(may: bool) -> list[dict]:
    """Every rule as a row, with its form for who may change it; those that are switched off too."""
    return [_row(entry, may) for entry in Code.objects.filter(table=TABLE).order_by("position", "code")]


def _row(entry: Code, may: bool) -> dict:
    rule = read_rule(entry.code, entry.name, entry.details)
    row = {"code": entry.code, "name": _(entry.name), "off": entry.retired, "broken": rule is None}
    if rule:
        row |= {
            "of": str(Of(rule.of).label),
            "share": rule.share if rule.of != Of.PAUSE else None,
            "after": spoken_limit(rule.after) if rule.after else "",
            "urgent": rule.urgent,
            "to": [str(To(one).label) for one in To.values if one in rule.to],
            "escalates": rule.escalates,
        }
    if may:
        said = entry.details
        begun = {name: said.get(name) for name in ("share", "after", "unit")}
        begun |= {"to": str(said.get("to", "")).split(), "escalates": said.get("escalates") == "yes"}
        row["form"] = RuleForm(initial=begun | {"active": not entry.retired}, auto_id=f"{entry.code}-%s")
    return row


@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change one rule; every open case gets the alarms of the rules as they then are."""
    if not may_change(request):
        raise NotAllowed(_("时限由管理全部辖区的管理员维护。"), fix=_("需要更改时请联系管理员。"))
    entry = get_object_or_404(Code, table=TABLE, code=code)
    form = RuleForm(request.POST)
    if not form.is_valid():
        wrong = {name: " ".join(found) for name, found in form.errors.items()}
        raise Refused(" ".join(wrong.values()), fix=_("请改正后再保存。"), fields=wrong)
    entry.details, entry.retired = form.details(entry.details), not form.cleaned_data["active"]
    if read_rule(entry.code, entry.name, entry.details) is None:
        raise Refused(_("这条规则不完整。"), fix=_("请填写百分比、对象，以及时间的单位。"))
    entry.save(update_fields=["details", "retired"])
    set_alarms.defer()
    messages.success(request, _("提醒规则已更新。"))
    return redirect("limits")
