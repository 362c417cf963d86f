"""Rules in words: what a rule asks, where it sends, and why a case did not fit."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.incidents.incident import Incident, Level
from gis.incidents.routing import fitting
from gis.incidents.routing.rule import RoutingRule, Team
from gis.incidents.routing.target import Target
from gis.models import Category, Department, User
from web.pages.choices import names_of
from web.templatetags.words import named, word

#: Monday first, as `isoweekday` counts.
WEEKDAYS = tuple(
    map(gettext_lazy, ("周一", "周二", "周三", "周四", "周五", "周六", "周日"))
)  # fmt: skip
FIELDS = {
    fitting.AREA: gettext_lazy("地点"),
    fitting.KIND: gettext_lazy("类别"),
    fitting.URGENT: gettext_lazy("紧急程度"),
    fitting.ORIGIN: gettext_lazy("渠道"),
    fitting.WEEKDAY: gettext_lazy("星期"),
    fitting.HOURS: gettext_lazy("时段"),
    fitting.PERIOD: gettext_lazy("日期"),
}


@dataclass(frozen=True)
class Names:
    """The names a page of rules needs, looked up once."""

    rules: tuple[RoutingRule, ...]
    areas: frozenset[str] = frozenset()

    @cached_property
    def departments(self) -> dict[int, Department]:
        return {one.pk: one for one in Department.objects.all()}

    @cached_property
    def categories(self) -> dict[int, str]:
        wanted = {pk for rule in self.rules for pk in rule.categories}
        return dict(Category.objects.filter(pk__in=wanted).values_list("pk", "name"))

    @cached_property
    def people(self) -> dict[int, str]:
        wanted = {rule.handler_id for rule in self.rules if rule.handler_id}
        return {one.pk: one.name or one.username for one in User.objects.filter(pk__in=wanted)}

    @cached_property
    def places(self) -> dict[str, str]:
        return names_of({rule.area for rule in self.rules if rule.area} | self.areas)

    def department(self, pk: int) -> str:
        known = self.departments.get(pk)
        return named(known) if known else _("（已撤销的部门）")


def conditions_in_words(rule: RoutingRule, names: Names) -> list[tuple[str, str, str]]:
    """What a rule asks: field, its name, and the words; nothing where it asks nothing."""
    comma = _("、")
    origins = dict(Incident.Source.choices)
    said = {
        fitting.AREA: names.places.get(rule.area, rule.area),
        fitting.KIND: comma.join(
            [*(_("%(major)s（整类）") % {"major": word(major)} for major in rule.majors),
             *(word(names.categories.get(pk, "?")) for pk in rule.categories)]
        ),
        fitting.URGENT: "" if rule.urgent is None else _("紧急") if rule.urgent else _("不紧急"),
        fitting.ORIGIN: comma.join(str(origins[one]) for one in rule.origins if one in origins),
        fitting.WEEKDAY: comma.join(str(WEEKDAYS[day - 1]) for day in sorted(rule.weekdays)),
        fitting.HOURS: _hours(rule),
        fitting.PERIOD: _period(rule),
    }  # fmt: skip
    return [(field, str(FIELDS[field]), words) for field, words in said.items() if words]


def _hours(rule: RoutingRule) -> str:
    if rule.since is None or rule.until is None:
        return ""
    over = _("次日 ") if rule.since > rule.until else ""
    return f"{rule.since:%H:%M}–{over}{rule.until:%H:%M}"


def _period(rule: RoutingRule) -> str:
    first = date_format(rule.starts, "Y-m-d") if rule.starts else ""
    last = date_format(rule.ends, "Y-m-d") if rule.ends else ""
    if first and last:
        return f"{first} – {last}"
    return _("%(day)s 起") % {"day": first} if first else _("到 %(day)s") % {"day": last} if last else ""


def target_in_words(rule: RoutingRule, names: Names) -> str:
    """Where a rule sends a case."""
    if rule.by_hand:
        return _("留给人工派遣")
    parts = [_level(rule.level)] if rule.level else []
    parts += _departments(rule.departments, names)
    if rule.team:
        parts.append(_("%(team)s的工作人员") % {"team": Team(rule.team).label})
    if rule.handler_id:
        parts.append(_("经办人 %(name)s") % {"name": names.people.get(rule.handler_id, "?")})
    return _("，").join(parts)


def _level(level: int) -> str:
    return _("先交到%(level)s") % {"level": Level(level).label}


def _departments(departments, names: Names) -> list[str]:
    if not departments:
        return []
    lead, *helpers = map(names.department, departments)
    if not helpers:
        return [lead]
    joined = _("、").join(helpers)
    return [_("%(lead)s牵头，%(helpers)s协办") % {"lead": lead, "helpers": joined}]


def place_in_words(target: Target | None, names: Names) -> str:
    """Where a case would go, in a table of many: departments and desk by name, a team by its kind."""
    if target is None:
        return _("没有规则，等待人工派遣")
    parts = [_level(target.level)] if target.level else []
    parts += _departments(target.departments, names)
    if target.team:
        parts.append({15: _("网格员"), 12: _("社区"), 9: _("街道")}.get(len(target.team), target.team))
    return _("，").join(parts) or _("留给人工派遣")
