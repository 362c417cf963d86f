import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0084_second_factor"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientsystem",
            name="sign_out_address",
            field=models.URLField(blank=True, db_default="", default="", max_length=500, verbose_name="退出通知网址"),
        ),
        migrations.AddField(
            model_name="clientsystem",
            name="sign_out_failed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="退出通知最近未送达"),
        ),
        migrations.CreateModel(
            name="SpentCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("family", models.UUIDField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("digest",), name="code_spent_once")],
            },
        ),
    ]
