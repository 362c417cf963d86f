"""Let the web server's role drop the notes of changes that every feed has seen: its nightly work could not."""

from django.db import migrations

_ALLOW = "GRANT DELETE ON grid_sharechange TO wangge_app"
_FORBID = "REVOKE DELETE ON grid_sharechange FROM wangge_app"


class Migration(migrations.Migration):
    dependencies = [("grid", "0069_lighter_facts")]

    operations = [migrations.RunSQL(_ALLOW, _FORBID)]
