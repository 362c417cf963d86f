"""Changing categories from a day on, adding and withdrawing; and keeping their columns what holds today.

A change from today holds from this moment, not from midnight: whatever was reported this morning keeps its clock. One
lock stands between reports and changes, so that no report is counted by terms that a change from an earlier moment is
just replacing.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.errors import Conflict, Refused
from gis.incidents.category import FIELDS, Category, Terms
from gis.incidents.category_change import BEGINNING, CategoryChange
from gis.incidents.finding import midnight
from gis.written import refuse

#: A change that begins sooner than this can no longer be withdrawn: a phone's clock may run ahead.
TOO_LATE = timedelta(minutes=5)
_LAST_DAY = date(2099, 12, 31)
_LOCK = 0x43415445  # "CATE"


def hold_categories() -> None:
    """Let no category change until the end of this transaction. Reports do not wait for each other."""
    _lock("pg_advisory_xact_lock_shared")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])


@transaction.atomic
def change_category(
    category: Category,
    wanted: dict,
    *,
    user: User | None,
    starts: date | None = None,
    reason: str = "",
    seen: int | None = None,
    origin: str = CategoryChange.Origin.EDITOR,
) -> CategoryChange | None:
    """Let a category say something else from a day on (none, or today: from now on). None where nothing differs.

    Raises Conflict, with how it stands now, where it is no longer at the revision `seen`; Refused for a day that is
    over.
    """
    from gis.incidents.incident import Incident

    _lock("pg_advisory_xact_lock")
    kept = Category.objects.select_for_update().get(pk=category.pk)
    if seen is not None and seen != kept.revision:
        raise _conflict(kept)
    since = _moment(starts)
    if since is None:
        ahead = Incident.objects.filter(category=kept, reported_at__gt=timezone.now())
        latest = ahead.aggregate(at=Max("reported_at"))["at"]
        since = max(timezone.now(), latest + timedelta(microseconds=1) if latest else timezone.now())
    sets = _different(kept.at(since), wanted)
    if not sets:
        return None
    if not kept.changes.exists():
        _write_down(kept)
    made = CategoryChange.objects.create(
        category=kept, since=since, sets=sets, reason=reason, origin=origin, made_by=user, made_at=timezone.now()
    )
    _keep(kept)
    return made


def _conflict(kept: Category) -> Conflict:
    last = kept.changes.select_related("made_by").order_by("-pk").first()
    who = last.made_by.name if last and last.made_by else _("别人")
    return Conflict(
        _("%(who)s刚刚更改过这个类别。") % {"who": who},
        fix=_("请看标出的不同，再决定是否保存。"),
        theirs={"revision": kept.revision, "change": last and last.pk},
    )


def _moment(starts: date | None) -> datetime | None:
    """The first moment of a day to come; None for now. Raises Refused for any other day."""
    today = timezone.localdate()
    if starts is None or starts == today:
        return None
    if not today < starts <= _LAST_DAY:
        raise refuse("starts", _("日期已经过去，或太远。"), _("请选择今天或以后的日期：已上报的事件保持原来的规定。"))
    return midnight(starts)


def _different(terms: Terms, wanted: dict) -> dict:
    """What of it the category does not say already, as it is kept. An amount and its unit go together."""
    sets = {name: list(value) if name == "successors" else value for name, value in wanted.items()}
    held = {name: list(terms.successors) if name == "successors" else getattr(terms, name) for name in sets}
    found = {name for name, value in sets.items() if value != held[name]}
    if found & {"dispose_within", "dispose_unit"}:
        found |= {"dispose_within", "dispose_unit"} & set(sets)
    return {name: sets[name] for name in FIELDS if name in found}


def _write_down(category: Category) -> None:
    """What a category said before anybody changed it, as the first of its changes."""
    sets = {name: getattr(category, name) for name in FIELDS}
    CategoryChange.objects.create(
        category=category, since=BEGINNING, sets=sets, origin=CategoryChange.Origin.BEFORE, made_at=timezone.now()
    )


@transaction.atomic
def add_category(
    kind: str, code: str, terms: dict, *, user: User | None, starts: date | None = None, reason: str = "",
    origin: str = CategoryChange.Origin.EDITOR,
) -> Category:  # fmt: skip
    """A category of our own, in use from a day on."""
    _lock("pg_advisory_xact_lock")
    since = _moment(starts)
    if Category.objects.filter(kind=kind, code=code).exists():
        raise refuse("code", _("代码 %(code)s 已有类别。") % {"code": code}, _("请换一个代码。"))
    made = Category(kind=kind, code=code, **terms | {"retired": True})
    made.save()
    _write_down(made)
    CategoryChange.objects.create(
        category=made, since=since or timezone.now(), sets={"retired": False}, reason=reason, origin=origin,
        made_by=user, made_at=timezone.now(),
    )  # fmt: skip
    _keep(made)
    return made


@transaction.atomic
def withdraw(change: CategoryChange, user: User) -> None:
    """Let a change that has not begun never begin. Raises Refused for any other."""
    _lock("pg_advisory_xact_lock")
    kept = Category.objects.select_for_update().get(pk=change.category_id)
    now = timezone.now()
    found = CategoryChange.objects.filter(pk=change.pk, withdrawn_at=None, since__gt=now + TOO_LATE)
    if not found.update(withdrawn_at=now, withdrawn_by=user):
        raise Refused(
            _("这项更改已经生效或已被撤回。"),
            fix=_("请再作一次更改，写回原来的内容；已上报的事件不受影响。"),
        )
    _keep(kept)


def keep_up(now: datetime | None = None) -> int:
    """Bring the columns up to what holds now; how many categories had changes that have begun meanwhile."""
    now = now or timezone.now()
    if not Category.objects.filter(next_at__lte=now).exists():
        return 0
    with transaction.atomic():
        behind = list(Category.objects.select_for_update().filter(next_at__lte=now).order_by("pk"))
        for category in behind:
            _keep(category, now, counts=False)
    return len(behind)


def _keep(category: Category, now: datetime | None = None, *, counts: bool = True) -> None:
    """Write the log of a category, and into its columns what holds now."""
    now = now or timezone.now()
    changes = list(category.changes.standing())
    category.log = [[one.since.isoformat(), one.sets] for one in changes]
    terms = category.at(now)
    for name in FIELDS:
        setattr(category, name, list(terms.successors) if name == "successors" else getattr(terms, name))
    category.next_at = min((one.since for one in changes if one.since > now), default=None)
    category.revision += counts
    category.save(update_fields=[*FIELDS, "log", "next_at", "revision"])


def predecessors(pks: Iterable[int]) -> frozenset[int]:
    """Those categories, and whatever was put in the place of nothing but one of them since: their earlier cases.

    What was split has no one successor, and stays by itself.
    """
    only = {
        pk: found[0]
        for pk, found in Category.objects.filter(retired=True).values_list("pk", "successors")
        if len(found) == 1
    }
    found = set(pks)
    while more := {pk for pk, successor in only.items() if successor in found and pk not in found}:
        found |= more
    return frozenset(found)
