"""Importing organisations: what each is, its credit code, where it is. Phones are sealed before they leave here."""

import numpy as np
import pandas as pd
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.exchange.areas import whole_numbers
from gis.exchange.batches import in_batches
from gis.exchange.columns import take, take_text
from gis.exchange.homes import find_homes
from gis.exchange.merging import Tally, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.texts import fit_texts
from gis.exchange.times import read_days
from gis.exchange.words import table_of_words, translate
from gis.organisations.credit_code import Fault, clean_code, fault_of
from gis.organisations.kinds import kinds
from gis.organisations.organisation import Organisation
from gis.people.sealing import index_all, seal_all

_MOST_STAFF = 200_000
_FAULTS = {
    Fault.SHAPE: gettext_lazy("统一社会信用代码应为 18 位数字或大写字母（GB 32100）"),
    Fault.CHECK: gettext_lazy("统一社会信用代码的末位不对"),
    Fault.INNER: gettext_lazy("统一社会信用代码的第 17 位不对"),
}


def import_organisations(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    columns = check_organisations(table, mapping, report)
    homes = find_homes(table, mapping, report)
    unknown = homes.buildings == 0
    report.refuse(unknown, "building", _("这个地址没有已知的楼栋"), _("请先导入楼栋。"))
    columns |= {"building": homes.buildings, "area": homes.areas, "room": homes.rooms}
    columns["source_code"] = _keys(table, mapping, columns, report)
    good, outcome = np.flatnonzero(report.good), Outcome()
    if not options.dry_run and len(good):
        outcome.tally = in_batches(good, options, lambda batch: _write(columns, options, batch))
    return outcome


def check_organisations(table: Table, mapping: dict[str, str], report: Report) -> dict[str, np.ndarray]:
    """Names, kinds, codes, representatives, phones, staff and days of a file, judged row by row; no database."""
    columns: dict = {"name": fit_texts(take_text(table.frame, mapping, "name"), 100, "name", report)}
    report.refuse(columns["name"] == "", "name", _("缺少名称"), _("请补上，或删去这一行。"))
    columns["kind"] = _kinds(table, mapping, report)
    columns["credit_code"] = _codes(table, mapping, report)
    columns["person"] = fit_texts(take_text(table.frame, mapping, "person"), 60, "person", report)
    columns["phone"] = _phones(table, mapping, report)
    if "staff" in mapping:
        columns["staff"] = whole_numbers(take(table.frame, mapping, "staff"), "staff", report, _MOST_STAFF)
    for name in ("opened_on", "closed_on"):
        columns[name] = _days(table, mapping, name, report)
    early = columns["closed_on"] < columns["opened_on"]
    report.refuse(early, "closed_on", _("关闭日期早于开放日期"), _("请改正两个日期之一。"))
    return columns


def _kinds(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    """Codes of the table of kinds, from the code itself, its name or a word for it."""
    known = {kind.name: code for code, kind in kinds().items()} | {code: code for code in kinds()}
    found = translate(take_text(table.frame, mapping, "kind"), known | table_of_words("organisation_kinds"), "")
    found = np.where(np.isin(found, list(kinds())), found, "").astype(object)
    fix = _("请写其中之一：%s；或先把它加到代码表 organisation_kind。") % ", ".join(kinds())
    report.refuse(found == "", "kind", _("没有这一类单位"), fix)
    return found


def _codes(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    codes = np.array([clean_code(text) for text in take_text(table.frame, mapping, "credit_code")], dtype=object)
    faults = [fault_of(code) if code else Fault.NONE for code in codes]
    reasons = np.array([str(_FAULTS.get(fault, "")) for fault in faults], dtype=object)
    report.refuse(reasons != "", "credit_code", reasons, _("请与证照核对。"))
    return codes


def _phones(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    text = pd.Series(take_text(table.frame, mapping, "phone"), dtype="str").str.normalize("NFKC")
    plain = text.str.replace(r"[\s()（）-]+", "", regex=True).str.removeprefix("+86")
    wrong = plain.ne("") & ~plain.str.fullmatch(r"\+?[0-9]{5,15}")
    report.note(wrong.to_numpy(dtype=bool), "phone", _("不是电话号码，已略去"))
    return plain.mask(wrong, "").to_numpy(dtype=object)


def _keys(table: Table, mapping: dict[str, str], columns: dict, report: Report) -> np.ndarray:
    """The file's own key, else the credit code, else the name, and the building: nothing of a person is in it."""
    keys = fit_texts(take_text(table.frame, mapping, "source_code"), 80, "source_code", report)
    named = np.where(columns["credit_code"] != "", columns["credit_code"], columns["name"])
    told = [f"{name}@{building}"[:80] for name, building in zip(named, columns["building"], strict=True)]
    keys = np.where(keys == "", np.array(told, dtype=object), keys).astype(object)
    twin = pd.Series(keys).where(report.good).duplicated().to_numpy() & report.good
    report.refuse(twin, "source_code", _("文件里另一行是同一个单位"), "Keep one of the two.")
    return keys


def _days(table: Table, mapping: dict[str, str], name: str, report: Report) -> np.ndarray:
    values = take(table.frame, mapping, name)
    if values is None:
        return np.full(len(table.frame), np.datetime64("NaT"), dtype="datetime64[D]")
    days = read_days(values)
    report.note(np.isnat(days) & values.notna().to_numpy(), name, _("日期无法识别，已略去"))
    late = ~np.isnat(days) & (days > np.datetime64(timezone.localdate(), "D"))
    report.refuse(late, name, _("日期在未来"), _("请改正。"))
    return days


def _write(columns: dict, options: Options, batch: np.ndarray) -> Tally:
    part = {name: values[batch] for name, values in columns.items()}
    phones = part.pop("phone")
    for name in ("opened_on", "closed_on"):
        part[name] = pd.Series(part[name]).astype(object).where(~np.isnat(part[name]), None).to_numpy()
    part["phone_index"] = np.array(index_all(phones), dtype=object)
    part["phone_last4"] = np.array([phone[-4:] for phone in phones], dtype=object)
    part["source"] = np.full(len(batch), options.source, dtype=object)
    ids = known_ids(Organisation, "source_code", part["source_code"], source=options.source)
    today = np.full(len(batch), timezone.localdate(), dtype=object)
    none = np.full(len(batch), "{}", dtype=object)  # an array of PostgreSQL
    sealed = {"phone_sealed": np.array(seal_all(phones), dtype=object)}
    return merge(Organisation, ids, part, fixed={"known_since": today, "hazards": none}, silent=sealed)
