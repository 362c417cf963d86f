"""New migrations let the version before go on working while they run, and after: two versions serve during a change.

What takes something away comes a version later than the code that no longer uses it, and says so by a line
`unused_since = "0091"` in its Migration: the last migration of the version that still used it.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

#: Earlier ones have run everywhere.
FROM = "0090"
_TAKES = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN)|RENAME\s|ALTER\s+COLUMN\s+\S+\s+(TYPE|SET\s+NOT\s+NULL)|TRUNCATE)\b", re.I
)


def breaking(operations: list[Operation]) -> Iterator[str]:
    """What of it the version before could not live with."""
    for one in operations:
        if isinstance(one, migrations.SeparateDatabaseAndState):
            yield from breaking(one.database_operations)
        elif isinstance(
            one, migrations.RemoveField | migrations.DeleteModel | migrations.RenameField | migrations.RenameModel
        ):
            yield f"{type(one).__name__} takes away what the version before reads"
        elif isinstance(one, migrations.AlterModelTable):
            yield "AlterModelTable takes a name away"
        elif isinstance(one, migrations.AddField) and not _goes_without(one.field):
            yield f"AddField {one.model_name}.{one.name}: the version before writes none (null or db_default)"
        elif isinstance(one, migrations.RunSQL) and _TAKES.search(str(one.sql)):
            yield "RunSQL takes something away"


def _goes_without(field: models.Field) -> bool:
    return field.null or field.many_to_many or field.has_db_default() or field.generated


def test_no_new_one_breaks_the_version_before() -> None:
    ours = {
        name: one
        for (app, name), one in MigrationLoader(None).disk_migrations.items()
        if app == "grid" and name >= FROM
    }
    wrong = {name: list(breaking(one.operations)) for name, one in ours.items() if not hasattr(one, "unused_since")}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_a_claim_names_an_earlier_one() -> None:
    known = [name for app, name in MigrationLoader(None).disk_migrations if app == "grid"]
    for (app, name), one in MigrationLoader(None).disk_migrations.items():
        if app == "grid" and (since := getattr(one, "unused_since", "")):
            assert any(other.startswith(since) and other < name for other in known), name


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("area", "name"),
        migrations.DeleteModel("area"),
        migrations.RenameField("area", "name", "title"),
        migrations.RenameModel("area", "place"),
        migrations.AlterModelTable("area", "place"),
        migrations.AddField("area", "kind", models.CharField(max_length=3)),
        migrations.AddField("area", "kind", models.CharField(max_length=3, default="x")),
        migrations.RunSQL("ALTER TABLE grid_area\n  DROP COLUMN name"),
        migrations.RunSQL("alter table grid_area rename to place"),
        migrations.SeparateDatabaseAndState([migrations.DeleteModel("area")]),
    ],
)
def test_what_takes_away_is_found(operation: Operation) -> None:
    assert list(breaking([operation]))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("area", "kind", models.CharField(max_length=3, null=True)),
        migrations.AddField("area", "kind", models.CharField(max_length=3, db_default="x")),
        migrations.AddField("area", "others", models.ManyToManyField("grid.area")),
        migrations.CreateModel("thing", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY place ON grid_area (name)"),
        migrations.SeparateDatabaseAndState([], [migrations.DeleteModel("area")]),
    ],
)
def test_what_adds_is_let_through(operation: Operation) -> None:
    assert not list(breaking([operation]))
