"""Column types that several rooms share."""

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Cast

from gis import crs

__all__ = [
    "BlindIndexField", "CoarseField", "CodeField", "DrawingField", "GroundAreaField", "RandomUUID", "SealedField",
    "SealedFileField", "TransactionField",
]  # fmt: skip


#: How far a thinned border may lie from the true one, metres of the drawing CRS: half a pixel at zoom 13.
COARSE = 10


class CodeField(models.CharField):
    """A code of digits compared byte by byte, so that a scope is one range of the index.

    A locale-aware collation would order ':' elsewhere and open the range `[code, code + ':')`.
    """

    def __init__(self, *args, max_length: int = 17, **kwargs) -> None:
        kwargs["db_collation"] = "C"
        super().__init__(*args, max_length=max_length, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_collation", None)
        return name, path, args, kwargs


class _InDrawingCrs(models.Func):
    """The Web Mercator copy of `geometry`, outer rings clockwise as vector tiles want them."""

    template = f"ST_ForcePolygonCW(ST_Transform(%(expressions)s, {crs.DRAW}))"


class _Thinned(models.Func):
    """The drawing copy without the corners that nobody sees from afar."""

    template = f"ST_ForcePolygonCW(ST_Simplify(ST_Transform(%(expressions)s, {crs.DRAW}), {COARSE}, true))"


class _OnTheEllipsoid(models.Func):
    """Area in m² on the ellipsoid: right anywhere on Earth, without choosing a projection zone per row."""

    template = "ST_Area(geography(%(expressions)s))"


def DrawingField():
    """A stored copy in the drawing CRS, kept by the database, so a tile transforms nothing."""
    return models.GeneratedField(
        expression=_InDrawingCrs(models.F("geometry")),
        output_field=MultiPolygonField(srid=crs.DRAW, spatial_index=False),
        db_persist=True,
    )


def CoarseField():
    """A stored copy in the drawing CRS for zooms up to 13, where 40,000 outlines at a time are asked for."""
    return models.GeneratedField(
        expression=_Thinned(models.F("geometry")),
        output_field=MultiPolygonField(srid=crs.DRAW, spatial_index=False),
        db_persist=True,
    )


def GroundAreaField():
    """Area in m², kept by the database from `geometry`."""
    return models.GeneratedField(
        expression=_OnTheEllipsoid(models.F("geometry")),
        output_field=models.FloatField(),
        db_persist=True,
    )


class SealedField(models.BinaryField):
    """What `gis.people.sealing` has sealed. `index` and `before` name the columns of its blind index, where it has one.

    To the database a column of bytes. By its type `manage.py rotate_keys` finds it: nothing sealed can be forgotten.
    """

    def __init__(self, *args, index: str = "", before: str = "", **options) -> None:
        self.index, self.before = index, before
        super().__init__(*args, **options)

    def deconstruct(self):
        return _as_plain(super().deconstruct(), "BinaryField")


class BlindIndexField(models.BinaryField):
    """A keyed hash to match by without reading; it belongs to a `SealedField` or says why there is none."""

    def deconstruct(self):
        return _as_plain(super().deconstruct(), "BinaryField")


class SealedFileField(models.FileField):
    """A file whose whole content is sealed."""

    def deconstruct(self):
        return _as_plain(super().deconstruct(), "FileField")


def _as_plain(told, kind: str):
    name, _path, args, options = told
    return name, f"django.db.models.{kind}", args, options


class TransactionField(models.BigIntegerField):
    """The number of the transaction that wrote the row, filled in by the database; for `gis.news.unseen`."""

    def __init__(self, **options) -> None:
        number = models.Func(function="pg_current_xact_id")
        default = Cast(Cast(number, models.TextField()), models.BigIntegerField())
        super().__init__(**{"editable": False, "db_default": default, **options})
