from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import gis.collection.sharing

_FOLDER = Path(gis.collection.sharing.__file__).parent


def look_up_once(apps, schema_editor) -> None:
    schema_editor.execute((_FOLDER / "feed_of_subjects.sql").read_text(encoding="utf-8"), None)


def look_up_each(apps, schema_editor) -> None:
    """The function as it was before, the first statement of its file."""
    before, _end, _triggers = (_FOLDER / "feed_wider.sql").read_text(encoding="utf-8").partition("END $$;")
    schema_editor.execute(f"{before}END $$;", None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0085_signing_out_of_systems"),
    ]

    operations = [
        # Every index is written for each of a table's million facts, and nobody asks for all facts of a field.
        migrations.AlterField(
            model_name="fact",
            name="field",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facts",
                to="grid.field",
            ),
        ),
        migrations.RunPython(look_up_once, look_up_each),
    ]
