"""A cell as a file has it."""

from dataclasses import dataclass, fields

import shapely


@dataclass(frozen=True)
class DrawnCell:
    """`shape` is in degrees (EPSG:4326). The names of the columns fit a shapefile: at most ten letters."""

    shape: shapely.Geometry
    code: str = ""  # of the cell in force that it continues
    name: str = ""
    community: str = ""  # 12 digits
    kind: str = "service"
    number: int = 0  # within the plan
    households: int = 0
    dwellings: int = 0
    buildings: int = 0
    area_m2: float = 0.0


TEXTS = ("code", "name", "community", "kind")
NUMBERS = ("number", "households", "dwellings", "buildings")
COLUMNS = tuple(one.name for one in fields(DrawnCell) if one.name != "shape")
