from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grid", "0005_incident_changes")]
    operations = [
        migrations.AddIndex(
            model_name="building",
            index=models.Index(fields=["road", "gate"], condition=~models.Q(("road", "")), name="building_by_gate"),
        ),
        migrations.AddIndex(
            model_name="building",
            index=models.Index(fields=["area"], condition=~models.Q(("name", "")), name="building_named"),
        ),
    ]
