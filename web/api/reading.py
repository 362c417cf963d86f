"""Which cases a token reads, and a page of them."""

import base64
import binascii
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.errors import NotAllowed, OutOfScope
from gis.incidents.assignment import Assignment
from gis.incidents.finding import Wanted, find_incidents
from gis.models import Category, Department, Incident, Step
from gis.written import refuse
from web.api.shapes import WantedIn

_WITH = ("category", "building", "component", "department", "merged_into")


def readable(request: HttpRequest) -> QuerySet:
    """The cases of a token's area and, where it is a department's, those it has, had or filed itself."""
    scope = request.access.which("incident.read")
    if not scope:
        raise NotAllowed(_("这个令牌不能读取事件。"), fix=_("请管理员发一个有“查看事件”权限的令牌。"))
    return of_department(Incident.objects.inside(scope), request.token)


def of_department(cases: QuerySet, token) -> QuerySet:
    """Narrowed to the department of a token, where it has one."""
    if token.department_id is None:
        return cases
    given = Assignment.objects.filter(incident=OuterRef("pk"), department=token.department_id)
    filed = Step.objects.filter(incident=OuterRef("pk"), actor=token.user_id, act="report")
    return cases.filter(Q(department=token.department_id) | Q(Exists(given)) | Q(Exists(filed)))


def one_case(request: HttpRequest, number: str) -> Incident:
    """A case by its number. Raises OutOfScope."""
    found = readable(request).select_related(*_WITH).filter(number=number).first()
    if found is None:
        raise OutOfScope(_("没有找到，或不在这个令牌的范围内。"))
    return found


def number_within(request: HttpRequest, number: str) -> str:
    """A number as it was given, where the token may know of it; else one that no case has.

    For the domain to refuse as it refuses what is not there: a department's token names no case of another.
    """
    narrowed = of_department(Incident.objects.filter(number=number), request.token)
    return number if narrowed.exists() else "-"


def page_of_cases(request: HttpRequest, asked: WantedIn) -> tuple[list[Incident], str | None]:
    """The cases that fit, newest first, and where the next page begins."""
    readable(request)  # raises where none may be read
    found = find_incidents(_wanted(asked), request.access.which("incident.read"))
    found = _after(of_department(found, request.token), asked.after)
    rows = list(found.select_related(*_WITH).defer("drawing", "building__geometry")[: asked.limit + 1])
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    return rows, _mark(rows[-1]) if more else None


def _wanted(asked: WantedIn) -> Wanted:
    if asked.first and asked.last and asked.last < asked.first:
        raise refuse("last", _("结束日期早于开始日期。"), _("请互换两个日期。"))
    return Wanted(
        text=asked.text,
        area=asked.area or "",
        categories=frozenset(category_ids(asked.categories)),
        majors=frozenset(asked.majors),
        states=frozenset(asked.states),
        late=asked.late,
        departments=frozenset(department_ids(asked.departments)),
        origins=frozenset(asked.origins),
        first=asked.first,
        last=asked.last,
    )


def category_ids(codes: list[str]) -> list[int]:
    """Primary keys of categories by system and code. Raises Refused for one there is not."""
    found = []
    for text in codes:
        kind, _slash, code = text.partition("/")
        key = Category.objects.filter(kind=kind, code=code).values_list("pk", flat=True).first()
        if key is None:
            raise refuse("category", _("没有类别“%(code)s”。") % {"code": text}, _("类别见 GET /api/v1/categories。"))
        found.append(key)
    return found


def department_ids(codes: list[str]) -> list[int]:
    """Primary keys of departments, in the order given. Raises Refused for one there is not."""
    known = dict(Department.objects.filter(code__in=codes).values_list("code", "pk"))
    for code in codes:
        if code not in known:
            raise refuse("departments", _("没有部门“%(code)s”。") % {"code": code}, _("请核对部门代码。"))
    return [known[code] for code in codes]


def _mark(last: Incident) -> str:
    text = f"{last.reported_at.astimezone(UTC).isoformat()} {last.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(found: QuerySet, mark: str | None) -> QuerySet:
    if not mark:
        return found
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode("ascii")
        moment, _blank, key = text.partition(" ")
        at, pk = datetime.fromisoformat(moment), int(key)
        if at.tzinfo is None or not 0 < pk < 2**63 or not 1900 < at.year < 2200:
            raise ValueError(text)
    except (ValueError, binascii.Error):
        raise refuse("after", _("这不是一页的记号。"), _("请原样使用上一页的 next。")) from None
    return found.filter(Q(reported_at__lt=at) | Q(reported_at=at, pk__lt=pk))
