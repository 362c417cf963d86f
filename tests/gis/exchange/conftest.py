"""A town on squared paper: two communities side by side, the western one with two cells, five buildings.

116.650      116.655      116.660                 116.670
   +------------+------------+-----------------------+  40.130
   |   cell 1   |   cell 2   |      no cells         |
   |        …006             |        …007           |
   +------------+------------+-----------------------+  40.120
"""

from datetime import date
from io import StringIO
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from django.core.management import CommandError, call_command

from gis.exchange.copying import copy_columns, reserve_ids

WEST, EAST, SOUTH, NORTH = 116.650, 116.670, 40.120, 40.130
FIRST, SECOND = "110113001006", "110113001007"


def multi(west, south, east, north):
    return shapely.multipolygons([shapely.box(west, south, east, north)])


def house(x, y, size=0.0002):
    return shapely.box(x, y, x + size, y + size)


@pytest.fixture
def ground(bare):
    """The street and its two communities."""
    from gis.models import Area

    copy_columns(
        Area,
        {
            "code": ["11", "1101", "110113", "110113001", FIRST, SECOND],
            "level": ["province", "city", "district", "street", "community", "community"],
            "name": ["北京市", "北京市市辖区", "顺义区", "胜利街道", "幸福西街", "义宾街"],
            "geometry": np.array(
                [multi(WEST, SOUTH, EAST, NORTH)] * 4
                + [multi(WEST, SOUTH, 116.66, NORTH), multi(116.66, SOUTH, EAST, NORTH)],
                dtype=object,
            ),
        },
    )
    return [FIRST, SECOND]


@pytest.fixture
def cells(ground):
    """Two cells in the western community, in force since 2024."""
    from gis.models import Cell, CellVersion

    keys = reserve_ids(Cell, 2)
    copy_columns(Cell, {"id": keys})
    copy_columns(
        CellVersion,
        {
            "cell": keys,
            "code": [FIRST + "001", FIRST + "002"],
            "name": ["一", "二"],
            "valid": ["[2024-01-01,)"] * 2,
            "geometry": np.array(
                [multi(WEST, SOUTH, 116.655, NORTH), multi(116.655, SOUTH, 116.66, NORTH)], dtype=object
            ),
        },
    )
    return [FIRST + "001", FIRST + "002"]


@pytest.fixture
def houses(cells):
    """Buildings 1 to 3 of 建新北区 in the first cell, and one of the same name in the other community."""
    from gis.models import Building, Compound

    west = Compound.objects.create(area=FIRST, name="建新北区", aliases=["建北"])
    east = Compound.objects.create(area=SECOND, name="义宾南区")
    copy_columns(
        Building,
        {
            "code": [FIRST + "00001", FIRST + "00002", SECOND + "00001"],
            "compound": [west.pk, west.pk, east.pk],
            "number": ["1号楼", "2号楼", "1号楼"],
            "road": ["府前街", "", ""],
            "gate": ["10号", "", ""],
            "area": [FIRST + "001", FIRST + "001", SECOND],
            "geometry": shapely.multipolygons(
                np.array([[house(116.651, 40.121)], [house(116.652, 40.121)], [house(116.665, 40.121)]])
            ),
        },
    )


@pytest.fixture
def bring(capsys):
    """Run an import command; its printed account."""

    def run(subject: str, path: Path, *arguments: str) -> str:
        out = StringIO()
        call_command(f"import_{subject}", str(path), "--yes", *arguments, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def refused(bring):
    """Run an import command that must fail as a whole; its one sentence."""

    def run(subject: str, path: Path, *arguments: str) -> str:
        with pytest.raises(CommandError) as caught:
            bring(subject, path, *arguments)
        return str(caught.value)

    return run


@pytest.fixture
def write(tmp_path):
    """Write columns (and shapes) to a file of the test's folder; the ending chooses the format."""

    def save(name: str, columns: dict, shapes=None, crs="EPSG:4326", **options) -> Path:
        path, frame = tmp_path / name, pd.DataFrame(columns)
        if shapes is not None:
            frame = geopandas.GeoDataFrame(frame, geometry=list(shapes), crs=crs)
        if path.suffix == ".csv":
            frame.to_csv(path, index=False, **options)
        elif path.suffix == ".xlsx":
            _write_sheet(path, frame)
        elif path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_file(path, **options)
        return path

    return save


def _write_sheet(path: Path, frame: pd.DataFrame) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("名单")
        for column, name in enumerate(frame.columns):
            sheet.write_column(0, column, [name, *frame[name]])


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The real data beside the checkout; tests that need it skip where it is absent."""
    for folder in Path(__file__).resolve().parents:
        if (folder.parent / "shared" / "data" / "README.md").is_file():
            return folder.parent / "shared" / "data"
    pytest.skip("no shared/data beside the checkout")


@pytest.fixture
def day() -> date:
    return date(2026, 3, 5)
