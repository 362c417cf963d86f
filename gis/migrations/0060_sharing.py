import uuid
from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gis.accounts
import gis.collection.sharing
import gis.columns


def guard(apps, schema_editor) -> None:
    wall = (Path(gis.accounts.__file__).parent / "personal_table.sql").read_text(encoding="utf-8")
    schema_editor.execute(wall.replace("{table}", "grid_sharedrow"), None)
    feed = (Path(gis.collection.sharing.__file__).parent / "feed.sql").read_text(encoding="utf-8")
    schema_editor.execute(feed, None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0059_organisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShareChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField()),
                ("areas", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["transaction"], name="share_change_order")],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("area", gis.columns.CodeField(max_length=12, verbose_name="辖区代码")),
                (
                    "subject",
                    models.CharField(
                        choices=[("person", "个人"), ("dwelling", "户室")],
                        default="person",
                        max_length=12,
                        verbose_name="对象",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("submitted", "待审批"),
                            ("approved", "已批准"),
                            ("refused", "已退回"),
                            ("ended", "已停用"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("starts", models.DateField(verbose_name="开始日期")),
                ("ends", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen", models.TextField(blank=True, editable=False)),
                ("seen_on", models.DateField(editable=False, null=True)),
                ("seen_fields", models.CharField(blank=True, editable=False, max_length=64)),
                ("last_number", models.BigIntegerField(default=0, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="grid.department",
                        verbose_name="部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "数据订阅",
                "verbose_name_plural": "数据订阅",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SubscribedField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="法律依据")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待审批"),
                            ("granted", "已同意"),
                            ("refused", "不同意"),
                            ("revoked", "已收回"),
                        ],
                        default="asked",
                        max_length=7,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.field"),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="grid.subscription"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SharedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BigIntegerField()),
                ("name", models.UUIDField(default=uuid.uuid4)),
                ("area", gis.columns.CodeField(max_length=15)),
                ("digest", models.BinaryField(max_length=32)),
                ("number", models.BigIntegerField()),
                ("added_number", models.BigIntegerField()),
                ("first_number", models.BigIntegerField()),
                ("gone", models.BooleanField(default=False)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="grid.subscription"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("xlsx", "Excel 表格"),
                            ("csv", "CSV（UTF-8）"),
                            ("gb.csv", "CSV（GB18030）"),
                            ("gpkg", "GeoPackage"),
                        ],
                        max_length=6,
                        verbose_name="格式",
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("language", models.CharField(max_length=10)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("working", "制作中"),
                            ("done", "已完成"),
                            ("failed", "未完成"),
                            ("expired", "已过期"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                ("people", models.PositiveIntegerField(default=0)),
                ("ordered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="申请时间")),
                ("ended_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("file", models.FileField(blank=True, upload_to="shared/")),
                ("size", models.BigIntegerField(default=0)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="grid.subscription"
                    ),
                ),
            ],
            options={
                "ordering": ["-ordered_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("what", models.CharField(max_length=9)),
                ("reason", models.CharField(blank=True, max_length=200)),
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
                    "field",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.field"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="grid.subscription"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__isnull", True), ("ends__gt", models.F("starts")), _connector="OR"),
                name="subscription_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("area__regex", "^[0-9]{2,12}$")), name="subscription_area_is_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscribedfield",
            constraint=models.UniqueConstraint(fields=("subscription", "field"), name="field_once_per_subscription"),
        ),
        migrations.AddConstraint(
            model_name="subscribedfield",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), ("state__in", ["refused", "revoked"]), _negated=True),
                name="subscribed_field_refused_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="sharedrow",
            index=models.Index(fields=["area"], name="shared_row_by_area"),
        ),
        migrations.AddConstraint(
            model_name="sharedrow",
            constraint=models.UniqueConstraint(fields=("subscription", "key"), name="shared_row_once"),
        ),
        migrations.AddConstraint(
            model_name="sharedrow",
            constraint=models.UniqueConstraint(fields=("subscription", "number"), name="shared_row_numbered_once"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["expires_at"], name="export_by_end"),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
