"""The result as an outside respondent gets it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_seals"),
        ("liability", "0033_plan_lines_in_english"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResultNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("name", models.CharField(max_length=120, verbose_name="送达对象")),
                ("email_sealed", models.BinaryField()),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="发出时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效到")),
                (
                    "opened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="第一次打开"),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="liability.liabilityfinding",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="处理结果通知",
                    ),
                ),
            ],
            options={
                "verbose_name": "处理结果通知",
                "verbose_name_plural": "处理结果通知",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("finding", "position"), name="liability_one_result_notice_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            ("expires_at__gt", models.F("created_at")),
                        ),
                        name="liability_result_notice_ends",
                    ),
                ],
            },
        ),
    ]
