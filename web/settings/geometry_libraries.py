"""GDAL, GEOS and PROJ from the wheels of pyogrio, Shapely and pyproj, so that no system GIS library is needed."""

import os
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

#: Formats of GDAL that no file of ours is in. Several let a file name other files or addresses to read (OGR_VRT,
#: GDALG, GML, the services), and GDAL knows a format by its content, whatever the file is called: an upload would be
#: answered with what lies on the server. A test holds what is left against the formats we read and write.
_UNUSED_FORMATS = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "EDIGEO", "EEDA",
    "Elasticsearch", "FlatGeobuf", "GDALG", "GML", "GPSBabel", "GPX", "GTFS", "GeoRSS", "HTTP", "Idrisi", "JML",
    "LVBAG", "MBTiles", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI", "OGR_GMT",
    "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PLSCENES", "PMTiles", "S57", "SXF",
    "Selafin", "VDV", "VFK", "VICAR", "WAsP", "WFS", "XLSX",
)  # fmt: skip


def _in_wheel(package: str, pattern: str) -> str:
    spec = find_spec(package)
    folder = Path(spec.origin).parent.parent / f"{package}.libs" if spec and spec.origin else None
    found = sorted(folder.glob(pattern)) if folder else []
    if not found:
        raise ImproperlyConfigured(f"The {package} wheel has no {pattern}. Run `python3 manage.py up` to reinstall it.")
    return str(found[0])


def gdal_library() -> str:
    return os.environ.get("GDAL_LIBRARY_PATH") or _in_wheel("pyogrio", "libgdal*.so*")


def geos_library() -> str:
    return os.environ.get("GEOS_LIBRARY_PATH") or _in_wheel("shapely", "libgeos_c*.so*")


def use_proj_data() -> None:
    """Point GDAL's PROJ to the database of the pyogrio wheel, unless the environment already does."""
    spec = find_spec("pyogrio")
    folder = Path(spec.origin).parent / "proj_data" if spec and spec.origin else None
    if folder and folder.is_dir():
        os.environ.setdefault("PROJ_DATA", str(folder))


def use_our_formats_only() -> None:
    """Take every format from GDAL that we neither read nor write. Before anything loads it."""
    os.environ["OGR_SKIP"] = ",".join(_UNUSED_FORMATS)
