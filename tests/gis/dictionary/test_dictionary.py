"""The data dictionary: every table and column has words in both languages, and what it says of them is so."""

import csv
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

import gis.dictionary
from gis.codes.loading import table_names
from gis.columns import BlindIndexField, SealedField, SealedFileField
from gis.dictionary.describing import describe
from gis.dictionary.writing import heads, markdown
from gis.retiring import terms

pytestmark = pytest.mark.django_db
_HERE = Path(gis.dictionary.__file__).parent
MODELS = {model.__name__: model for model in apps.get_app_config("grid").get_models(include_auto_created=True)}


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def rows_of(name: str) -> list[dict]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("language", "chinese"), [("zh-hans", True), ("en", False)])
def test_every_table_and_column_has_words_of_the_language(language, chinese):
    """Where this fails: give the column a verbose name, or a row in gis/dictionary/columns.csv (tables.csv)."""
    tables = describe(language)
    assert {one.name for one in tables} == set(MODELS)
    told = {one.name: one.words for one in tables}
    told |= {f"{table.name}.{one.name}": one.words for table in tables for one in table.columns}
    assert not [name for name, words in told.items() if not words or is_chinese(words) != chinese]


def test_no_listed_word_is_of_nothing():
    names = {(field.name, model) for model, one in MODELS.items() for field in one._meta.concrete_fields}
    anywhere = {name for name, _model in names}
    assert not [
        row for row in rows_of("columns.csv")
        if ((row["column"], row["of"]) not in names if row["of"] else row["column"] not in anywhere)
    ]  # fmt: skip
    assert not [row for row in rows_of("tables.csv") if row["table"] not in MODELS]


def test_every_term_of_keeping_is_told_of_a_table():
    assert {row["retention"] for row in rows_of("tables.csv")} - {""} == set(terms.classes())
    kept = {one.name: one.kept for one in describe("en")}
    assert kept["Reading"].startswith(f"{terms.months('reading')} × month")
    assert not kept["Building"]


def test_what_is_sealed_is_told_so():
    told = {f"{table.table}.{one.name}": one.sealed for table in describe("en") for one in table.columns}
    for model in MODELS.values():
        for field in model._meta.concrete_fields:
            sealed = isinstance(field, SealedField | SealedFileField)
            expected = "index" if isinstance(field, BlindIndexField) else "sealed" if sealed else ""
            assert told[f"{model._meta.db_table}.{field.column}"] == expected
    assert told["grid_resident.identity_sealed"] == "sealed"
    assert told["grid_resident.identity_index"] == "index"


def test_owners_codes_units_and_walls_are_the_products_own():
    tables = {one.table: one for one in describe("zh-hans")}
    columns = {f"{table.name}.{one.name}": one for table in tables.values() for one in table.columns}
    assert (columns["Resident.sex"].owner, columns["Resident.sex"].codes) == ("police", "sex")
    assert columns["Resident.identity_sealed"].owner == "police"
    assert "residential = " in columns["Building.kind"].codes or " = 住宅" in columns["Building.kind"].codes
    assert columns["Building.geometry"].unit == "EPSG:4326"
    assert columns["Building.drawing"].unit == "EPSG:3857"
    assert columns["Posting.user_id"].refers == "grid_user"
    assert tables["grid_resident"].walled
    assert not tables["grid_building"].walled
    named = {one.codes for one in columns.values() if one.codes and " = " not in one.codes}
    assert named <= set(table_names()) | {"component_class"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_written_as_markdown_and_as_a_workbook(language, tmp_path, capsys):
    call_command("dictionary", language=language)
    printed = capsys.readouterr().out
    assert markdown(describe(language), language) in printed
    lines = [line.replace("\\|", "") for line in printed.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {len(heads(language)) + 1}
    path = tmp_path / "out.xlsx"
    call_command("dictionary", language=language, out=path)
    tables, columns = (CalamineWorkbook.from_path(path).get_sheet_by_index(n).to_python() for n in (0, 1))
    assert len(tables) == 1 + len(MODELS)
    assert len(columns) == 1 + sum(len(one._meta.concrete_fields) for one in MODELS.values())


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(CommandError):
        call_command("dictionary", out=tmp_path / "out.pdf")
