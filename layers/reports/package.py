"""A report as a GeoPackage: places and incidents as layers with English field names, the facts as a table beside."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.reports.contents import Contents


def write(contents: Contents, path: Path, progress: Callable[[int], None]) -> None:
    """Codes are text. A figure that is withheld or unknown is null, and `shown` says which."""
    places = contents.places.assign(unit=contents.unit, indicator=contents.figure, colour=contents.classes.colour_of)
    _write(places, path, "places", "MultiPolygon")
    progress(40)
    if contents.incidents is not None:
        _write(_plain(contents.incidents), path, "incidents", "Point")
        progress(80)
    about = pd.DataFrame([("title", contents.title), *contents.facts], columns=["what", "text"])
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=True)


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    words = {name: frame[name].astype(object) for name in frame.columns if frame[name].dtype == "category"}
    return frame.assign(**words)


def _write(frame: gpd.GeoDataFrame, path: Path, layer: str, kind: str) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=layer, driver="GPKG", geometry_type=kind, promote_to_multi=kind.startswith("Multi"),
        append=path.exists(),
    )  # fmt: skip
