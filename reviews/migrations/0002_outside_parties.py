"""Outside parties may act too; the columns stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mediation",
            name="asked_by_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                default="consumer",
                max_length=10,
                verbose_name="谁提出",
            ),
        ),
        migrations.AlterField(
            model_name="mediationnote",
            name="author_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="requested_by_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                default="consumer",
                max_length=10,
                verbose_name="申请人",
            ),
        ),
    ]
