"""Sheets as a GeoPackage: layers with English field names, the facts as a table beside."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyogrio

from layers.reports.sheets import Sheet, Told, days_as_texts


def write(told: Told, path: Path, progress: Callable[[int], None]) -> Path:
    """Codes are text. A figure that is withheld or unknown is null, and `shown` says which."""
    for done, sheet in enumerate(told.sheets):
        _write(sheet, path)
        progress(40 * (done + 1))
    about = pd.DataFrame([("title", told.title), *told.facts], columns=["what", "text"])
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=True)
    return path


def _write(sheet: Sheet, path: Path) -> None:
    areal = sheet.shape == "Polygon"
    kind = {"geometry_type": "MultiPolygon" if areal else sheet.shape, "promote_to_multi": areal} if sheet.shape else {}
    frame = days_as_texts(sheet.frame)
    pyogrio.write_dataframe(frame, path, layer=sheet.name, driver="GPKG", append=path.exists(), **kind)
