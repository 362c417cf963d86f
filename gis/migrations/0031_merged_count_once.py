from django.db import migrations

from gis.statistics.keeping import trigger_sql


def count_once(apps, schema_editor) -> None:
    """What was merged into another incident leaves the number of incidents, kept by the triggers from now on."""
    schema_editor.execute(trigger_sql(), None)
    schema_editor.execute(
        "UPDATE grid_figures f SET incidents = f.incidents - n.merged FROM (SELECT area, count(*) AS merged"
        " FROM grid_incident WHERE state = 'duplicate' GROUP BY area) n WHERE n.area = f.area",
        None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0030_components"),
    ]

    operations = [
        migrations.RunPython(count_once, migrations.RunPython.noop),
    ]
