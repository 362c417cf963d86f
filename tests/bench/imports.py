"""Rows a second of an import, from the file on disk to the committed row, beside a bare COPY of the very same rows.

The ground is ten invented communities of ten cells; buildings stand in a lattice, three residents live in each
dwelling, incidents lie at random. The bare COPY takes the rows the import has stored, into the same tables with the
same indexes and triggers, and checks nothing.
"""

import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from gis import crs
from gis.exchange.copying import copy_columns
from gis.models import Area, Building, Cell, CellVersion
from tests.bench.clock import seconds
from tests.bench.report import Report
from tests.bench.scratch import scratch_database

_WEST, _SOUTH, _SIDE = 116.60, 40.05, 0.08  # degrees
_LIMIT = 0.25
#: Tables an import fills, in an order that satisfies their foreign keys.
_TABLES = {
    "buildings": ("grid_building",),
    "residents": ("grid_dwelling", "grid_household", "grid_resident", "grid_residence"),
    "incidents": ("grid_incident",),
}


def measure(quick: bool) -> Report:
    """Each kind of file once; `quick` takes a tenth of the rows."""
    rows = 20_000 if quick else 200_000
    report = Report(["file", "rows", "import rows/s", "COPY rows/s", "share", "at least"])
    with scratch_database(), tempfile.TemporaryDirectory() as folder, override_settings(SYNTHETIC_IDS=True):
        _draw_ground()
        for subject, write in (("buildings", _buildings), ("residents", _residents), ("incidents", _incidents)):
            file = write(Path(folder), rows)
            spent = seconds(lambda subject=subject, file=file: _import(subject, file))
            stored, bare = _copied_again(_TABLES[subject])
            _require(subject, stored, rows)
            share = bare / spent
            report.rows.append([file.name, rows, rows / spent, rows / bare, share, _LIMIT])
            report.named.append((f"import.{subject}_share", share, "of COPY"))
    report.notes.append("residents: the COPY writes dwellings, households, residents and stays, as the import does.")
    return report


def _import(subject: str, file: Path) -> None:
    call_command(f"import_{subject}", str(file), "--yes", "--source", "bench", stdout=StringIO(), stderr=StringIO())


def _require(subject: str, stored: dict[str, int], rows: int) -> None:
    """A fast import that drops rows is not measured."""
    main = {"buildings": "grid_building", "residents": "grid_resident", "incidents": "grid_incident"}[subject]
    if stored[main] != rows:
        raise RuntimeError(f"The import of {subject} stored {stored[main]} of {rows} rows.")


def _copied_again(tables: tuple[str, ...]) -> tuple[dict[str, int], float]:
    """Take the rows of the tables out, empty them, and time putting the same rows back by COPY."""
    with connection.cursor() as cursor, tempfile.TemporaryDirectory() as folder:
        stored = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            stored[table] = cursor.fetchone()[0]
            with (
                (Path(folder) / table).open("wb") as file,
                cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out,
            ):
                for block in out:
                    file.write(block)
        cursor.execute(f"TRUNCATE {', '.join(tables)}, grid_figures, grid_births CASCADE")
        return stored, sum(
            seconds(lambda table=table: _copy_in(cursor, table, Path(folder) / table)) for table in tables
        )


def _copy_in(cursor, table: str, file: Path) -> None:
    with file.open("rb") as blocks, cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as into:
        for block in _blocks(blocks):
            into.write(block)


def _blocks(file) -> Iterator[bytes]:
    while block := file.read(1 << 20):
        yield block


def _boxes(columns: int, rows: int, west: float, south: float, width: float, height: float, fill: float = 1.0):
    """A lattice of boxes, west to east and then southwards to north, each `fill` of its place."""
    x, y = np.meshgrid(west + np.arange(columns) * width, south + np.arange(rows) * height)
    x, y = x.ravel(), y.ravel()
    return shapely.box(x, y, x + fill * width, y + fill * height)


