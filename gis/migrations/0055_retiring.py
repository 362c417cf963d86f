from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gis.accounts
import gis.columns
import gis.retiring


def guard(apps, schema_editor):
    policy = (Path(gis.accounts.__file__).parent / "personal_table.sql").read_text(encoding="utf-8")
    for table in ("grid_gone", "grid_paststays"):
        schema_editor.execute(policy.replace("{table}", table), None)
    schema_editor.execute((Path(gis.retiring.__file__).parent / "rights.sql").read_text(encoding="utf-8"), None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0054_plan_talk_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Retired",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.UUIDField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("what", models.CharField(max_length=20)),
                ("records", models.PositiveIntegerField()),
                ("before", models.DateField(null=True)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Gone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BigIntegerField(unique=True, verbose_name="原编号")),
                ("area", gis.columns.CodeField(max_length=12, verbose_name="社区代码")),
                ("gone_on", models.DateField(verbose_name="离开日期")),
                ("retired_on", models.DateField(verbose_name="删除日期")),
                ("source", models.CharField(blank=True, max_length=80, verbose_name="数据来源")),
                ("print", gis.columns.BlindIndexField(editable=False, max_length=16, null=True)),
                ("code_print", gis.columns.BlindIndexField(editable=False, max_length=16, null=True)),
            ],
            options={
                "verbose_name": "已删除的档案",
                "verbose_name_plural": "已删除的档案",
                "indexes": [
                    models.Index(fields=["area", "retired_on"], name="gone_by_area"),
                    models.Index(
                        condition=models.Q(("code_print__isnull", False)),
                        fields=["code_print"],
                        name="gone_by_code_print",
                    ),
                    models.Index(condition=models.Q(("print__isnull", False)), fields=["print"], name="gone_by_print"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PastStays",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", gis.columns.CodeField(max_length=12)),
                ("kind", models.CharField(choices=[("living", "现住"), ("registered", "户籍")], max_length=10)),
                ("population", models.CharField(max_length=12)),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("people", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "kind", "population", "starts", "ends"), name="past_stays_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="解除时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="grid.incident",
                        verbose_name="事件",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="grid.resident",
                        verbose_name="居民",
                    ),
                ),
            ],
            options={
                "verbose_name": "暂停删除",
                "verbose_name_plural": "暂停删除",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incident", None), ("resident__isnull", False)),
                            models.Q(("incident__isnull", False), ("resident", None)),
                            _connector="OR",
                        ),
                        name="hold_of_one_thing",
                    )
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
