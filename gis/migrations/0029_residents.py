from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gis.columns
import gis.incidents.residents


def guard(apps, schema_editor) -> None:
    sql = Path(gis.incidents.residents.__file__).with_name("residents.sql").read_text(encoding="utf-8")
    schema_editor.execute(sql, None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0028_open_incidents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=12)),
                ("who", models.BinaryField()),
                ("since", models.DateTimeField()),
                ("used", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("what", "who", "since"), name="allowance_once_per_window")
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=64, unique=True)),
                ("digits", models.CharField(blank=True, max_length=32)),
                ("content", models.CharField(max_length=64)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="grid.incident"
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow", to="grid.step"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("solved", models.BooleanField(verbose_name="已解决")),
                ("content", models.PositiveSmallIntegerField(verbose_name="满意度")),
                (
                    "follow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ratings", to="grid.follow"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ratings", to="grid.incident"
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rating", to="grid.step"
                    ),
                ),
            ],
            options={
                "verbose_name": "居民评价",
                "verbose_name_plural": "居民评价",
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=30, verbose_name="姓名")),
                ("phone_sealed", models.BinaryField(blank=True, null=True)),
                ("phone_last4", models.CharField(blank=True, max_length=4, verbose_name="电话后四位")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporters",
                        to="grid.incident",
                        verbose_name="事件",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporter",
                        to="grid.step",
                        verbose_name="流转记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "上报人",
                "verbose_name_plural": "上报人",
            },
        ),
        migrations.CreateModel(
            name="DoorPlate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10, unique=True, verbose_name="编码")),
                ("area", gis.columns.CodeField(max_length=15, verbose_name="辖区代码")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="制作时间")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plates",
                        to="grid.building",
                        verbose_name="楼栋",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "门牌二维码",
                "verbose_name_plural": "门牌二维码",
                "ordering": ["building", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("building",),
                        name="plate_one_hangs_at_a_building",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="follow",
            index=models.Index(
                condition=models.Q(("digits", ""), _negated=True), fields=["digits"], name="follow_by_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(("content__gte", 1), ("content__lte", 5)), name="rating_from_1_to_5"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
