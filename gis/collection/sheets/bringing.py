"""Bringing a table: kept sealed, its columns and codes proposed and said once, then checked, confirmed, filed.

Each act is one conditional change of the table's stage, so that two clicks, or a click and a worker, cannot both win.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope, applied
from gis.accounts.users import User
from gis.codes.naming import names_in
from gis.collection.field import Field
from gis.collection.sheets.coding import MOST_VALUES, Coded, Counted, code_column, count_values
from gis.collection.sheets.faults import Fault
from gis.collection.sheets.judging import agreement
from gis.collection.sheets.mapping import faults_of, heading_key, propose
from gis.collection.sheets.opening import Opened, open_table, sheet_names
from gis.collection.sheets.said_day import day_said
from gis.collection.sheets.sheet import (
    KEPT_DAYS,
    REVIEW_DAYS,
    Outcome,
    Sheet,
    SheetColumns,
    SheetRow,
    Stage,
    Verdict,
    opened,
)
from gis.collection.sheets.targets import Target, targets
from gis.errors import BadFile, Conflict, NotAllowed
from gis.people.identity import read_identities
from gis.people.sealing import blind_index, open_seal, seal
from gis.written import refuse

#: Bytes of a table, and rows of it that are shown beside the columns.
MOST_BYTES = 40 * 1024**2
SHOWN = 5
_SAMPLE = 300


def ground_of(access: Access) -> Scope:
    """Where somebody may bring tables."""
    return access.which("sheet.bring")


def bring(name: str, data: bytes, area: str, *, user: User, access: Access) -> Sheet:
    """Keep a table that somebody brings for an area. Raises Refused, NotAllowed and BadFile."""
    ground = ground_of(access)
    if not ground:
        raise NotAllowed(_("您的角色不能上传部门数据。"), fix=_("需要时请联系管理员调整任职。"))
    if user.department is None:
        raise NotAllowed(_("您的账号没有部门。"), fix=_("请联系管理员填写您的部门。"))
    if not ground.covers(area):
        raise refuse("area", _("这个辖区不归您管。"), _("请选择您的辖区。"))
    if not data:
        raise BadFile(_("文件是空的。"), fix=_("请选择有表头和数据行的文件。"))
    if len(data) > MOST_BYTES:
        raise BadFile(_("文件超过 %(n)d MB。") % {"n": MOST_BYTES // 1024**2}, fix=_("请分成几个文件。"))
    sheet = Sheet(
        owner=user, department=user.department, area=area, as_of=timezone.localdate(),
        language=get_language() or "zh-hans", digest=digest_of(data),
    )  # fmt: skip
    with as_file(data) as path:
        plan = {"name": _plain_name(name), "sheets": sheet_names(path)} | _looked(sheet, path, "")
    sheet.as_of = date.fromisoformat(plan["day"]) if plan["day"] else sheet.as_of
    sheet.sealed = seal(json.dumps(plan, ensure_ascii=False))
    with transaction.atomic():
        sealed = seal(base64.b64encode(data).decode())
        sheet.content.save(f"{sheet.uuid}.sealed", ContentFile(sealed), save=False)
        sheet.save()
    return sheet


def digest_of(data: bytes) -> bytes:
    """A print of a file that nobody without the key can compute: the same file is known again."""
    return blind_index(hashlib.sha256(data).hexdigest())


def _looked(sheet: Sheet, path: Path, page: str) -> dict:
    """What one page of a file says of itself, with the columns as they were said before, or as they are proposed.

    Of a file of which `sheet_names` was asked."""
    found = open_table(path, page, opened_before=True)
    first = {title: found.texts(title, slice(SHOWN)) for title in found.titles}
    known = targets()
    mapping = propose(found.titles, {title: _sample(found, title) for title in found.titles}, known)
    remembered = SheetColumns.objects.filter(department=sheet.department, headings=heading_key(found.titles)).first()
    said = opened(remembered.sealed) if remembered else {}
    mapping = {title: code for title, code in said.get("mapping", mapping).items() if code in known}
    rows = [[str(first[title][at])[:60] for title in found.titles] for at in range(min(SHOWN, len(found.rows)))]
    day = day_said(found.above, timezone.localdate())
    return {
        "day": day.isoformat() if day else "",
        "sheet": page, "titles": found.titles, "shown": rows, "how": found.how, "total": len(found.rows),
        "mapping": mapping, "codes": said.get("codes", {}), "remembered": bool(remembered),
    }  # fmt: skip


def _sample(found: Opened, title: str) -> list[str]:
    """Values of a column, from all over it."""
    step = max(1, len(found.rows) // _SAMPLE)
    return [text for text in found.texts(title, slice(None, None, step)) if text][:_SAMPLE]


def choose_page(sheet: Sheet, page: str) -> None:
    """Take another page of the workbook. Raises BadFile."""
    with content_of(sheet) as path:
        looked = _looked(sheet, path, page)
    sealed = sheet.with_plan(**looked, counts=None)
    as_of = date.fromisoformat(looked["day"]) if looked["day"] else timezone.localdate()
    _change(sheet, (Stage.COLUMNS, Stage.VALUES, Stage.READY, Stage.FAILED), Stage.COLUMNS, sealed=sealed, as_of=as_of)


def set_columns(sheet: Sheet, mapping: Mapping[str, str], as_of: date) -> None:
    """Say which column is which field. Raises Refused where that does not tell who a row is."""
    plan, known = sheet.plan, targets()
    mapping = {title: code for title, code in mapping.items() if title in plan["titles"] and code}
    wrong = faults_of(mapping, known)
    if wrong:
        code, why = next(iter(wrong.items()))
        label = known[code].label if code in known else code[:40]
        raise refuse("mapping", _WRONG[why]() % {"field": label}, _("请改正后再继续。"))
    if as_of > timezone.localdate():
        raise refuse("as_of", _("数据日期在将来。"), _("请填写这份数据截至哪一天。"))
    with content_of(sheet) as path:
        counts = _counted(open_table(path, plan.get("sheet", ""), opened_before=True), mapping)
    sealed = sheet.with_plan(mapping=mapping, counts=counts)
    _change(sheet, (Stage.COLUMNS, Stage.VALUES, Stage.READY, Stage.FAILED), Stage.VALUES, sealed=sealed, as_of=as_of)


_WRONG = {
    "unknown": lambda: _("目录里没有“%(field)s”这个字段。"),
    "double": lambda: _("有两列都对应了“%(field)s”。"),
    "nobody": lambda: _("还没有哪一列是“%(field)s”。"),
    "nothing": lambda: _("只有姓名分不清是谁：还需要证件号码、出生日期、电话或住址中的一项。"),
}


def _counted(table: Opened, mapping: Mapping[str, str]) -> dict:
    """The values of the coded columns, and how births agree with numbers: kept in the plan, so that
    neither who looks at them nor who decides of them need read the file again."""
    titles, known = {code: title for title, code in mapping.items()}, targets()
    numbers = table.texts(titles["identity"]) if "identity" in titles else None
    # a wrong check character votes too: it is a slip in one digit of eighteen
    read = None if numbers is None else read_identities(numbers, synthetic=True)
    sexes = None if read is None else np.where(read.problem == "", read.sex, "").astype(object)
    # a row without a name is a sum or a remark: what it holds is no value
    named = table.texts(titles["name"]) != "" if "name" in titles else np.ones(len(table.rows), bool)
    values = {
        code: count_values(known[code].field, np.where(named, table.texts(title), "").astype(object), sexes)
        for code, title in titles.items()
        if code in known and known[code].is_coded
    }
    births = agreement(read, table.texts(titles["born"])) if read is not None and "born" in titles else (0, 0)
    return {"values": values, "births": births}


class Values:
    """What the values of the coded columns are taken for, and how births agree with numbers."""

    def __init__(self, plan: Mapping, counts: Mapping) -> None:
        known, titles = targets(), {code: title for title, code in plan["mapping"].items()}
        self.columns: list[tuple[Target, str, list[Coded]]] = []
        for code, found in counts["values"].items():
            if code in known and code in titles:
                of = known[code].field
                counted = [Counted(*one) for one in found]
                coded = code_column(of, counted, choices(of), plan["codes"].get(code, {}))
                self.columns.append((known[code], titles[code], coded))
        #: How many births agree with the numbers beside them, of how many that can be compared.
        self.births: tuple[int, int] = tuple(counts["births"])

    @property
    def too_many(self) -> list[str]:
        """Titles of the columns that hold no codes."""
        return [title for _target, title, coded in self.columns if len(coded) > MOST_VALUES]


def choices(of: Field) -> dict[str, str]:
    """Code → name of everything a coded field can be, as the standard has it."""
    if of.kind == Field.Kind.YES_NO:
        return {"1": "是", "0": "否"}
    if of.kind == Field.Kind.CODE:
        return names_in(of.table)
    return {value: value for value, _word in of.options}


def values_of(sheet: Sheet) -> Values:
    """The values as they were counted when the columns were said. Raises BadFile."""
    plan = sheet.plan
    if not plan.get("counts"):  # said by the version before
        with content_of(sheet) as path:
            table = open_table(path, plan.get("sheet", ""), opened_before=True)
            return Values(plan, _counted(table, plan["mapping"]))
    return Values(plan, plan["counts"])


def set_values(sheet: Sheet, said: Mapping[str, Mapping[str, str]]) -> None:
    """Say what the values mean, and remember it with the columns; the table is then checked. Raises Refused."""
    values = values_of(sheet)
    if values.too_many:
        told = _("“%(title)s”一列有太多不同的值，不像代码。") % {"title": values.too_many[0]}
        raise refuse("values", told, _("请回到上一步，改正这一列对应的字段。"))
    codes: dict[str, dict[str, str]] = {}
    for target, _title, coded in values.columns:
        offered = choices(target.field)
        for one in coded:
            code = said.get(target.code, {}).get(one.value)
            if code is None or (code and code not in offered):
                told = _("“%(field)s”还有值没有对应。") % {"field": target.label}
                raise refuse("values", told, _("请为每个值选择代码，或选“不采用”。"))
            codes.setdefault(target.code, {})[one.value] = code
    plan = sheet.plan
    with transaction.atomic():
        sealed = sheet.with_plan(codes=codes)
        _change(sheet, (Stage.VALUES, Stage.READY, Stage.FAILED), Stage.CHECKING, sealed=sealed, percent=0)
        SheetColumns.objects.update_or_create(
            department=sheet.department, headings=heading_key(plan["titles"]),
            defaults={"sealed": seal(json.dumps({"mapping": plan["mapping"], "codes": codes}, ensure_ascii=False))},
        )  # fmt: skip


def start(sheet: Sheet) -> None:
    """File what was checked; what is unsure waits for somebody to decide. From here on the file is not needed."""
    with transaction.atomic():
        _change(sheet, (Stage.READY,), Stage.FILING, percent=0)
        with applied(sheet.scope):
            SheetRow.objects.filter(sheet=sheet, verdict=Verdict.REVIEW).update(outcome=Outcome.ASKED)
        forget_content(sheet)


def pause(sheet: Sheet) -> None:
    _change(sheet, (Stage.FILING,), Stage.PAUSED)


def back(sheet: Sheet, stage: str) -> None:
    """Return to the columns or the values; what was checked is checked anew."""
    _change(sheet, (Stage.VALUES, Stage.READY, Stage.FAILED), stage)


def resume(sheet: Sheet) -> None:
    _change(sheet, (Stage.PAUSED, Stage.FAILED), Stage.CHECKING if sheet.content else Stage.FILING, trouble="", fix="")


def discard(sheet: Sheet) -> None:
    """Throw away what is not filed. What was filed stays, and so does the account of it."""
    with transaction.atomic():
        _change(sheet, tuple(set(Stage) - {Stage.DONE}), Stage.DONE, ended_at=timezone.now())
        rows = SheetRow.objects.filter(sheet=sheet)
        told = {"outcome": Outcome.DROPPED, "sealed": None, "settled_at": timezone.now(), "candidates": []}
        with applied(sheet.scope):
            rows.filter(outcome__in=(Outcome.WAITS, Outcome.ASKED)).update(**told)
    forget_content(sheet)


def forget_content(sheet: Sheet) -> None:
    """The file goes, and with it the rows that were shown and what its values were."""
    sealed = sheet.with_plan(shown=[], codes={}, counts=None, mapping=sheet.plan.get("mapping", {}))
    name = sheet.content.name
    Sheet.objects.filter(pk=sheet.pk).update(content="", sealed=sealed)
    sheet.content, sheet.sealed = "", sealed
    if name:
        transaction.on_commit(lambda: Sheet.content.field.storage.delete(name))


def clear_outlived(now: datetime) -> int:
    """Throw away tables that nobody went on with, and what rows held that nobody looked at. How many of either."""
    idle = set(Stage) - {Stage.DONE, Stage.CHECKING, Stage.FILING}
    gone = 0
    for sheet in Sheet.objects.filter(stage__in=idle, brought_at__lt=now - timedelta(days=KEPT_DAYS)):
        discard(sheet)
        gone += 1
    for sheet in Sheet.objects.filter(stage=Stage.DONE, ended_at__lt=now - timedelta(days=REVIEW_DAYS)):
        with applied(sheet.scope):
            asked = SheetRow.objects.filter(sheet=sheet, outcome=Outcome.ASKED)
            told = [Fault("expired", "", {"days": REVIEW_DAYS}).as_json()]
            gone += asked.update(
                outcome=Outcome.FAULT, verdict=Verdict.FAULT, sealed=None, candidates=[], faults=told, settled_at=now
            )
    return gone


def same_before(sheet: Sheet) -> Sheet | None:
    """The last time the very same file was filed by the department for the ground."""
    same = Sheet.objects.filter(department=sheet.department, area=sheet.area, digest=sheet.digest, stage=Stage.DONE)
    return same.exclude(pk=sheet.pk).order_by("-ended_at").first()


def _plain_name(name: str) -> str:
    return "".join(sign for sign in name.replace("\\", "/").split("/")[-1] if sign.isprintable())[-120:] or "?"


@contextmanager
def content_of(sheet: Sheet) -> Iterator[Path]:
    """The table as a file that is gone afterwards."""
    if not sheet.content:
        raise BadFile(_("文件已经删除。"), fix=_("请重新上传。"))
    with sheet.content.open("rb") as sealed:
        data = base64.b64decode(open_seal(sealed.read()))
    with as_file(data) as path:
        yield path


@contextmanager
def as_file(data: bytes) -> Iterator[Path]:
    """In memory, never on a disk: a worker that is killed leaves nothing readable behind."""
    place = os.memfd_create("table")
    try:
        with open(place, "wb", closefd=False) as file:
            file.write(data)
        yield Path(f"/proc/self/fd/{place}")
    finally:
        os.close(place)


def _change(sheet: Sheet, stages: tuple[str, ...], stage: str, **facts) -> None:
    """Bring a table from one of some stages to another. Raises Conflict where it is in none of them any more."""
    if not Sheet.objects.filter(pk=sheet.pk, stage__in=stages).update(stage=stage, **facts):
        raise Conflict(_("这个文件的状态刚才变了。"), fix=_("请刷新页面再试。"))
    sheet.stage = stage
    for name, value in facts.items():
        setattr(sheet, name, value)
