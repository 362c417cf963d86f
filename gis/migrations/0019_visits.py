import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gis.accounts
import gis.columns
import gis.people
from gis import changes

PERSONAL = ["grid_visit", "grid_visitwithdrawal", "grid_visitdue"]


def _sql(room, name: str) -> str:
    return (Path(room.__file__).parent / name).read_text(encoding="utf-8")


def keep(apps, schema_editor) -> None:
    for table in PERSONAL:
        schema_editor.execute(_sql(gis.accounts, "personal_table.sql").replace("{table}", table), None)
    # What happened is appended, never rewritten; what is due is written by triggers alone.
    schema_editor.execute("REVOKE UPDATE, DELETE ON grid_visit, grid_visitwithdrawal FROM wangge_app", None)
    schema_editor.execute("REVOKE INSERT, UPDATE, DELETE ON grid_visitdue FROM wangge_app", None)
    schema_editor.execute(changes.trigger_sql("visits"), None)
    schema_editor.execute(_sql(gis.people, "due.sql"), None)
    schema_editor.execute("SELECT grid_keep_due(ARRAY(SELECT DISTINCT resident_id FROM grid_need))", None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0017_submissions"),
    ]

    operations = [
        migrations.AddField(
            model_name="need",
            name="confirmed_on",
            field=models.DateField(blank=True, null=True, verbose_name="确认日期"),
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("call", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("at", models.DateTimeField(verbose_name="走访时间")),
                ("day", models.DateField(verbose_name="走访日期")),
                (
                    "way",
                    models.CharField(
                        choices=[("door", "上门"), ("phone", "电话")], default="door", max_length=5, verbose_name="方式"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("met", "已见到"),
                            ("no_answer", "无人应答"),
                            ("refused", "谢绝走访"),
                            ("moved", "已搬走"),
                        ],
                        max_length=9,
                        verbose_name="结果",
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        blank=True,
                        choices=[("well", "一切正常"), ("changed", "情况有变"), ("help", "需要帮助")],
                        max_length=7,
                        verbose_name="情况",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("gave", models.JSONField(blank=True, default=list, verbose_name="补充的信息")),
                ("area", gis.columns.CodeField(max_length=15, verbose_name="辖区代码")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="走访人",
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="grid.dwelling",
                        verbose_name="户室",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="grid.resident",
                        verbose_name="居民",
                    ),
                ),
            ],
            options={
                "verbose_name": "走访",
                "verbose_name_plural": "走访",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="VisitDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", gis.columns.CodeField(max_length=15)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("due_on", models.DateField()),
                ("met_on", models.DateField(null=True)),
                ("tried_on", models.DateField(null=True)),
                (
                    "dwelling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="grid.dwelling"
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="grid.resident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VisitWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="撤回时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("area", gis.columns.CodeField(max_length=15, verbose_name="辖区代码")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤回人",
                    ),
                ),
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="withdrawal",
                        to="grid.visit",
                        verbose_name="走访",
                    ),
                ),
            ],
            options={
                "verbose_name": "走访撤回",
                "verbose_name_plural": "走访撤回",
            },
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["area", "-at"], name="visit_by_area"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["resident", "-at"], name="visit_by_resident"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["dwelling", "-at"], name="visit_by_dwelling"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(fields=("call", "resident"), name="visit_once_per_call"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("resident__isnull", False), ("dwelling__isnull", False), _connector="OR"),
                name="visit_of_someone_or_somewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="visitdue",
            index=models.Index(
                fields=["area", "due_on"], include=("since", "until", "tried_on"), name="visit_due_by_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="visitdue",
            constraint=models.UniqueConstraint(fields=("resident", "until"), name="visit_due_once"),
        ),
        migrations.AddIndex(
            model_name="visitwithdrawal",
            index=models.Index(fields=["area"], name="visit_withdrawal_by_area"),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
