"""What every page's frame shows: who is signed in, where, the ways to go, and whether the data are a demonstration."""

from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.accounts.roles import roles
from gis.accounts.scope import Access
from gis.models import Area
from web.pages.choices import names_of
from web.pages.demonstration import accounts
from web.pages.inbox import DUTIES
from web.pages.notices import unread

#: URL name → its word in the navigation, and the capability (or several, one of which will do) without which it is not
#: offered. In the order of a day: what there is, what is to be done, where to look it up, what comes of it.
_WAYS = {
    "map": (gettext_lazy("地图"), "area.read"),
    "dashboard": (gettext_lazy("概览"), "area.read"),
    "inbox": (gettext_lazy("待办"), DUTIES),
    "buildings": (gettext_lazy("楼栋"), "area.read"),
    "residents": (gettext_lazy("居民"), "people.read"),
    "forms": (gettext_lazy("一表通"), "catalogue.read"),
    "incidents": (gettext_lazy("事件"), "incident.read"),
    "evaluation": (gettext_lazy("评价指标"), "incident.read"),
    "routing": (gettext_lazy("派遣"), "case.dispatch"),
    "plans": (gettext_lazy("网格方案"), "plan.read"),
    "categories": (gettext_lazy("事件类别"), "codes.manage"),
    "commons": (gettext_lazy("社区服务"), "commons.write"),
    "reports": (gettext_lazy("报表"), "area.read"),
    "field": (gettext_lazy("外勤"), "people.write"),
}
#: Areas of the reader named in the header.
_MOST_HOMES = 3
#: Detail pages light up the list they belong to.
_UNDER = {
    "building": "buildings",
    "resident": "residents",
    "resident-reveal": "residents",
    "resident-paper": "residents",
    "readings": "residents",
    "doubles": "residents",
    "life-changes": "residents",
    "organisations": "buildings",
    "organisation": "buildings",
    "organisation-new": "buildings",
    "organisation-edit": "buildings",
    "incident": "incidents",
    "evaluation-cases": "evaluation",
    "routing-table": "routing",
    "routing-rule": "routing",
    "routing-trial": "routing",
    "routing-waiting": "routing",
    "component": "buildings",
    "components": "buildings",
    "service-point-list": "buildings",
    "plan": "plans",
    "plan-new": "plans",
    "plan-talk": "plans",
    "plan-comment": "plans",
    "plan-decide": "plans",
    "plan-compare": "plans",
    "plan-files": "plans",
    "plan-print": "plans",
    "boundary-repair": "plans",
    "form": "forms",
    "form-new": "forms",
    "form-fields": "forms",
    "form-extra": "forms",
    "form-move": "forms",
    "success": "forms",
    "subscriptions": "forms",
    "subscription": "forms",
    "subscription-new": "forms",
    "subscription-fields": "forms",
    "subscription-submit": "forms",
    "subscription-answer": "forms",
    "subscription-end": "forms",
    "subscription-export": "forms",
    "corrections": "forms",
    "corrections-mine": "forms",
    "corrections-answer": "forms",
    "correction": "forms",
    "correction-reveal": "forms",
    "resident-correct": "residents",
    "catalogue": "forms",
    "catalogue-field": "forms",
    "catalogue-new": "forms",
    "sheets": "forms",
    "sheet": "forms",
    "sheet-review": "forms",
    "category": "categories",
    "category-new": "categories",
    "categories-bulk": "categories",
    "hotline": "incidents",
    "hotline-file": "incidents",
    "hotline-unplaced": "incidents",
    "hotline-unmapped": "incidents",
    "mediation": "incidents",
    "mediation-reviews": "incidents",
    "commons-wishes": "commons",
    "commons-wish": "commons",
    "bulletins": "commons",
    "bulletin": "commons",
    "consultations": "commons",
    "consultation": "commons",
    "publication": "incidents",
    "redaction": "incidents",
}


def frame(request: HttpRequest) -> dict:
    context = {
        "is_demonstration": Area.objects.filter(source="demo").exists(),
        "demonstration_accounts": accounts,
    }
    scope = getattr(request, "scope", None)
    if not scope:
        return context
    home = scope.areas[:_MOST_HOMES]
    return context | {
        "home_places": list(map(names_of(set(home)).get, home, home)),
        "held_roles": _held_roles(request.access),
        "links": _links(request),
        "sees_sheets": bool(request.access.which("sheet.bring") or request.access.which("people.write")),
        "unread": cache(lambda: unread(request.user, request.access)),
    }


def _held_roles(access: Access) -> list[str]:
    held = dict.fromkeys(role for role, _area in access.postings if role in roles())
    return [str(roles()[role]) for role in held]


def _links(request: HttpRequest) -> list[dict]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    offered = [
        {"url": reverse(name), "name": word, "here": _UNDER.get(here, here) == name}
        for name, (word, needs) in _WAYS.items()
        if any(map(request.access.may_anywhere, (needs,) if isinstance(needs, str) else needs))
    ]
    if request.user.is_staff:
        offered.append({"url": reverse("admin:index"), "name": _("管理"), "here": False})
    return offered
