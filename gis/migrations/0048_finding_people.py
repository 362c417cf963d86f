from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gis.accounts
import gis.columns
import gis.people
from gis.people.sounding import sound_rows


def _sql(package, name: str) -> str:
    return (Path(package.__file__).parent / name).read_text(encoding="utf-8")


def sound(apps, schema_editor) -> None:
    rows, sounds, letters = sound_rows()
    sql = _sql(gis.people, "sounding.sql").replace("{sounds}", sounds).replace("{letters}", letters)
    signs, names = sql.split("ALTER TABLE grid_resident", 1)
    schema_editor.execute(signs, None)
    with schema_editor.connection.cursor() as cursor, cursor.copy("COPY grid_sign FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    schema_editor.execute(_sql(gis.people, "sounds.sql"), None)
    schema_editor.execute("ALTER TABLE grid_resident" + names, None)


def guard(apps, schema_editor) -> None:
    schema_editor.execute(_sql(gis.accounts, "personal_table.sql").replace("{table}", "grid_reading"), None)
    schema_editor.execute(_sql(gis.people, "reading.sql"), None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0047_incident_indexes"),
    ]

    operations = [
        migrations.RunPython(sound, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="resident", name="resident_by_phone"),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["phone_index", "area"], name="resident_by_phone"),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["identity_index", "area"], name="resident_by_identity"),
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("record", "查看档案"),
                            ("household", "查看住户"),
                            ("list", "查看名单"),
                            ("search", "查找"),
                            ("reveal", "显示号码"),
                            ("field", "外勤下载"),
                            ("export", "导出"),
                            ("print", "打印档案"),
                        ],
                        max_length=10,
                        verbose_name="操作",
                    ),
                ),
                ("area", gis.columns.CodeField(max_length=15, verbose_name="辖区代码")),
                (
                    "residents",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list),
                ),
                ("kind", models.CharField(blank=True, max_length=10, verbose_name="查找方式")),
                ("asked", models.BinaryField(max_length=16, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="查看人",
                    ),
                ),
            ],
            options={
                "verbose_name": "查阅记录",
                "verbose_name_plural": "查阅记录",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["area", "-at"], name="reading_by_area"),
                    models.Index(fields=["by", "-at"], name="reading_by_reader"),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
