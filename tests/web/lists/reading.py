"""Reading lists back: what a page shows of one, and what readers of other programs find in its files."""

import csv
import io
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from python_calamine import CalamineWorkbook


class _Cells(HTMLParser):
    """The tables of a class, cell by cell, as text."""

    def __init__(self, named: str) -> None:
        super().__init__()
        self.named = named
        self.rows: list[list[str]] = []
        self.inside, self.depth = False, 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "table":
            self.depth = self.depth or (self.named in (dict(attrs).get("class") or "") and 1)
        elif self.depth and tag == "tr":
            self.rows.append([])
        elif self.depth and tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.depth = 0
        elif tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.depth and self.inside:
            self.rows[-1][-1] += data


def cells_in(text: str, named: str) -> list[list[str]]:
    """The rows of all tables of a class on a page, spaces run together."""
    read = _Cells(named)
    read.feed(text)
    return [[" ".join(cell.split()) for cell in row] for row in read.rows]


def page_rows(client, address: str) -> list[list[str]]:
    """The heads and all rows that the pages of a list show, spaces run together."""
    found: list[list[str]] = []
    number = 1
    while True:
        text = client.get(f"{address}{'&' if '?' in address else '?'}page={number}").content.decode()
        rows = cells_in(text, "folding")
        found += rows[bool(found) :]
        if 'rel="next"' not in text:
            return found
        number += 1


def names_in_csv(path: Path, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))[1:]


def names_in_workbook(path: Path) -> list[list[str]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(1).to_python()[1:]


def _spatial(path: Path) -> pd.DataFrame:
    layer = next((name for name, _kind in pyogrio.list_layers(path) if name != "about"), None)
    return pyogrio.read_dataframe(path, layer=layer)


def _shapefile(path: Path) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        assert {"fields.csv", "about.txt"} <= set(archive.namelist())
        archive.extractall(path.parent / "shp")
    return pyogrio.read_dataframe(next((path.parent / "shp").glob("*.shp")))


def _kml(path: Path) -> pd.DataFrame:
    return pd.concat([pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)]).rename(
        columns={"Name": "name"}
    )


def _parquet(path: Path) -> pd.DataFrame:
    try:
        return gpd.read_parquet(path)
    except ValueError:  # a list without shapes
        return pd.read_parquet(path)


#: Kind of file → the names of its features in order, as another program reads them.
NAMES: dict[str, Callable[[Path, str], list[str]]] = {
    "xlsx": lambda path, name: [row[0] for row in names_in_workbook(path)],
    "csv": lambda path, name: [row[0] for row in names_in_csv(path, "utf-8-sig")],
    "csv-gb": lambda path, name: [row[0] for row in names_in_csv(path, "gb18030")],
    "gpkg": lambda path, name: _spatial(path)[name].tolist(),
    "geojson": lambda path, name: _spatial(path)[name].tolist(),
    "shp": lambda path, name: _shapefile(path)[name[:10]].tolist(),
    "kml": lambda path, name: _kml(path)["name"].tolist(),
    "parquet": lambda path, name: _parquet(path)[name].tolist(),
}
