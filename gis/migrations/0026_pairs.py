import django.db.models.fields.composite
from django.db import migrations, models

from gis.incidents.pairs import trigger_sql


def keep(apps, schema_editor) -> None:
    schema_editor.execute("ALTER TABLE grid_pair ALTER members SET STORAGE EXTERNAL", None)  # it does not compress
    schema_editor.execute(trigger_sql(), None)
    schema_editor.execute("INSERT INTO grid_pairnews (incident_id) SELECT id FROM grid_incident", None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0025_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "pk",
                    django.db.models.fields.composite.CompositePrimaryKey(
                        "letters", "part", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("letters", models.BigIntegerField()),
                ("part", models.IntegerField()),
                ("members", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="PairNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("incident_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["incident_id"], name="pair_news_by_incident")],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
