"""Every table and column of the product with what there is to know about it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from pathlib import Path

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.translation import override

from gis.columns import BlindIndexField, SealedField, SealedFileField
from gis.retiring import terms

_HERE = Path(__file__).parent
_CATALOGUE = _HERE.parent / "collection" / "fields.csv"
#: Units by the name of the column.
_UNITS = {
    "area_m2": "m²", "size": "B", "percent": "%", "seconds": "s", "milliseconds": "ms", "minutes": "min",
    "every_months": "month", "retention_months": "month", "days": "d", "per_minute": "1/min", "from_age": "a",
    "accept_within_hours": "h", "quiet_from": "h", "quiet_until": "h", "digest_hour": "h", "width": "px",
    "height": "px", "share_area": "0–1", "share_households": "0–1",
    "tolerance": "0–1",
}  # fmt: skip
#: Code tables of columns that name one only in their description.
_CODES = {
    "Organisation.kind": "organisation_kind", "Organisation.hazards": "hazard", "ServicePoint.kind": "service_kind",
    "Proposal.kind": "service_kind", "Need.tag": "service_need", "Residence.relation": "relation",
    "Component.kind": "component_class", "Dispute.kind": "dispute",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """`sealed`: "sealed" (encrypted), "index" (keyed hash to find it by) or "". `codes`: a code table, or the codes
    themselves with their words in the language asked for. `owner`: the department of the field catalogue.
    """

    name: str
    words: str
    type: str
    unit: str
    codes: str
    refers: str
    owner: str
    sealed: str
    required: bool


@dataclass(frozen=True)
class Table:
    """`room`: the part of the product that keeps it. `walled`: whether row-level security guards it.

    `kept`: after how many months its rows are deleted, and since when they count; "" where no term ends them.
    """

    name: str
    table: str
    words: str
    about: str
    room: str
    walled: bool
    kept: str
    columns: tuple[Column, ...]


def describe(language: str) -> list[Table]:
    """Every table in order of rooms and names, in zh-hans or en. Words that are missing are ""."""
    walls = _walls()
    with override(language):
        tables = [_table(model, language, walls) for model in _models()]
    return sorted(tables, key=lambda one: (one.room, one.name))


def _models() -> list[type[models.Model]]:
    return list(apps.get_app_config("grid").get_models(include_auto_created=True))


def _table(model: type[models.Model], language: str, walls: set[str]) -> Table:
    meta, listed = model._meta, _tables().get(model.__name__, {})
    own = "" if meta.verbose_name == _plain(model.__name__) else str(meta.verbose_name)
    return Table(
        model.__name__, meta.db_table, _said(own, listed, language), _about(model), _room(model),
        meta.db_table in walls, _kept(listed.get("retention", "")),
        tuple(_column(model, field, language) for field in meta.concrete_fields),
    )  # fmt: skip


def _plain(name: str) -> str:
    """What Django calls a model that says nothing of itself: ShareChange → share change."""
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name).strip()


def _about(model: type[models.Model]) -> str:
    """The first paragraph of its description, in the language of the code."""
    told = cleandoc(model.__doc__ or "")
    written = told and not told.startswith(f"{model.__name__}(")  # Django writes one where there is none
    return " ".join(told.split("\n\n")[0].split()) if written else ""


def _room(model: type[models.Model]) -> str:
    parts = model.__module__.split(".")
    return parts[1] if len(parts) > 2 else parts[0]


def _kept(name: str) -> str:
    if not name:
        return ""
    months = terms.months(name)
    return f"{months} × month: {terms.since(name)}" if months else terms.since(name)


def _column(model: type[models.Model], field: models.Field, language: str) -> Column:
    kept = _kept_fields().get(f"{model.__name__}.{field.name}".lower(), {})
    own = "" if str(field.verbose_name) == field.name.replace("_", " ") else str(field.verbose_name)
    listed = _columns().get((field.name, model.__name__)) or _columns().get((field.name, "")) or {}
    return Column(
        name=field.column,
        words=_said(own, listed, language),
        type=field.db_type(connection) or "",
        unit=_unit(field),
        codes=_codes(f"{model.__name__}.{field.name}", field, kept),
        refers=field.related_model._meta.db_table if field.related_model else "",
        owner=kept.get("owner", ""),
        sealed=_sealed(field),
        required=not field.null and not field.blank and not field.has_default(),
    )


def _said(own: str, listed: dict[str, str], language: str) -> str:
    """The model's own words where they are of the language, else those listed."""
    english = language.startswith("en")
    if own and _is_chinese(own) != english:
        return own
    return listed.get("words_en" if english else "words", "")


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _unit(field: models.Field) -> str:
    inner = field.output_field if isinstance(field, models.GeneratedField) else field
    return f"EPSG:{inner.srid}" if isinstance(inner, GeometryField) else _UNITS.get(field.name, "")


def _codes(path: str, field: models.Field, kept: dict[str, str]) -> str:
    inner = field.base_field if isinstance(field, ArrayField) else field
    if inner.choices:
        return "; ".join(f"{code} = {word}" for code, word in inner.flatchoices if code != "")
    return _CODES.get(path, "") or kept.get("table", "")


def _sealed(field: models.Field) -> str:
    if isinstance(field, BlindIndexField):
        return "index"
    return "sealed" if isinstance(field, SealedField | SealedFileField) else ""


def _walls() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")
        return {name for (name,) in cursor.fetchall()}


@cache
def _columns() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["column"], row["of"]): row for row in _rows(_HERE / "columns.csv")}


@cache
def _tables() -> dict[str, dict[str, str]]:
    return {row["table"]: row for row in _rows(_HERE / "tables.csv")}


@cache
def _kept_fields() -> dict[str, dict[str, str]]:
    """Column of a person, a stay or a door → its row of the field catalogue; a sealed one under its sealed name."""
    found = {row["kept"]: row for row in _rows(_CATALOGUE) if row["kept"]}
    return found | {f"{path}_sealed": row for path, row in found.items() if row["sealed"]}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
