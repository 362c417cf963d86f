"""A category in words: its fields, their values, a change of them."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.errors import NotAllowed
from gis.incidents.category import Category, Terms
from gis.written import refuse
from web.administration.in_scope import holds_all

#: Field → its word.
LABELS = {
    "major": gettext_lazy("大类"),
    "name": gettext_lazy("小类"),
    "urgent": gettext_lazy("紧急"),
    "accept_within_hours": gettext_lazy("受理时限"),
    "dispose_within": gettext_lazy("处置时限"),
    "is_public": gettext_lazy("向居民公开"),
    "synonyms": gettext_lazy("别的说法"),
    "retired": gettext_lazy("使用"),
    "successors": gettext_lazy("后继"),
}


def may_edit(request) -> bool:
    """Whoever keeps the rules of a street or district, or everything."""
    return bool(request.access.which("case.rules")) or keeps_all(request)


def keeps_all(request) -> bool:
    """What everybody may know of a case is decided for all areas at once, by who keeps all of them."""
    return holds_all(request.access.which("codes.manage")) or holds_all(request.access.which("case.rules"))


def judge_reader(request) -> None:
    if not (request.access.may_anywhere("incident.read") or may_edit(request)):
        raise NotAllowed(_("您的角色看不到事件类别。"), fix=_("需要时请联系管理员调整任职。"))


def judge_editor(request) -> None:
    if not may_edit(request):
        raise NotAllowed(_("类别由街道、区级主管和管理员维护。"), fix=_("需要更改时请告诉他们。"))


def judge_publicity(request, sets: dict) -> None:
    """What residents get to see anywhere is not for one street to decide."""
    if "is_public" in sets and not keeps_all(request):
        message = _("是否向居民公开由管理全部辖区的人决定。")
        raise refuse("is_public", message, _("请保持原样，或请管理员更改。"))


def read_day(text: str) -> date | None:
    """The day from which something is to hold; today where none was written."""
    if not text.strip():
        return None
    try:
        found = parse_date(text.strip())
    except ValueError:
        found = None
    if found is None or not timezone.localdate() <= found <= date(2099, 12, 31):
        raise refuse("starts", _("日期读不懂，已经过去，或太远。"), _("请选择今天或以后的日期。"))
    return found


def begins(day: date | None) -> datetime:
    """The moment at which a change from that day would begin."""
    if day is None or day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time.min))


def spoken(name: str, terms: Terms, names: dict[int, str]) -> str:
    """The value of a field, – for none."""
    value = getattr(terms, name)
    if name == "retired":
        return _("停用") if value else _("在用")
    if name == "successors":
        return _("、").join(names[pk] for pk in value if pk in names) or "–"
    if name in ("major", "name"):
        return _(value) if value else "–"
    if name == "accept_within_hours":
        return f"{value} {Category.Unit.WORK_HOUR.label}" if value else "–"
    if name == "dispose_within":
        return f"{value} {Category.Unit(terms.dispose_unit).label}" if value and terms.dispose_unit else "–"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value or "–"


def compared(before: Terms, after: Terms, names: dict[int, str]) -> list[tuple[str, str, str, str]]:
    """What differs: field, its word, before, after."""
    rows = [
        (name, str(label), spoken(name, before, names), spoken(name, after, names)) for name, label in LABELS.items()
    ]
    return [row for row in rows if row[2] != row[3]]


def names_of_kind(kind: str) -> dict[int, str]:
    """Key → code and name."""
    rows = Category.objects.filter(kind=kind).values_list("pk", "code", "name")
    return {pk: f"{code} {_(name)}" for pk, code, name in rows}
