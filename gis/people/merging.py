"""Making two records of one person one, and taking that back without loss (`merge.py` says what is done).

Whoever merges writes people in the areas of both. The caller holds a transaction. Two people with different numbers are
never merged.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope, applied
from gis.accounts.users import User
from gis.errors import Conflict, OutOfScope, Refused
from gis.people.household import ONE_OPEN, Residence
from gis.people.life.event import LifeEvent
from gis.people.locking import hold_people
from gis.people.merge import Merge
from gis.people.need import Need
from gis.people.resident import Resident
from gis.people.sealing import are_alike
from gis.refused_rows import refuse_unless
from gis.written import read_line

#: What tells of a person: table and, where rows of two people may not be alike, what must differ.
_TELLING = {
    "grid_residence": "",
    "grid_need": "tag, starts",
    "grid_visit": "call",  # both were met behind one door
    "grid_fact": "",
    "grid_correction": "field_id, value, value_index, source, department_id",
    "grid_lifeevent": "",
}
#: Columns that go together: filled in the kept record where it has none of them.
_FILLED = {
    "identity": ("identity_sealed", "identity_index", "identity_before", "identity_last4", "document"),
    "phone": ("phone_sealed", "phone_index", "phone_last4"),
    "born": ("born",),
}
#: Changes of a life event (`life/ledger.py`) that name a stay.
_OF_STAYS = {"ended", "began", "relation"}
_EMPTY = {"identity_last4": "", "phone_last4": "", "document": "111"}


def merge(kept: int, gone: int, *, user: User, access: Access, reason: str) -> Merge:
    """Make `gone` part of `kept`. Raises OutOfScope, Refused."""
    reason = read_line(reason, "reason", 200, needed=True)
    one, other = _both(kept, gone, access)
    numbers = [(person.identity_sealed, person.identity_index) for person in (one, other)]
    if all(index for _sealed, index in numbers) and not are_alike(*numbers):
        raise Refused(_("两份档案的证件号码不同，不是同一个人。"), fix=_("请核对证件；号码有错时先更正号码。"))
    done = Merge.objects.create(
        kept=kept, gone=gone, area=one.area, gone_area=other.area, gone_doubled=other.doubled, reason=reason, by=user
    )
    with _seeing(done, access, other.area):
        done.ended = _end_double_stays(one, other)
        done.moved = _move_all(gone, kept)
        _lay_needs(kept, one.area)
        Resident.objects.filter(pk=gone).update(area=done.away, doubled=True)
        done.filled = _fill(one, other)
    done.save(update_fields=["ended", "moved", "filled"])
    return done


def _both(kept: int, gone: int, access: Access) -> tuple[Resident, Resident]:
    people = Resident.objects.inside(access.which("people.write")).filter(pk__in=(kept, gone))
    found = {one.pk: one for one in people.order_by("pk").select_for_update()}
    if kept == gone or len(found) != 2:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return found[kept], found[gone]


@contextmanager
def _seeing(done: Merge, access: Access, *areas: str) -> Iterator[None]:
    """A scope in which the record is seen, there and away, and all that tells of it where they write."""
    with applied(Scope.of([*access.which("people.write").areas, done.area, done.away, *areas])):
        yield


def _end_double_stays(one: Resident, other: Resident) -> list[int]:
    """A person has one open stay of a kind: that of the kept record."""
    kinds = Residence.objects.filter(resident=one, ends=None).values_list("kind", flat=True)
    double = Residence.objects.filter(resident=other, ends=None, kind__in=list(kinds))
    keys = list(double.values_list("pk", flat=True))
    for stay in double:
        Residence.objects.filter(pk=stay.pk).update(ends=max(timezone.localdate(), stay.starts))
    return keys


def _move_all(gone: int, kept: int) -> dict[str, list[int]]:
    """All that tells of one person, by table. Raises Refused, saying no more, where a stay out of sight forbids it."""
    try:
        with transaction.atomic():
            return {table: _move(table, alike, gone, kept) for table, alike in _TELLING.items()}
    except IntegrityError as error:
        refuse_unless(error, ONE_OPEN)
        fix = _("请联系上级主管，由对两处都负责的人合并。")
        raise Refused(_("有一份档案的户籍或住处登记在别处，不能在这里合并。"), fix=fix) from None


def _move(table: str, alike: str, gone: int, kept: int) -> list[int]:
    """Let the rows that tell of one person tell of the other; their keys. Those the other has already are left."""
    unless = ""
    if alike:
        same = " AND ".join(f"k.{name} IS NOT DISTINCT FROM t.{name}" for name in alike.split(", "))
        unless = f"AND NOT EXISTS (SELECT FROM {table} k WHERE k.resident_id = %(kept)s AND {same})"
    sql = f"UPDATE {table} t SET resident_id = %(kept)s WHERE t.resident_id = %(gone)s {unless} RETURNING t.id"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, {"kept": kept, "gone": gone})
        return sorted(key for (key,) in cursor.fetchall())


def _lay_needs(person: int, area: str) -> None:
    """Needs lie where the record of the person lies: there they are seen, and there they count."""
    Need.objects.filter(resident=person).exclude(area=area).update(area=area)


def _fill(one: Resident, other: Resident) -> list[str]:
    """What the kept record lacks and the other has."""
    filled = [name for name, columns in _FILLED.items() if not getattr(one, columns[0]) and getattr(other, columns[0])]
    columns = {column: getattr(other, column) for name in filled for column in _FILLED[name]}
    if "identity" in filled:  # the number's own record may lie out of sight still
        columns["doubled"] = other.doubled
    if columns:
        Resident.objects.filter(pk=one.pk).update(**columns)
    return filled


def take_back(merge_uuid, *, user: User, access: Access) -> Merge:
    """Part two records again, each with what it had.

    Raises OutOfScope, Conflict where it was done already, Refused where a life event since changed what goes back.
    """
    scope = access.which("people.write")
    done = Merge.objects.inside(scope).filter(uuid=merge_uuid).select_for_update().first()
    if done is None or not scope.covers(done.gone_area):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    if done.undone_at is not None:
        raise Conflict(_("这次合并已经撤销。"), fix=_("请刷新页面。"))
    with _seeing(done, access, done.gone_area):
        hold_people((done.kept, done.gone))
    kept = Resident.objects.inside(scope).filter(pk=done.kept).first()
    if kept is None:
        raise Conflict(_("合并后的档案已不在您的辖区。"), fix=_("请由现在负责的人撤销。"))
    if Merge.objects.filter(gone=done.kept, undone_at=None).exists():
        raise Conflict(_("合并后的档案又并入了另一份。"), fix=_("请先撤销后一次合并。"))
    with _seeing(done, access, done.gone_area, kept.area):
        _refuse_changed(done)
        _empty(kept, Resident.objects.get(pk=done.gone), done.filled)
        for table, keys in done.moved.items():
            _move_back(table, keys, done)
        _lay_needs(done.gone, done.gone_area)
        Residence.objects.filter(pk__in=done.ended, resident=done.gone).update(ends=None)
        Resident.objects.filter(pk=done.gone).update(area=done.gone_area, doubled=done.gone_doubled)
    done.undone_by, done.undone_at = user, timezone.now()
    done.save(update_fields=["undone_by", "undone_at"])
    return done


def _refuse_changed(done: Merge) -> None:
    """A life event since the merge that changed what goes back would tell of two records, and never be taken back."""
    stays, needs = set(done.moved.get("grid_residence", [])), set(done.moved.get("grid_need", []))
    doors = Residence.objects.filter(pk__in=stays).values("dwelling")
    since = LifeEvent.objects.standing().filter(recorded_at__gte=done.at)
    changes = since.filter(Q(resident=done.kept) | Q(dwelling__in=doors)).values_list("changes", flat=True)
    touched = {(what, told[0]) for each in changes for what, *told in each if told}
    if any((what == "need" and key in needs) or (what in _OF_STAYS and key in stays) for what, key in touched):
        fix = _("请先撤销那项变动，再撤销合并，然后重新登记。")
        raise Refused(_("合并后登记过人口变动，改动了要分开的记录。"), fix=fix)


def _empty(kept: Resident, gone: Resident, filled: list[str]) -> None:
    """What was filled in goes, unless somebody has written something else there since."""
    same = [
        name for name in filled if _bytes(getattr(kept, _FILLED[name][0])) == _bytes(getattr(gone, _FILLED[name][0]))
    ]
    columns = {column: _EMPTY.get(column) for name in same for column in _FILLED[name]}
    if "identity" in same:
        columns["doubled"] = False
    if columns:
        Resident.objects.filter(pk=kept.pk).update(**columns)


def _bytes(value):
    return bytes(value) if isinstance(value, memoryview) else value


def _move_back(table: str, keys: list[int], done: Merge) -> None:
    if table not in _TELLING:  # the record is ours, the name of a table is not taken from it
        return
    sql = f"UPDATE {table} SET resident_id = %s WHERE id = ANY(%s) AND resident_id = %s"  # noqa: S608 - one of our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, [done.gone, keys, done.kept])
