from pathlib import Path

from django.db import migrations

import gis.people

#: Where 0048 has run already: the function as it is now.
_SOUNDS = (Path(gis.people.__file__).parent / "sounds.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0061_merged_life_events"),
    ]

    operations = [
        # As parameters would be read what stands behind a per cent sign: none, and the sign means itself.
        migrations.RunPython(lambda apps, editor: editor.execute(_SOUNDS, None), migrations.RunPython.noop),
    ]
