import django.contrib.postgres.fields
from django.db import migrations, models

from gis.incidents.changes import trigger_sql


def keep(apps, schema_editor) -> None:
    schema_editor.execute(trigger_sql(), None)
    # Only the triggers write notes, whatever the runtime login is made to run.
    schema_editor.execute("REVOKE INSERT, UPDATE, DELETE ON grid_incidentchange FROM wangge_app", None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0004_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField()),
                (
                    "incidents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["transaction"], name="incident_change_order")],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
