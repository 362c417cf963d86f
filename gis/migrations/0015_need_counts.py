from django.db import migrations

from gis.people.need_counts import FUNCTION


def make(apps, schema_editor) -> None:
    schema_editor.execute(FUNCTION, None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0014_forecast"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
