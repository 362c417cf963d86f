"""Bringing an export: kept sealed, its columns recognised or said once, then checked, confirmed, filed; or thrown away.

Each act is one conditional change of the file's stage, so that two clicks, or a click and a worker, cannot both win.
"""

import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope, applied
from gis.accounts.users import User
from gis.errors import BadFile, Conflict, NotAllowed
from gis.hotline.columns import choose, missing, recognise
from gis.hotline.hotline_file import (
    KEPT_DAYS,
    LONGEST_SOURCE,
    QUEUES,
    HotlineColumns,
    HotlineFile,
    HotlineRow,
    Outcome,
    Stage,
)
from gis.hotline.sheet import sample
from gis.people.sealing import open_seal, seal
from gis.written import read_line, refuse

#: Bytes of an export, and rows of it that are shown.
MOST_BYTES = 40 * 1024**2
SHOWN = 5


def ground_of(access: Access) -> Scope:
    """Where somebody may bring cases."""
    return access.which("case.bring")


def is_officer(access: Access) -> bool:
    """Whether somebody brings cases for their department alone: they take in none as such."""
    return ground_of(access) and not access.may_anywhere("case.accept")


def bring(name: str, data: bytes, area: str, source: str, *, user: User, access: Access) -> HotlineFile:
    """Keep an export that somebody brings for an area. Raises Refused, NotAllowed and BadFile."""
    ground = ground_of(access)
    if not ground:
        raise NotAllowed(_("您的角色不能导入工单。"), fix=_("需要时请联系管理员调整任职。"))
    if not ground.covers(area):
        raise refuse("area", _("这个辖区不归您管。"), _("请选择您的辖区。"))
    department = user.department if is_officer(access) else None
    if is_officer(access) and department is None:
        raise NotAllowed(_("您的账号没有部门。"), fix=_("请联系管理员填写您的部门。"))
    source = read_line(source, "source", LONGEST_SOURCE) or "12345"
    return keep(HotlineFile(owner=user, department=department, area=area, source=source, name=_plain_name(name)), data)


