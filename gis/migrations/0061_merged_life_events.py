from django.db import migrations

#: A merge corrects of whom an event tells, never what, when or by whom.
_MOVED = "GRANT UPDATE (resident_id) ON grid_lifeevent TO wangge_app"


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0060_sharing"),
    ]

    operations = [
        migrations.RunSQL(_MOVED, "REVOKE UPDATE (resident_id) ON grid_lifeevent FROM wangge_app"),
    ]
