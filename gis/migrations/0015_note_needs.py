from django.db import migrations

from gis.changes import trigger_sql


def keep(apps, schema_editor) -> None:
    schema_editor.execute(trigger_sql("needs"), None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0014_forecast"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
