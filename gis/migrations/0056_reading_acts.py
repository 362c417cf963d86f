from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grid", "0055_retiring")]

    operations = [
        migrations.AlterField(
            model_name="reading",
            name="act",
            field=models.CharField(
                choices=[
                    ("record", "查看档案"),
                    ("household", "查看住户"),
                    ("list", "查看名单"),
                    ("search", "查找"),
                    ("reveal", "显示号码"),
                    ("field", "外勤下载"),
                    ("export", "导出"),
                    ("print", "打印档案"),
                    ("reporter", "查看上报人"),
                    ("neighbour", "查看心愿联系人"),
                ],
                max_length=10,
                verbose_name="操作",
            ),
        ),
    ]
