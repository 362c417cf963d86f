"""GDAL, GEOS and PROJ from the wheels of pyogrio, Shapely and pyproj, so that no system GIS library is needed."""

import os
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


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
