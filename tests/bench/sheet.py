"""A department's XLSX of 200,000 people read, mapped, matched and stored, beside pandas with recordlinkage.

The sheet is `match_errors` over an invented population of as many registered people: a quarter of its rows are of
people nobody knows, 12 % have no identity number, names, births, numbers, phones and addresses are wrong in seven ways,
the sex is written 0 for a woman. It brings three fields of the catalogue that the department owns and one that it does
not. Measured is the whole way: upload sealed, columns proposed, values coded, rows judged, matched and kept sealed,
then filed as facts, corrections and new people under row-level security, lot by lot. Memory is the peak of the process.

The peer reads the same rows from CSV (its environment has no reader of workbooks), blocks on number, on name and
birth, and on phone, compares six fields, classifies with ECM and writes the pairs to a file: no database, no check of a
row, no value stored.
"""

import json
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
import xlsxwriter
from django.conf import settings
from django.db import connection
from django.test import override_settings

from gis.collection.catalogue import load_fields
from gis.collection.sheets.bringing import bring, content_of, set_columns, set_values, start, values_of
from gis.collection.sheets.checking import check
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Stage, Verdict
from gis.exchange.copying import copy_columns, reserve_ids
from gis.models import Area, Building, Compound, Department, Dwelling, Posting, Residence, Resident, User
from gis.people.sealing import index_all, seal_all
from tests.bench.match import _peak, _peak_reset
from tests.bench.match_errors import Rates, Tried, make
from tests.bench.peers import peers_python
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from web.jobs.sheets import file_sheet

_COMMUNITY = "990101001001"
_TITLES = [
    "姓名",
    "身份证号",
    "性别",
    "出生日期",
    "联系电话",
    "家庭住址",
    "是否低保",
    "是否需要助餐",
    "困难及诉求",
    "文化程度",
]
_HEAD = ["who", "step", "rows", "s", "MB", "links", "wrong links", "of known, linked", "to review", "new", "refused"]
_LIMITS = "Limits: 200,000 rows in 120 s, 1,000 MB."


def measure(quick: bool) -> Report:
    """Few rows when `quick`, and the peer where it is installed."""
    size = 6_000 if quick else 200_000
    report = Report(_HEAD)
    folder = Path(tempfile.mkdtemp(prefix="wangge-bench-"))
    try:
        with scratch_database(), override_settings(SYNTHETIC_IDS=True, MEDIA_ROOT=folder / "media"):
            truth = _apart(_prepare, folder, size)
            _let_the_planner_know()
            _ours(report, folder / "sheet.xlsx", User.objects.get(username="bench"), truth, size)
        _peer(report, folder, quick, size)
    finally:
        shutil.rmtree(folder)
    report.notes.append(_LIMITS)
    return report


def _apart(work, *given):
    """What work returns, done in a process of its own: the memory it leaves behind is not that of a sheet."""
    connection.close()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as other:
        return other.submit(work, *given).result()


def _prepare(folder: Path, size: int) -> np.ndarray:
    """Register the people known and write the sheet; by row the key of who it is, 0 for somebody new."""
    tried = make(size, 1, Rates())
    keys = _register(tried)
    _write(folder / "sheet.xlsx", tried, size)
    _write_csv(folder, tried)
    return np.where(tried.truth >= 0, keys[tried.truth], 0)


def _ours(report: Report, path: Path, user: User, truth: np.ndarray, size: int) -> None:
    _peak_reset()
    spent: dict[str, float] = {}
    with _Clock(spent, "bring"):
        sheet = bring("sheet.xlsx", path.read_bytes(), _COMMUNITY[:6], user=user, access=user.access)
    with _Clock(spent, "map and code"):
        set_columns(sheet, sheet.plan["mapping"], sheet.as_of)
        coded = values_of(sheet).columns
        set_values(
            sheet, {target.code: {one.value: one.code or "" for one in found} for target, _title, found in coded}
        )
    with _Clock(spent, "judge and match"), content_of(sheet) as file:
        check(sheet, file, lambda share: None)
    Sheet.objects.filter(pk=sheet.pk).update(stage=Stage.READY)
    verdicts = _judged(sheet, truth)
    with _Clock(spent, "file"):
        start(sheet)
        _file(sheet)
    peak = _peak()
    _require(sheet, size)
    for step, seconds in spent.items():
        report.rows.append(["Wangge", step, size, seconds, "", "", "", "", "", "", ""])
    total = sum(spent.values())
    report.rows.append(["Wangge", "all", size, total, peak, *verdicts])
    report.named += [("sheet.s", total, "s"), ("sheet.mb", peak, "MB"), ("sheet.wrong_links", verdicts[1], "")]


