from pathlib import Path

from django.db import migrations

import gis.accounts

PERSONAL = ["grid_resident", "grid_residence", "grid_household", "grid_need"]


def _sql(name: str) -> str:
    return (Path(gis.accounts.__file__).parent / name).read_text(encoding="utf-8")


def enable(apps, schema_editor) -> None:
    schema_editor.execute(_sql("scope.sql"), None)
    for table in PERSONAL:
        schema_editor.execute(_sql("personal_table.sql").replace("{table}", table), None)


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("axes", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(enable, migrations.RunPython.noop)]
