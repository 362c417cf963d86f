"""Which tiles of the city are asked for: where people look, which is where buildings are, and the fullest of all."""

from typing import NamedTuple

from django.db import connection

from gis import crs

#: What fills each set of tiles.
FILLED_BY = {
    "areas": "grid_area WHERE drawing IS NOT NULL",
    "base": "grid_way",
    "cells": "grid_cellversion",
    "buildings": "grid_building",
}


class Address(NamedTuple):
    z: int
    x: int
    y: int


def sampled(counts: dict[int, int]) -> list[Address]:
    """Different tiles, so many of each zoom, each as likely as buildings stand in it; the same in every run."""
    return [tile for z, count in counts.items() for tile in _under_buildings(z, count)]


def _under_buildings(z: int, count: int) -> list[Address]:
    x, y = _place(z)
    with connection.cursor() as cursor:
        # In an order that has nothing to do with the ground: a hash of the code.
        cursor.execute(
            f"SELECT x, y FROM (SELECT {x} AS x, {y} AS y, min(md5(code)) AS lot FROM grid_building"
            " WHERE right(code, 2) = '07' GROUP BY 1, 2) t ORDER BY lot LIMIT %s",
            [count],
        )
        return [Address(z, *row) for row in cursor.fetchall()]


def fullest(name: str, z: int, count: int) -> list[Address]:
    """The tiles of one set and zoom with most features in them, the fullest first."""
    x, y = _place(z)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {x}, {y} FROM {FILLED_BY[name]} GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT {count}")
        return [Address(z, *row) for row in cursor.fetchall()]


def _place(z: int) -> tuple[str, str]:
    """Column and row of the tile that holds a row's north-western corner, in SQL."""
    size, half = 2 * crs.DRAW_HALF / 2**z, crs.DRAW_HALF
    return (
        f"floor((ST_XMin(drawing) + {half!r}) / {size!r})::int",
        f"floor(({half!r} - ST_YMax(drawing)) / {size!r})::int",
    )
