"""Importing residents: who they are. Where they live is found in `homes.py` and written in `stays.py`.

A person is known by the blind index of the identity number, else by the key of the file. Numbers and phones are
sealed before they leave this process; no reason, note or log line ever holds one.
"""

import numpy as np
import pandas as pd
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.codes.loading import read_table
from gis.errors import BadFile
from gis.exchange.batches import in_batches
from gis.exchange.columns import take, take_text
from gis.exchange.copying import reserve_ids
from gis.exchange.homes import Homes, find_homes
from gis.exchange.merging import Tally, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.reading import Table
from gis.exchange.recoding import row_as_told
from gis.exchange.refusals import Report
from gis.exchange.stays import Stays, write_stays
from gis.exchange.texts import fit_texts
from gis.exchange.times import read_days
from gis.exchange.words import table_of_words, translate
from gis.people.gone import Gone, print_of
from gis.people.identity import CITIZEN, clean_numbers, document_problems, read_identities
from gis.people.resident import Resident
from gis.people.rotating import reseal
from gis.people.sealing import before_all, index_all, indexes_all, seal_all

#: A spreadsheet keeps 15 digits of a number; an identity number stored as one has lost its end.
_EXACT = 2**53


def import_residents(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    if not {"building_code", "compound", "road", "address", "community_code"} & set(mapping):
        raise BadFile(
            _("文件没有说明各人住在哪里。"),
            fix=_("请用 --map 指明小区（compound）和楼号（number），或地址（address），或社区（community_code）。"),
        )
    people = check_residents(table, mapping, report)
    homes = find_homes(table, mapping, report)
    stays = check_stays(table, mapping, homes, report)
    people["area"] = homes.areas
    people["source_code"], people["code_before"] = _keys(table, mapping, people, homes, report)
    _refuse_gone(people, options, report)
    good = np.flatnonzero(report.good)
    outcome = Outcome()
    if not options.dry_run and len(good):
        outcome.tally = in_batches(good, options, lambda batch: _write(people, stays, options, batch))
    return outcome


def check_residents(table: Table, mapping: dict[str, str], report: Report) -> dict[str, np.ndarray]:
    """Names, numbers, sexes, births and phones of a file, judged row by row; no database."""
    names = fit_texts(take_text(table.frame, mapping, "name"), 60, "name", report)
    report.refuse(names == "", "name", _("缺少名称"), _("请补上，或删去这一行。"))
    documents = translate(take_text(table.frame, mapping, "document"), _words("document"), CITIZEN)
    numbers, born, sex = _identities(table, mapping, documents, report)
    sex = _agreed_sex(table, mapping, sex, report)
    born = _agreed_birth(table, mapping, born, report)
    phones = _phones(table, mapping, report)
    return {
        "name": names,
        "document": documents,
        "number": numbers,
        "sex": sex,
        "born": born,
        "phone": phones,
        "population": translate(take_text(table.frame, mapping, "population"), _words("population"), "registered"),
    }


def _words(field: str) -> dict[str, str]:
    """Word → code of one field of a person."""
    return table_of_words("person_words", field)


def _identities(table: Table, mapping: dict[str, str], documents: np.ndarray, report: Report):
    """Cleaned numbers, and what the citizens' ones say of birth and sex."""
    raw = take(table.frame, mapping, "identity")
    count = len(table.frame)
    if raw is None:
        return (
            np.full(count, "", dtype=object),
            np.full(count, "NaT", dtype="datetime64[D]"),
            np.full(count, "", dtype=object),
        )
    lost = raw.map(lambda value: isinstance(value, float) and abs(value) >= _EXACT).to_numpy(dtype=bool)
    report.refuse(
        lost,
        "identity",
        _("它存成了数字，末几位已经丢失"),
        _("请在表格软件里把这一列设为文本，重新输入号码。"),
    )
    numbers = clean_numbers(raw.where(~lost, None).to_numpy(dtype=object))
    citizens = documents == CITIZEN
    read = read_identities(
        np.where(citizens, numbers, ""), synthetic=settings.SYNTHETIC_IDS, today=timezone.localdate()
    )
    report.refuse(read.problem != "", "identity", read.problem, _("请与证件核对。"))
    other = document_problems(numbers, documents)
    report.refuse(other != "", "identity", other, _("请与证件及其类型核对。"))
    numbers = np.where(citizens, read.number, numbers).astype(object)
    twin = pd.Series(numbers).where(report.good & (numbers != "")).duplicated().to_numpy() & (numbers != "")
    report.refuse(twin, "identity", _("文件里另一行与它相同"), _("每人请只留一行。"))
    return numbers, read.born, read.sex


def _agreed_sex(table: Table, mapping: dict[str, str], read: np.ndarray, report: Report) -> np.ndarray:
    given = translate(take_text(table.frame, mapping, "sex"), _words("sex"), "0")
    against = (read != "") & np.isin(given, ["1", "2"]) & (given != read)
    report.refuse(against, "sex", _("与证件号码不符"), _("请改正其中一个。"))
    return np.where(read != "", read, given).astype(object)


def _agreed_birth(table: Table, mapping: dict[str, str], read: np.ndarray, report: Report) -> np.ndarray:
    values = take(table.frame, mapping, "born")
    if values is None:
        return read
    given = read_days(values)
    report.note((np.isnat(given) & values.notna().to_numpy()), "born", _("出生日期无法识别，已略去"))
    late = ~np.isnat(given) & (given > np.datetime64(timezone.localdate(), "D"))
    report.refuse(late, "born", _("出生日期在未来"), _("请改正。"))
    against = ~np.isnat(read) & ~np.isnat(given) & (given != read)
    report.refuse(against, "born", _("与证件号码不符"), _("请改正其中一个。"))
    return np.where(np.isnat(read), given, read)


def _phones(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    text = pd.Series(take_text(table.frame, mapping, "phone"), dtype="str").str.normalize("NFKC")
    plain = text.str.replace(r"[\s()（）-]+", "", regex=True).str.removeprefix("+86")
    wrong = plain.ne("") & ~plain.str.fullmatch(r"\+?\d{5,15}")
    report.note(wrong.to_numpy(dtype=bool), "phone", _("不是电话号码，已略去"))
    return plain.mask(wrong, "").to_numpy(dtype=object)


def check_stays(table: Table, mapping: dict[str, str], homes: Homes, report: Report) -> Stays:
    """Since when and as what each person stays in their dwelling."""
    values = take(table.frame, mapping, "starts")
    today = np.datetime64(timezone.localdate(), "D")
    starts = np.full(len(table.frame), today) if values is None else read_days(values)
    late = ~np.isnat(starts) & (starts > today)
    report.refuse(late, "starts", _("居住开始日期在未来"), _("请改正。"))
    return Stays(
        buildings=homes.buildings,
        units=homes.units,
        rooms=homes.rooms,
        areas=homes.areas,
        kinds=translate(take_text(table.frame, mapping, "kind"), _words("kind"), "living"),
        relations=translate(take_text(table.frame, mapping, "relation"), _relations(), ""),
        starts=np.where(np.isnat(starts), today, starts),
        households=take_text(table.frame, mapping, "household"),
    )


def _relations() -> dict[str, str]:
    """Names of GB/T 4761 and, as files also have them, the codes themselves."""
    rows = list(read_table("relation"))
    return {row["name"]: row["code"] for row in rows} | {row["code"]: row["code"] for row in rows}


def _keys(
    table: Table, mapping: dict[str, str], people: dict, homes: Homes, report: Report
) -> tuple[np.ndarray, np.ndarray]:
    """The file's own key, none beside an identity number, else a keyed digest of name, birth and home.

    A plain digest could be guessed back to the person, the keyed one cannot. The second column is the same by the key
    that is being replaced, where one is.
    """
    keys = fit_texts(take_text(table.frame, mapping, "source_code"), 80, "source_code", report)
    open_rows = np.flatnonzero((keys == "") & (people["number"] == "") & report.good)
    told = [
        row_as_told(
            *(people[name][row] for name in ("name", "born", "sex")),
            *(column[row] for column in (homes.areas, homes.buildings, homes.units, homes.rooms)),
        )
        for row in open_rows
    ]
    keys, before = keys.copy(), keys.copy()
    keys[open_rows] = [f"#{index.hex()}" for index in index_all(told) if index]
    before[open_rows] = [f"#{index.hex()}" for index in indexes_all(told)[-1] if index]
    twin = pd.Series(keys).where(report.good & (keys != "")).duplicated().to_numpy() & (keys != "")
    report.refuse(twin, "source_code", _("文件里另一行是同一个人"), _("两行请只留一行。"))
    return keys, before


def _refuse_gone(people: dict[str, np.ndarray], options: Options, report: Report) -> None:
    """Whose record was deleted does not come back with an old file; who is registered here again is known."""
    if not Gone.objects.exists():
        return
    numbers, codes = people["number"], people["source_code"]
    told = np.zeros(len(numbers), dtype=bool)
    for column in indexes_all(map(print_of, numbers)):
        told |= known_ids(Gone, "print", column) != 0
    for column in indexes_all(print_of(code, options.source) for code in codes):
        told |= known_ids(Gone, "code_print", column) != 0
    if told.any():
        told &= _known(numbers, (codes, people["code_before"]), options) == 0
    report.refuse(
        told,
        "name",
        _("此人离开已久，记录已按规定删除"),
        _("请去掉这一行；又住回来的人在走访时登记。"),
    )


def _write(people: dict, stays: Stays, options: Options, batch: np.ndarray) -> Tally:
    numbers, phones = people["number"][batch], people["phone"][batch]
    ids = _known(numbers, (people["source_code"][batch], people["code_before"][batch]), options)
    reseal(Resident, ids[ids != 0])  # what is compared below is by one key
    columns = {
        name: people[name][batch] for name in ("name", "document", "sex", "born", "population", "area", "source_code")
    }
    columns |= {
        "identity_index": np.array(index_all(numbers), dtype=object),
        "identity_last4": np.array([number[-4:] for number in numbers], dtype=object),
        "phone_index": np.array(index_all(phones), dtype=object),
        "phone_last4": np.array([phone[-4:] for phone in phones], dtype=object),
        "source": np.full(len(batch), options.source, dtype=object),
    }
    sealed = {
        "identity_sealed": np.array(seal_all(numbers), dtype=object),
        "identity_before": np.array(before_all(numbers), dtype=object),
        "phone_sealed": np.array(seal_all(phones), dtype=object),
    }
    fresh = ids.copy()
    fresh[ids == 0] = reserve_ids(Resident, int((ids == 0).sum()))
    tally = merge(Resident, ids, columns, fixed={"id": fresh}, silent=sealed)
    moved = write_stays(stays, fresh, batch)
    return _with_moves(tally, ids != 0, moved)


def _known(numbers: np.ndarray, codes: tuple[np.ndarray, ...], options: Options) -> np.ndarray:
    """Who is known by number, else by the key of the file, as made now or by the key before; 0 for the others."""
    ids = np.zeros(len(numbers), dtype=np.int64)
    for index in indexes_all(numbers):
        ids = np.where(ids == 0, known_ids(Resident, "identity_index", index, among="NOT doubled"), ids)
    for column in codes:
        ids = np.where(ids == 0, known_ids(Resident, "source_code", column, source=options.source), ids)
    return ids


def _with_moves(tally: Tally, old: np.ndarray, moved: np.ndarray) -> Tally:
    """A known person who has moved house counts as updated, at most as many as were unchanged."""
    also = min(int((old & moved).sum()), tally.unchanged)
    return Tally(tally.new, tally.updated + also, tally.unchanged - also)
