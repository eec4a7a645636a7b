"""Changes of approval limits are kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE TRIGGER liability_limit_changes_kept BEFORE UPDATE OR DELETE ON liability_findinglimitchange
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
"""
UNDO = "DROP TRIGGER liability_limit_changes_kept ON liability_findinglimitchange;"


class Migration(migrations.Migration):
    dependencies = [
        ("liability", "0030_consult_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingLimitChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("minor", "轻微"), ("moderate", "中等"), ("severe", "严重")],
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("liable", "我们承担责任"),
                            ("partly", "我们承担部分责任"),
                            ("not_liable", "我们不承担责任"),
                            ("undetermined", "责任无法查明"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "amount_over",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("is_active", models.BooleanField()),
                ("reason", models.CharField(max_length=300, verbose_name="修改理由")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "limit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="liability.findinglimit",
                    ),
                ),
            ],
            options={
                "verbose_name": "审批限额的修改",
                "verbose_name_plural": "审批限额的修改",
            },
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
