from django.db import migrations, models

_KINDS = [("cells", "网格方案"), ("communities", "社区边界方案"), ("streets", "街道边界方案")]


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0051_key_rotation"),
    ]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="kind",
            field=models.CharField(choices=_KINDS, default="cells", max_length=12, verbose_name="类型"),
        ),
        migrations.AlterField(
            model_name="planopening",
            name="kind",
            field=models.CharField(choices=_KINDS, max_length=12),
        ),
        migrations.RemoveConstraint(model_name="plan", name="plan_of_street_or_community"),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area__regex", "^[0-9]{6}$"), ("kind", "streets")),
                    models.Q(models.Q(("kind", "streets"), _negated=True), ("area__regex", "^([0-9]{9}|[0-9]{12})$")),
                    _connector="OR",
                ),
                name="plan_at_its_level",
            ),
        ),
    ]
