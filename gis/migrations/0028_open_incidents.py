from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0027_commons"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "reported",
                            "verifying",
                            "filed",
                            "dispatched",
                            "in_progress",
                            "suspended",
                            "disposed",
                            "checking",
                        ],
                    )
                ),
                fields=["area"],
                name="incident_open_by_area",
            ),
        ),
    ]
