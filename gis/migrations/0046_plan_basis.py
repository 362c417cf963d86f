from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0045_plan_news"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="basis",
            field=models.CharField(db_default="", default="", max_length=32),
        ),
    ]
