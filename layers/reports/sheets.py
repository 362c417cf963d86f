"""What a file for other programs is written from: sheets of rows, each with the names programs and people know.

`tables` makes them of a view of the map, `web.lists` of the lists of the product; the writers know no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas as gpd
import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Sheet:
    """The same rows twice: `frame` (EPSG:4326 where it has shapes) with English field names, `headed` under the heads
    a reader knows. Codes and words are texts, times local and without zone.

    `name`, `title`: what programs and people call it. `widths`: of the columns of `headed`, in signs.
    `called`: the field that names a feature on a map; `mark`: the field that names its layer in a drawing, "" where
    all lie on one. `shape`: "Point" or "Polygon", "" where the rows have no place.
    """

    name: str
    title: str
    frame: pd.DataFrame
    headed: pd.DataFrame
    widths: tuple[int, ...] = ()
    called: str = "name"
    mark: str = ""
    shape: str = "Polygon"

    @property
    def fields(self) -> list[str]:
        """The fields without the shape."""
        return [name for name in self.frame.columns if name != "geometry"]

    @property
    def placed(self) -> gpd.GeoDataFrame:
        """The rows that have a shape."""
        return self.frame[~self.frame.geometry.isna()]

    @property
    def marks(self) -> list[str]:
        """Of each placed row the layer of a drawing it lies on."""
        placed = self.placed
        return placed[self.mark].tolist() if self.mark else [self.name.upper()] * len(placed)


@dataclass(frozen=True)
class Told:
    """Everything that goes into a file. `facts` are the lines under the title, label and text each."""

    title: str
    facts: list[tuple[str, str]]
    sheets: tuple[Sheet, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees; None where nothing has a place."""
        shapes = [sheet.placed.total_bounds for sheet in self.sheets if sheet.shape and len(sheet.placed)]
        if not shapes:
            return None
        low, high = np.min(shapes, axis=0), np.max(shapes, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    @property
    def about(self) -> str:
        """What it is, line by line."""
        return "\r\n".join([self.title, "", *(f"{label}: {text}" for label, text in self.facts)]) + "\r\n"


def days_as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its days as ISO 8601 texts, its times as they are."""
    days = [name for name in frame if frame[name].dtype == object and any(map(_is_day, frame[name]))]
    return frame.assign(**{name: frame[name].map(_iso) for name in days})


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its days and times as ISO 8601 texts, for formats that know days alone, or none."""
    times = [name for name in frame if str(frame[name].dtype).startswith("datetime")]
    return days_as_texts(frame.assign(**{name: frame[name].astype(object).map(_iso) for name in times}))


def _is_day(value) -> bool:
    return hasattr(value, "isoformat")


def _iso(value) -> str | None:
    return None if pd.isna(value) else value.isoformat()[:19]


def packed(files: dict[str, Path], told: Told, path: Path) -> Path:
    """One file as it is; several, by their names, in a ZIP with what they are about. Returns the file that was made."""
    if len(files) == 1:
        (only,) = files.values()
        return only
    return zipped(files.items(), told, path)


def zipped(files: Iterable[tuple[str, Path]], told: Told, path: Path, **texts: str) -> Path:
    """Files by their names in a ZIP, with `about.txt` and other texts beside."""
    whole = path.with_suffix(".zip")
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for name, file in files:
            archive.write(file, name)
        for name, text in {**texts, "about": told.about}.items():
            archive.writestr(f"{name}.{'csv' if name == 'fields' else 'txt'}", text)
    return whole
