from pathlib import Path

import django.db.models.functions.comparison
from django.db import migrations, models

import gis.columns
import gis.people


def keep_readings(apps, schema_editor):
    schema_editor.execute((Path(gis.people.__file__).parent / "keeping.sql").read_text(encoding="utf-8"), None)


class Migration(migrations.Migration):
    dependencies = [("grid", "0050_life_events")]

    operations = [
        migrations.AddField(
            model_name="resident",
            name="identity_before",
            field=gis.columns.BlindIndexField(blank=True, editable=False, max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name="reading", name="asked", field=gis.columns.BlindIndexField(max_length=17, null=True)
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce("identity_before", "identity_index"),
                condition=models.Q(("doubled", False), ("identity_index__isnull", False)),
                name="resident_once_by_either",
            ),
        ),
        migrations.RunPython(keep_readings, migrations.RunPython.noop),
    ]
