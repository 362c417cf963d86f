import uuid
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import gis.incidents


def guard(apps, schema_editor) -> None:
    sql = Path(gis.incidents.__file__).with_name("attachment.sql").read_text(encoding="utf-8")
    schema_editor.execute(sql, None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0020_door_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="step",
            name="act",
            field=models.CharField(
                choices=[("move", "流转"), ("again", "又有人上报")],
                db_default="move",
                default="move",
                max_length=6,
                verbose_name="动作",
            ),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("width", models.PositiveSmallIntegerField(verbose_name="宽")),
                ("height", models.PositiveSmallIntegerField(verbose_name="高")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="grid.incident",
                        verbose_name="事件",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="grid.step",
                        verbose_name="流转记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "照片",
                "verbose_name_plural": "照片",
                "ordering": ["step", "position"],
                "constraints": [models.UniqueConstraint(fields=("step", "position"), name="attachment_once_per_place")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
