"""Files of a subscription: ordered for a purpose, made in the background, marked, logged, taken, thrown away.

What is in a file is decided while it is made, by the postings of that moment and the fields granted at that moment. The
log of readings names the fields and everybody who is in it.
"""

import base64
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope, applied
from gis.accounts.users import User
from gis.areas.cell import CellVersion
from gis.collection.field import Field
from gis.collection.sharing.feed import bring_up_to_date
from gis.collection.sharing.subscribing import granted, may_take, refuse_unless_in_force
from gis.collection.sharing.subscription import Export, SharedRow, SubscribedField, Subscription
from gis.collection.sharing.taking import as_counts, counts_of, give, in_rows, note_given, withheld
from gis.collection.sharing.writing import Contents, withheld_word, write
from gis.collection.showing import noted
from gis.errors import NotAllowed, Refused, WanggeError
from gis.people.sealing import open_seal, seal
from gis.written import read_line

#: Days for which a finished file is kept; files one person may have in the making.
KEPT_DAYS, MOST_AT_WORK = 3, 3
#: Rows given at a time, and seconds between two words of progress.
_AT_ONCE, _BREATH = 1000, 0.3
_Stage = Export.Stage


@transaction.atomic
def order_export(one: Subscription, kind: str, purpose: str, *, by: User, access: Access, language: str) -> Export:
    """A file that waits to be made. Raises NotAllowed, Conflict, Refused."""
    refuse_unless_in_force(Subscription.objects.get(pk=one.pk), by, access, timezone.localdate())
    if kind not in Export.Kind.values:
        raise Refused(_("没有这种格式。"), fix=_("请从列表中选择。"), fields={"kind": _("请从列表中选择。")})
    purpose = read_line(purpose, "purpose", 200, needed=True)
    User.objects.select_for_update().get(pk=by.pk)  # two orders at once are counted one after the other
    if Export.objects.filter(owner=by, stage__in=(_Stage.WAITING, _Stage.WORKING)).count() >= MOST_AT_WORK:
        raise WanggeError(_("您已有 %(n)s 份文件在制作。") % {"n": MOST_AT_WORK}, fix=_("请等其中一份完成。"))
    return Export.objects.create(subscription=one, owner=by, kind=kind, purpose=purpose, language=language)


def make_export(pk: int) -> None:
    """Make one. Run again after a kill it begins anew; one that has ended stays as it is."""
    if not Export.objects.filter(pk=pk, stage__in=(_Stage.WAITING, _Stage.WORKING)).update(stage=_Stage.WORKING):
        return
    order = Export.objects.select_related("owner", "subscription__department").get(pk=pk)
    try:
        with translation.override(order.language), tempfile.TemporaryDirectory(prefix="wangge-export-") as folder:
            path = Path(folder) / f"export.{order.kind}"
            _make(order, path)
            _keep(order, path)
    except WanggeError as refused:
        _end(order, _Stage.FAILED, trouble=str(refused)[:200])
    except Exception:
        _end(order, _Stage.FAILED, trouble=_("制作时出错，请重新申请。"))
        raise


def _make(order: Export, path: Path) -> None:
    one, access, today = order.subscription, order.owner.access, timezone.localdate()
    refuse_unless_in_force(one, order.owner, access, today)
    scope = access.which("share.take").within(one.area)
    with applied(scope):
        bring_up_to_date(one, scope, today)
        rows = SharedRow.objects.inside(scope).filter(subscription=one, gone=False).order_by("area", "name")
        people = list(rows.values_list("key", "area", "name"))
        fields = granted(one)
        _note(order, fields, [(key, area) for key, area, _name in people], access)
        contents = _contents(order, fields, people, scope)
    # The rows are read in parts, each in a transaction of its own: how far it is can be told in between.
    write(order.kind, contents, path)
    order.people = len(people)


def _contents(order: Export, fields: list[Field], people: list[tuple], scope: Scope) -> Contents:
    told, counted, today = in_rows(fields), as_counts(fields), timezone.localdate()
    keys = [(key, area) for key, area, _name in people]
    named = {key: str(name) for key, _area, name in people}
    count_heads = [_("网格代码"), _("网格"), *(field.shown for field in counted)]
    return Contents(
        title=order.subscription.name,
        mark=_mark(order),
        facts=_facts(order, fields),
        heads=[_("编号"), _("网格代码"), *(field.shown for field in told)] if told else [],
        codes=[field.code for field in told],
        rows=_rows(told, keys, named, scope, _telling(order)) if told else iter(()),
        count_heads=count_heads,
        counts=_counts(counted, keys, today) if counted else [],
    )