def _file(sheet: Sheet) -> None:
    """As the worker does it, slice by slice."""
    file_sheet(sheet.pk, lambda: _file(sheet))


class _Clock:
    """Seconds of a step, added to those of the others."""

    def __init__(self, spent: dict[str, float], step: str) -> None:
        self.spent, self.step = spent, step

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_error) -> None:
        self.spent[self.step] = time.perf_counter() - self.began


def _judged(sheet: Sheet, truth: np.ndarray) -> list:
    """Links, wrong ones, share of the known that were linked, and rows by verdict."""
    rows = SheetRow.objects.filter(sheet=sheet).values_list("row", "verdict", "resident")
    found = pd.DataFrame(list(rows), columns=["row", "verdict", "resident"])
    right = truth[found["row"].to_numpy() - 2]
    linked = (found["verdict"] == Verdict.LINK).to_numpy()
    same = found["resident"].fillna(0).to_numpy() == right
    by = found["verdict"].value_counts()
    return [
        int(linked.sum()), int((linked & ~same).sum()), float((linked & same).sum() / (right > 0).sum()),
        int(by.get("review", 0)), int(by.get("new", 0)), int(by.get("fault", 0)),
    ]  # fmt: skip


def _require(sheet: Sheet, size: int) -> None:
    """A fast import that drops rows is not measured."""
    rows = SheetRow.objects.filter(sheet=sheet)
    if rows.count() != size or rows.filter(outcome=Outcome.WAITS).exists():
        raise RuntimeError(f"{rows.count()} of {size} rows were kept, some not filed.")


def _register(tried: Tried) -> np.ndarray:
    """The known people behind doors of an invented community, and an officer `bench`; the keys of the people."""
    known, count = tried.known, len(tried.known["name"])
    department = Department.objects.get_or_create(code="civil", defaults={"name": "民政局"})[0]
    load_fields()
    user = User.objects.create(username="bench", name="测量", department=department)
    box = shapely.multipolygons([shapely.box(116.6, 40.0, 116.7, 40.1)])
    copy_columns(Area, {"code": [_COMMUNITY], "level": ["community"], "name": ["测量社区"], "geometry": [box]})
    Posting.objects.create(user=user, role="department_officer", area=_COMMUNITY[:6], starts="2020-01-01")
    doors = _doors(known["address"], box)
    keys = reserve_ids(Resident, count)
    copy_columns(Resident, _people(known, keys))
    at = np.flatnonzero(doors > 0)
    copy_columns(
        Residence,
        {
            "resident": keys[at], "dwelling": doors[at], "kind": ["living"] * len(at),
            "starts": ["2020-01-01"] * len(at), "area": [_COMMUNITY] * len(at),
        },
    )  # fmt: skip
    return keys