def _draw_ground() -> None:
    outlines = _boxes(5, 2, _WEST, _SOUTH, _SIDE / 5, _SIDE / 2)
    codes = [f"990101001{number:03d}" for number in range(1, 11)]
    copy_columns(
        Area,
        {
            "code": codes,
            "level": ["community"] * 10,
            "name": [f"测量社区{code[-2:]}" for code in codes],
            "geometry": shapely.multipolygons(outlines[:, None]),
        },
    )
    for code, outline in zip(codes, outlines, strict=True):
        _draw_cells(code, *outline.bounds)


def _draw_cells(code: str, west: float, south: float, east: float, north: float) -> None:
    shapes = _boxes(5, 2, west, south, (east - west) / 5, (north - south) / 2)
    cells = Cell.objects.bulk_create([Cell() for _ in shapes])
    copy_columns(
        CellVersion,
        {
            "cell_id": [cell.pk for cell in cells],
            "code": [f"{code}{number:03d}" for number in range(1, 11)],
            "name": [f"第{number}网格" for number in range(1, 11)],
            "geometry": shapely.multipolygons(shapes[:, None]),
            "valid": ["[2024-01-01,)"] * 10,
        },
    )


def _buildings(folder: Path, rows: int) -> Path:
    across = int(np.ceil(np.sqrt(rows)))
    step = 0.999 * _SIDE / across
    shapes = _boxes(across, across, _WEST + step / 10, _SOUTH + step / 10, step, step, fill=0.5)[:rows]
    number = np.arange(1, rows + 1)
    frame = gpd.GeoDataFrame(
        {
            "id": number,
            "number": [f"{n}号楼" for n in number],
            "floors": 6,
            "use": "住宅",
            "road": [f"测量路{n % 40}号" for n in number],
        },
        geometry=shapes,
        crs=crs.STORE,
    )
    frame.to_parquet(folder / "buildings.parquet")
    return folder / "buildings.parquet"


def _residents(folder: Path, rows: int) -> Path:
    codes = np.array(Building.objects.order_by("code").values_list("code", flat=True)[: max(rows // 30, 1)])
    person = np.arange(rows)
    dwelling = person // 3
    born = pd.Timestamp("1940-01-01") + pd.to_timedelta((person * 37) % 30_000, unit="D")
    frame = pd.DataFrame(
        {
            "编号": person + 1,
            "姓名": [f"测{n:06d}" for n in person],
            "身份证号": _identities(person, born),
            "楼栋编码": codes[(dwelling // 10) % len(codes)],
            "单元": dwelling % 10 // 5 + 1,
            "室号": [f"{n % 5 + 1}{n // 10 // len(codes) + 1:02d}" for n in dwelling],
            "户号": dwelling,
            "手机号": [f"10{n:09d}" for n in person],
        }
    )
    frame.to_csv(folder / "residents.csv", index=False, encoding="utf-8-sig")
    return folder / "residents.csv"


def _identities(person: np.ndarray, born: pd.DatetimeIndex) -> list[str]:
    """Distinct numbers of invented people: the date tells 30,000 apart, the sequence the rest, the check is wrong."""
    from gis.people.identity import check_character

    numbers = [f"990101{day:%Y%m%d}{n // 30_000:03d}" for n, day in zip(person, born, strict=True)]
    return [number + ("1" if check_character(number) != "1" else "2") for number in numbers]


def _incidents(folder: Path, rows: int) -> Path:
    pick = np.random.default_rng(7)
    at = pd.Timestamp("2025-01-01", tz="Asia/Shanghai") + pd.to_timedelta(pick.integers(0, 59_000_000, rows), unit="s")
    frame = pd.DataFrame(
        {
            "编号": np.arange(1, rows + 1),
            "时间": at.strftime("%Y-%m-%d %H:%M:%S"),
            "类别": pick.choice(["C0301", "C0501", "C0103"], rows),
            "经度": _WEST + _SIDE * pick.random(rows),
            "纬度": _SOUTH + _SIDE * pick.random(rows),
            "描述": "路面有积水，行人绕行。",
        }
    )
    frame.to_csv(folder / "incidents.csv", index=False, encoding="gb18030")
    return folder / "incidents.csv"