def _mark(order: Export) -> str:
    told = {
        "who": order.owner.name or order.owner.username,
        "account": order.owner.username,
        "department": order.subscription.department.name,
        "when": date_format(timezone.localtime(order.ordered_at), "Y-m-d H:i"),
        "purpose": order.purpose,
        "number": str(order.uuid)[:8],
    }
    return (
        _("%(department)s %(who)s（%(account)s）%(when)s 取用，用途：%(purpose)s，编号 %(number)s；不得转给他人") % told
    )


def _facts(order: Export, fields: list[Field]) -> list[tuple[str, str]]:
    lines = {line.field_id: line for line in order.subscription.lines.all()}
    about = [(_("订阅"), order.subscription.name), (_("辖区代码"), order.subscription.area), (_("水印"), _mark(order))]
    return about + [
        (field.shown, " · ".join(filter(None, (lines[field.pk].purpose, lines[field.pk].basis)))) for field in fields
    ]


def _rows(
    told: list[Field], keys: list, named: dict[int, str], scope: Scope, tell: Callable[[int], None]
) -> Iterator[tuple]:
    for start in range(0, len(keys), _AT_ONCE):
        with applied(scope):
            part = give(told, keys[start : start + _AT_ONCE], timezone.localdate())
        yield from ((named[row.key], row.area, *row.values) for row in part)
        tell(100 * start // len(keys))


def _telling(order: Export) -> Callable[[int], None]:
    """How far it is, told not too often."""
    last = 0.0

    def tell(percent: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _BREATH:
            last = time.monotonic()
            Export.objects.filter(pk=order.pk).update(percent=percent)

    return tell


def _counts(counted: list[Field], keys: list[tuple[int, str]], today) -> list[tuple]:
    totals: dict[str, int] = {}
    for _key, area in keys:
        totals[area] = totals.get(area, 0) + 1
    names = dict(CellVersion.objects.on(today).filter(code__in=totals).values_list("code", "name"))
    columns = [withheld(dict.fromkeys(totals, 0) | counts_of(field, keys, today), totals) for field in counted]
    small = withheld_word()
    return [
        (area, names.get(area, ""), *(small if column[area] is None else column[area] for column in columns))
        for area in sorted(totals)
    ]


def _note(order: Export, fields: list[Field], keys: list[tuple[int, str]], access: Access) -> None:
    """Everybody who is in it."""
    note_given(order.subscription, keys, order.owner, access, fields=noted(fields), reason=order.purpose)


def _keep(order: Export, path: Path) -> None:
    sealed = seal(base64.b64encode(path.read_bytes()).decode())
    order.file.save(f"{order.uuid}.sealed", ContentFile(sealed), save=False)
    now = timezone.now()
    _end(
        order, _Stage.DONE, file=order.file.name, size=path.stat().st_size, percent=100, people=order.people,
        expires_at=now + timedelta(days=KEPT_DAYS),
    )  # fmt: skip


def _end(order: Export, stage: str, **facts) -> None:
    Export.objects.filter(pk=order.pk).update(stage=stage, ended_at=timezone.now(), **facts)


def take(order: Export, *, by: User, access: Access) -> Export:
    """The file, for who ordered it, while their department may still take all that is in it. Raises NotAllowed."""
    if order.owner_id != by.pk or not may_take(order.subscription, by, access):
        raise NotAllowed(_("这份文件不是您申请的。"), fix=_("请用自己的账号申请。"))
    if not _is_there(order):
        raise WanggeError(_("这份文件已经没有了。"), fix=_("请重新申请。"))
    refuse_unless_in_force(Subscription.objects.get(pk=order.subscription_id), by, access, timezone.localdate())
    Export.objects.filter(pk=order.pk).update(taken=order.taken + 1)
    return order


def _is_there(order: Export) -> bool:
    """Neither thrown away, nor due to be, nor ordered before a field that may be in it was taken back."""
    if order.stage != _Stage.DONE or not order.file or order.expires_at <= timezone.now():
        return False
    lines = order.subscription.lines
    return not lines.filter(state=SubscribedField.State.REVOKED, decided_at__gte=order.ordered_at).exists()


def content_of(order: Export) -> bytes:
    """The file as it was written: it is kept sealed, for it tells of people."""
    with order.file.open("rb") as sealed:
        return base64.b64decode(open_seal(sealed.read()))


def clear_exports() -> int:
    """Delete the files that have been kept long enough. Safe to run again. Returns how many."""
    gone = list(Export.objects.filter(stage=_Stage.DONE, expires_at__lte=timezone.now()))
    for order in gone:
        Export.objects.filter(pk=order.pk).update(stage=_Stage.EXPIRED, file="", size=0)
        if order.file:
            order.file.storage.delete(order.file.name)
    return len(gone)