def _let_the_planner_know() -> None:
    """Count the tables, as the database does by itself within a minute: people of a town stand there for longer."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(known: dict[str, np.ndarray], keys: np.ndarray) -> dict:
    born = np.array([text if len(text) == 10 else None for text in known["birth"]], object)
    return {
        "id": keys, "name": known["name"], "sex": known["sex"], "born": born, "area": [_COMMUNITY] * len(keys),
        "identity_sealed": seal_all(known["identity"]), "identity_index": index_all(known["identity"]),
        "identity_last4": [text[-4:] for text in known["identity"]], "phone_sealed": seal_all(known["phone"]),
        "phone_index": index_all(known["phone"]), "phone_last4": [text[-4:] for text in known["phone"]],
    }  # fmt: skip


def _doors(addresses: np.ndarray, box) -> np.ndarray:
    """Compounds, buildings and dwellings of some addresses; by address the key of its door, 0 for none."""
    parts = pd.Series(addresses).str.extract(r"^(\D+)(\d+号楼)(\d+)单元(\w+)室$")
    parts.columns = ["compound", "number", "unit", "room"]
    homes = parts.dropna().drop_duplicates()
    names = homes["compound"].unique()
    compounds = dict(zip(names, reserve_ids(Compound, len(names)).tolist(), strict=True))
    copy_columns(
        Compound,
        {
            "id": list(compounds.values()),
            "name": list(names),
            "area": [_COMMUNITY] * len(names),
            "aliases": [[]] * len(names),
        },
    )
    houses = homes[["compound", "number"]].drop_duplicates()
    ids = reserve_ids(Building, len(houses))
    copy_columns(
        Building,
        {
            "id": ids, "code": [f"{_COMMUNITY}{at:05}" for at in range(len(houses))],
            "compound": houses["compound"].map(compounds).to_numpy(), "number": houses["number"].to_numpy(object),
            "geometry": [box] * len(houses), "area": [_COMMUNITY] * len(houses),
        },
    )  # fmt: skip
    building = dict(zip(houses.itertuples(index=False, name=None), ids.tolist(), strict=True))
    keys = reserve_ids(Dwelling, len(homes))
    at = [building[pair] for pair in homes[["compound", "number"]].itertuples(index=False, name=None)]
    copy_columns(
        Dwelling,
        {
            "id": keys, "building": at, "unit": homes["unit"].to_numpy(object), "room": homes["room"].to_numpy(object),
            "area": [_COMMUNITY] * len(homes), "state": ["occupied"] * len(homes),
        },
    )  # fmt: skip
    door = dict(zip(homes.itertuples(index=False, name=None), keys.tolist(), strict=True))
    return np.array([door.get(one, 0) for one in parts.itertuples(index=False, name=None)], np.int64)


def _write(path: Path, tried: Tried, size: int) -> None:
    sheet, rng = tried.sheet, np.random.default_rng(5)
    sex = np.where(sheet["sex"] == "1", "1", "0")
    yes = rng.choice(["是", "否"], (2, size))
    wish = rng.choice(["", "", "", "看病不便", "无人照料", "住房漏水"], size)
    school = rng.choice(["小学", "初中", "高中", "大专", "大学本科"], size)
    columns = [
        sheet["name"],
        sheet["identity"],
        sex,
        sheet["birth"],
        sheet["phone"],
        sheet["address"],
        *yes,
        wish,
        school,
    ]
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("名单")
        page.write_row(0, 0, _TITLES)
        for at, row in enumerate(zip(*columns, strict=True), 1):
            page.write_row(at, 0, row)


def _write_csv(folder: Path, tried: Tried) -> None:
    pd.DataFrame(tried.sheet).to_csv(folder / "sheet.csv", index=False)
    pd.DataFrame(tried.known).to_csv(folder / "known.csv", index=False)
    pd.DataFrame({"truth": tried.truth}).to_csv(folder / "truth.csv", index=False)


def _peer(report: Report, folder: Path, quick: bool, size: int) -> None:
    if quick and not (Path(settings.DATA) / "peers" / "wangge.stamp").exists():
        report.notes.append(
            "recordlinkage comes with the peers, which are not installed yet: a run without --quick does."
        )
        return
    command = [peers_python(), Path(__file__).with_name("sheet_peers.py"), folder]
    subprocess.run(command, check=True, capture_output=True)
    told = json.loads((folder / "peer.json").read_text())
    share = told["right"] / told["known"]
    cells = [told["s"], told["mb"], told["links"], told["links"] - told["right"], share, "", "", ""]
    report.rows.append(["recordlinkage, ECM", "read and match", size, *cells])
