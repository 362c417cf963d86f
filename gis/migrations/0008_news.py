import django.contrib.postgres.fields
from django.db import migrations, models

from gis import changes
from gis.incidents import changes as incident_changes
from gis.news import telling_sql


def keep(apps, schema_editor) -> None:
    schema_editor.execute(changes.trigger_sql("areas", "cells", "buildings", "base", "service"), None)
    schema_editor.execute(incident_changes.trigger_sql(), None)
    schema_editor.execute(telling_sql(("grid_figures", "grid_births")), None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0007_service_points"),
    ]

    operations = [
        migrations.AddField("incidentchange", "is_new", models.BooleanField(db_default=False)),
        *(
            migrations.AddField(
                "incidentchange",
                name,
                django.contrib.postgres.fields.ArrayField(base_field=field, null=True, size=None),
            )
            for name, field in {
                "areas": models.CharField(max_length=12),
                "moved": models.BigIntegerField(),
                "moved_from": models.CharField(max_length=15),
            }.items()
        ),
        migrations.AddField("change", "transaction", models.BigIntegerField(null=True)),
        migrations.AddField(
            "change",
            "areas",
            django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), null=True, size=None),
        ),
        migrations.AddIndex("change", models.Index(fields=["transaction"], name="change_order")),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
