"""What a rule must say to be kept: conditions that can hold, and targets there are."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.departments import Department
from gis.accounts.users import User
from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.errors import Refused
from gis.incidents.category import Category
from gis.incidents.incident import Incident
from gis.incidents.routing.rule import RoutingRule


def judge_rule(rule: RoutingRule, owner: str) -> None:
    """Raises Refused, with every field that cannot stay as it is and what to do about it."""
    wrong = {field: text for field, text in _faults(rule, owner) if text}
    if wrong:
        raise Refused(_("规则还不能保存。"), fix=_("请看标出的几处。"), fields=wrong)


def _faults(rule: RoutingRule, owner: str):
    yield "name", "" if rule.name.strip() else _("还没有名称。请写几个字，让人看得懂为什么派到那里。")
    yield "area", "" if _is_inside(rule.area, owner) else _("范围不在这个辖区内。请从列表里选择。")
    yield "categories", "" if _are_categories(rule) else _("没有这个类别。请从列表里选择。")
    yield "origins", "" if set(rule.origins) <= set(Incident.Source.values) else _("没有这个渠道。")
    yield "weekdays", "" if set(rule.weekdays) <= set(range(1, 8)) else _("没有这一天。")
    yield "hours", _hours(rule)
    yield "ends", _("结束日期在开始日期之前。") if rule.starts and rule.ends and rule.ends < rule.starts else ""
    yield "departments", "" if _are_departments(rule) else _("没有这个部门。请从列表里选择。")
    yield "handler", "" if _is_colleague(rule, owner) else _("这个人不在所选的部门或辖区里。请重新选择，或不指定人。")
    yield "by_hand", _contradiction(rule)


def _is_inside(area: str, owner: str) -> bool:
    if not area:
        return True
    if not area.startswith(owner):
        return False
    today = timezone.localdate()
    return Area.objects.filter(code=area).exists() or CellVersion.objects.on(today).filter(code=area).exists()


def _are_categories(rule: RoutingRule) -> bool:
    known = Category.objects.filter(pk__in=rule.categories).count()
    majors = Category.objects.filter(major__in=rule.majors).values("major").distinct().count()
    return known == len(set(rule.categories)) and majors == len(set(rule.majors))


def _hours(rule: RoutingRule) -> str:
    if (rule.since is None) != (rule.until is None):
        return _("时段要有开始和结束。请补上另一个，或都不填。")
    return _("时段的开始和结束相同。全天请都不填。") if rule.since and rule.since == rule.until else ""


def _are_departments(rule: RoutingRule) -> bool:
    return Department.objects.filter(pk__in=rule.departments).count() == len(rule.departments)


def _is_colleague(rule: RoutingRule, owner: str) -> bool:
    return rule.handler_id is None or handlers(owner, rule.departments, rule.team).filter(pk=rule.handler_id).exists()


def handlers(owner: str, departments: list[int], team: str):
    """Those whom a rule may name: of its departments, and of a team those who work on the desk's ground."""
    found = User.objects.filter(department__in=departments, is_active=True)
    if team:
        tomorrow = timezone.localdate() + timedelta(days=1)
        here = {"postings__area__gte": owner, "postings__area__lt": owner + ":", "postings__starts__lte": tomorrow}
        found = found | User.objects.filter(is_active=True, **here)
    return found.distinct()


def _contradiction(rule: RoutingRule) -> str:
    if rule.by_hand and (rule.departments or rule.team or rule.level):
        return _("“留给人工派遣”时不能同时派给谁。请去掉一边。")
    if rule.handler_id and not (rule.departments or rule.team):
        return _("指定了人，还没有选择部门或队伍。")
    return "" if rule.decides else _("还没有选择派给谁。请选择部门、队伍或层级，或留给人工派遣。")
