"""A report as a GeoPackage: places and incidents as layers with English field names, the facts as a table beside."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.reports.contents import Contents
from layers.reports.tables import tables


def write(contents: Contents, path: Path, progress: Callable[[int], None]) -> Path:
    """Codes are text. A figure that is withheld or unknown is null, and `shown` says which."""
    for done, (name, frame) in enumerate(tables(contents).items()):
        _write(frame, path, name, "MultiPolygon" if name == "places" else "Point")
        progress(40 * (done + 1))
    about = pd.DataFrame([("title", contents.title), *contents.facts], columns=["what", "text"])
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=True)
    return path


def _write(frame: gpd.GeoDataFrame, path: Path, layer: str, kind: str) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=layer, driver="GPKG", geometry_type=kind, promote_to_multi=kind.startswith("Multi"),
        append=path.exists(),
    )  # fmt: skip
