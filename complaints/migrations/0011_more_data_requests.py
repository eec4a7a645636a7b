"""Further rights that a request about personal data may call upon; choices only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0010_watching")]

    operations = [
        migrations.AlterField(
            model_name="datarequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("copy", "查阅、复制"),
                    ("correction", "更正、补充"),
                    ("erasure", "删除"),
                    ("transfer", "转移"),
                    ("consent", "撤回同意"),
                    ("explain", "解释说明"),
                ],
                max_length=10,
                verbose_name="请求",
            ),
        ),
    ]