def keep(file: HotlineFile, data: bytes) -> HotlineFile:
    """Store an export with the columns that are recognised, or that were said for its source before."""
    if not data:
        raise BadFile(_("文件是空的。"), fix=_("请选择有表头和数据行的文件。"))
    if len(data) > MOST_BYTES:
        raise BadFile(_("文件超过 %(n)d MB。") % {"n": MOST_BYTES // 1024**2}, fix=_("请按月份分成几个文件。"))
    with _as_file(data) as path:
        titles, rows, file.how = sample(path, SHOWN)
    if not rows:
        raise BadFile(_("表头下面没有数据行。"), fix=_("请选择有表头和数据行的文件。"))
    file.titles, file.chosen, file.language = titles, recognise(titles), get_language() or "zh-hans"
    remembered = HotlineColumns.objects.filter(whose=file.whose, source=file.source).first()
    if remembered:
        held = {name: title for name, title in remembered.chosen.items() if title in titles}
        file.chosen = {name: title for name, title in file.chosen.items() if title not in held.values()} | held
        file.shift = remembered.shift
    file.shown = seal(json.dumps(rows, ensure_ascii=False))
    sealed = seal(base64.b64encode(data).decode())
    with transaction.atomic():
        file.content.save(f"{file.uuid}.sealed", ContentFile(sealed), save=False)
        file.save()
    return file


def _plain_name(name: str) -> str:
    return "".join(sign for sign in name.replace("\\", "/").split("/")[-1] if sign.isprintable())[-120:] or "?"


@contextmanager
def content_of(file: HotlineFile) -> Iterator[Path]:
    """The export as a file that is gone afterwards."""
    with file.content.open("rb") as sealed:
        data = base64.b64decode(open_seal(sealed.read()))
    with _as_file(data) as path:
        yield path


@contextmanager
def _as_file(data: bytes) -> Iterator[Path]:
    """Named after what it is, not after what it was called: the reader of workbooks believes names."""
    ending = ".xlsx" if data.startswith(b"PK") else ".xls" if data.startswith(b"\xd0\xcf\x11\xe0") else ".csv"
    with tempfile.TemporaryDirectory(prefix="wangge-hotline-") as folder:
        path = Path(folder) / f"export{ending}"
        path.write_bytes(data)
        yield path


def first_rows(file: HotlineFile) -> list[list[str]]:
    """The first rows of a file, to show beside its columns."""
    return json.loads(open_seal(file.shown)) if file.shown else []


def set_columns(file: HotlineFile, wishes: list[str], shift: str) -> None:
    """Say which column is which field, and remember it for the next file of the source; the file is then checked."""
    chosen = choose(file.titles, {}, wishes)
    if lacking := missing(chosen):
        raise refuse(
            lacking[0].name, _("还没有对应：%(names)s。") % {"names": "、".join(one.label for one in lacking)},
            _("请选择是哪一列。"),
        )  # fmt: skip
    if shift not in HotlineFile.Shift.values:
        shift = ""
    with transaction.atomic():
        _change(file, (Stage.COLUMNS, Stage.READY, Stage.FAILED), Stage.CHECKING, chosen=chosen, shift=shift)
        file.rows.all().delete()
        HotlineColumns.objects.update_or_create(
            whose=file.whose, source=file.source, defaults={"chosen": chosen, "shift": shift}
        )


def start(file: HotlineFile) -> None:
    """File what was checked. From here on the export itself is not needed."""
    _change(file, (Stage.READY,), Stage.FILING)
    forget_content(file)


def pause(file: HotlineFile) -> None:
    _change(file, (Stage.FILING,), Stage.PAUSED)


def resume(file: HotlineFile) -> None:
    _change(file, (Stage.PAUSED, Stage.FAILED), Stage.CHECKING if file.content else Stage.FILING, trouble="", fix="")


def discard(file: HotlineFile) -> None:
    """Throw away what is not filed. What was filed stays, and so does the account of it."""
    with transaction.atomic():
        at_all = (Stage.COLUMNS, Stage.CHECKING, Stage.READY, Stage.PAUSED, Stage.FAILED)
        _change(file, at_all, Stage.DONE, ended_at=timezone.now())
        file.rows.filter(outcome__in=("", *QUEUES)).update(
            outcome=Outcome.DROPPED, sealed=None, settled_at=timezone.now()
        )
        if not file.rows.filter(outcome__in=(Outcome.FILED, Outcome.CHANGED)).exists():
            file.rows.all().delete()
    forget_content(file)


def forget_content(file: HotlineFile) -> None:
    if file.content:
        name = file.content.name
        HotlineFile.objects.filter(pk=file.pk).update(content="", shown=None)
        file.content, file.shown = "", None
        transaction.on_commit(lambda: HotlineFile.content.field.storage.delete(name))


def _change(file: HotlineFile, stages: tuple[str, ...], stage: str, **facts) -> None:
    """Bring a file from one of some stages to another. Raises Conflict where it is in none of them any more."""
    if not HotlineFile.objects.filter(pk=file.pk, stage__in=stages).update(stage=stage, **facts):
        raise Conflict(_("这个文件的状态刚才变了。"), fix=_("请刷新页面再试。"))
    file.stage = stage
    for name, value in facts.items():
        setattr(file, name, value)


def clear_abandoned(now: datetime) -> int:
    """Throw away exports that nobody went on with, and what queues nobody looked at hold no longer. How many files."""
    old = HotlineFile.objects.filter(
        stage__in=(Stage.COLUMNS, Stage.READY, Stage.PAUSED, Stage.FAILED),
        brought_at__lt=now - timedelta(days=KEPT_DAYS),
    )
    gone = 0
    for file in old:
        with applied(file.scope):
            discard(file)
        gone += 1
    return gone


def counts(file: HotlineFile) -> dict[str, int]:
    """How many rows of a file there are by verdict (`v_…`) and by outcome (`o_…`)."""
    found = {f"v_{one}": 0 for one in ("new", "known", "changed", "fault")}
    found |= {f"o_{one.name.lower()}": 0 for one in Outcome}
    names = {one.value: one.name.lower() for one in Outcome}
    rows = HotlineRow.objects.filter(file=file).values_list("verdict", "outcome")
    for verdict, outcome, number in rows.order_by().annotate(n=Count("pk")).values_list("verdict", "outcome", "n"):
        found[f"v_{verdict}"] += number
        found[f"o_{names[outcome]}"] += number
    return found | {"total": sum(found[f"v_{one}"] for one in ("new", "known", "changed", "fault"))}
