from pathlib import Path

from django.db import migrations, models

import gis.collection.sharing


def follow(apps, schema_editor) -> None:
    feed = (Path(gis.collection.sharing.__file__).parent / "feed_wider.sql").read_text(encoding="utf-8")
    schema_editor.execute(feed, None)


def unfollow(apps, schema_editor) -> None:
    for table in ("household", "organisation"):
        for what in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER note_shared_{what} ON grid_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0074_outside_sign_in"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="subject",
            field=models.CharField(
                choices=[("person", "个人"), ("household", "家庭户"), ("dwelling", "户室"), ("organisation", "单位")],
                default="person",
                max_length=12,
                verbose_name="对象",
            ),
        ),
        migrations.RunPython(follow, unfollow),
    ]
