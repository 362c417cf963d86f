"""Importing components: what stands where, whose it is, who looks after it.

A component without an identification code gets one: the district's six digits, its class and the next running number.
One that is known, by its code or its source's key, keeps the code it has.
"""

import numpy as np
import pandas as pd
import shapely
from django.db import connection
from django.utils.translation import gettext as _

from gis.accounts.departments import Department
from gis.exchange.batches import in_batches
from gis.exchange.columns import take, take_text
from gis.exchange.merging import Tally, known, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.point_areas import areas_of_points
from gis.exchange.positions import read_points
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.texts import fit_texts, row_keys
from gis.exchange.times import read_days
from gis.exchange.words import table_of_words, translate
from gis.geometry import only
from gis.incidents.component_class import component_classes
from gis.places.component import CODE, Component

_TEXTS = {"name": 80, "place": 120, "owner": 80, "care_name": 80}
#: Where the class stands in a code: 2 digits of the major and 2, in the newer standard 3, of the minor class.
_CLASS = (slice(6, 10), slice(6, 11))
_LAST = 999_999


def import_components(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    xy = read_points(table, mapping, options.crs, report)
    columns = check_components(table, mapping, options, report)
    columns["source_code"] = row_keys(table, mapping, table.shapes, report)
    columns["area"] = areas_of_points(xy, options, report)
    columns["position"] = only(shapely.points(np.nan_to_num(xy)), report.good)
    codes = _codes(columns.pop("code"), columns, options, report)
    good, outcome = np.flatnonzero(report.good), Outcome()
    if not options.dry_run and len(good):
        outcome.tally = in_batches(good, options, lambda batch: _write(columns, codes, options, batch))
    return outcome


def check_components(table: Table, mapping: dict[str, str], options: Options, report: Report) -> dict[str, np.ndarray]:
    """The columns of a file of components, judged row by row."""
    columns = {"code": _given_codes(table, mapping, report)}
    columns["kind"] = _kinds(columns["code"], table, mapping, report)
    for name, longest in _TEXTS.items():
        if name in mapping:
            columns[name] = fit_texts(take_text(table.frame, mapping, name), longest, name, report)
    if "care_name" in mapping:
        columns["care"] = _departments(columns["care_name"])
    if "state" in mapping:
        words = table_of_words("component_words", "state")
        columns["state"] = translate(take_text(table.frame, mapping, "state"), words, Component.State.INTACT)
    if "accuracy" in mapping:
        classes = pd.Series(take_text(table.frame, mapping, "accuracy")).str.strip().str.upper().str[:1]
        columns["accuracy"] = classes.where(classes.isin(Component.Accuracy.values), "").to_numpy(dtype=object)
    if "surveyed_on" in mapping:
        columns["surveyed_on"] = _days(table, mapping, options, report)
    return columns


def _given_codes(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    codes = take_text(table.frame, mapping, "code")
    text = pd.Series(codes, dtype="str").str.strip()
    wrong = (~text.str.fullmatch(CODE.strip("^$")) & text.ne("")).to_numpy()
    report.refuse(wrong, "code", _("标识码应为 16 或 18 位数字"), _("请改正，或留空。"))
    twin = (text.where(text.ne("") & report.good).duplicated() & text.ne("")).to_numpy()
    report.refuse(twin, "code", _("文件里另一行与它相同"), _("两行请只留一行。"))
    return text.to_numpy(dtype=object)


def _kinds(codes: np.ndarray, table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    """The class of each row: what its column says, else what stands in its code."""
    classes = component_classes()
    known_words = {one.name: code for code, one in classes.items()} | {code: code for code in classes}
    texts = take_text(table.frame, mapping, "kind")
    kinds = translate(texts, known_words | table_of_words("component_words", "kind"), "")
    for cut in _CLASS:
        inside = np.array([code[cut] for code in codes], dtype=object)
        kinds = np.where(~np.isin(kinds, list(classes)) & np.isin(inside, list(classes)), inside, kinds)
    fix = _("请写代码表 component_class 里的代码或名称，或先把它加进去。")
    report.refuse(~np.isin(kinds, list(classes)), "kind", _("没有这一类部件"), fix)
    return kinds.astype(object)


def _departments(names: np.ndarray) -> np.ndarray:
    """Our department of that name or code, where there is one."""
    found = {word: pk for pk, *words in Department.objects.values_list("pk", "code", "name") for word in words}
    return np.array([found.get(name) for name in names], dtype=object)


def _days(table: Table, mapping: dict[str, str], options: Options, report: Report) -> np.ndarray:
    values = take(table.frame, mapping, "surveyed_on")
    days = read_days(values, options.time_format)
    unread = np.isnat(days) & values.notna().to_numpy()
    report.note(unread, "surveyed_on", _("日期无法识别，已略去"), _("请写成 2026-03-05 这样。"))
    return pd.Series(days).astype(object).where(~np.isnat(days), None).to_numpy()


def _codes(given: np.ndarray, columns: dict, options: Options, report: Report) -> np.ndarray:
    """A code for every good row: the given one, else the one it has, else the next one of its class in the district."""
    codes = given.copy()
    bare = np.flatnonzero(report.good & (codes == ""))
    if not len(bare):
        return codes
    stored = known(Component, "source_code", columns["source_code"][bare], ["code"], source=options.source)["code"]
    codes[bare] = stored.fillna("").to_numpy(dtype=object)
    bare = bare[codes[bare] == ""]
    heads = np.array([columns["area"][row][:6] + columns["kind"][row] for row in bare], dtype=object)
    for head, members in pd.Series(bare).groupby(heads):
        first = _last_number(str(head), codes) + 1
        for place, row in enumerate(members):
            codes[row] = f"{head}{first + place:0{16 - len(str(head))}d}" if first + place <= _LAST else ""
    report.refuse(codes == "", "code", _("这一类部件在本区的编号已用完"), _("请在文件里给出代码。"))
    return codes


def _last_number(head: str, codes: np.ndarray) -> int:
    """The highest running number behind the digits of district and class, in the database and in this file."""
    inside = [int(code[len(head) : 16]) for code in codes if code.startswith(head)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substr(code, %s, %s)::int) FROM grid_component WHERE code >= %s AND code < %s",
            [len(head) + 1, 16 - len(head), head, head + ":"],
        )
        return max([cursor.fetchone()[0] or 0, *inside])


def _write(columns: dict, codes: np.ndarray, options: Options, batch: np.ndarray) -> Tally:
    part = {name: values[batch] for name, values in columns.items()}
    part["source"] = np.full(len(batch), options.source, dtype=object)
    by_code = known_ids(Component, "code", codes[batch])
    by_key = known_ids(Component, "source_code", part["source_code"], source=options.source)
    return merge(Component, np.where(by_code == 0, by_key, by_code), part, fixed={"code": codes[batch]})
