"""Accountability: cause, periods of reply and decision, outcome, measure with person and day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Items of before had no periods: they get five days to explain and nine to decide, and what was
# decided without a word of the owner is taken as decided on the last of those days.
FILL_PERIODS = """
UPDATE complaints_accountabilityitem
   SET reply_by = LEAST(opened_at + INTERVAL '5 days', COALESCE(decided_at, 'infinity')),
       decide_by = opened_at + INTERVAL '9 days'
 WHERE owner_id IS NOT NULL OR decided_at IS NOT NULL;
UPDATE complaints_accountabilityitem SET outcome = 'upheld' WHERE decided_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_desk_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accountabilityitem",
            name="complaints_accountability_decided",
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("staffing", "人手不够"),
                    ("other_department", "等其他部门"),
                    ("supplier", "等供应商"),
                    ("system", "系统原因"),
                    ("estimate", "时间估计不准"),
                    ("consumer_side", "消费者一方的原因"),
                    ("other", "其他原因"),
                ],
                max_length=20,
                verbose_name="原因",
            ),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="cause_note",
            field=models.CharField(blank=True, max_length=200, verbose_name="原因说明"),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="decide_by",
            field=models.DateTimeField(blank=True, null=True, verbose_name="决定期限"),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="measure_done_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="measure_done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="measure_owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to=settings.AUTH_USER_MODEL,
                verbose_name="由谁完成",
            ),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="measure_until",
            field=models.DateField(blank=True, null=True, verbose_name="完成期限"),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("upheld", "责任成立"),
                    ("excused", "情有可原，不追究"),
                    ("not_ours", "不是我们的责任"),
                ],
                max_length=10,
                verbose_name="结论",
            ),
        ),
        migrations.AddField(
            model_name="accountabilityitem",
            name="reply_by",
            field=models.DateTimeField(blank=True, null=True, verbose_name="说明期限"),
        ),
        migrations.AlterField(
            model_name="accountabilityitem",
            name="decision",
            field=models.TextField(blank=True, verbose_name="理由"),
        ),
        migrations.RunSQL(FILL_PERIODS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="accountabilityitem",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True)),
                fields=["decide_by"],
                name="complaints_items_undecided",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountabilityitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("outcome", "")
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="complaints_accountability_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountabilityitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at__isnull", True),
                    ("replied_at__isnull", False),
                    ("decided_at__gte", models.F("reply_by")),
                    _connector="OR",
                ),
                name="complaints_accountability_heard",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountabilityitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measure_done_at__isnull", True), ("measure_done_by__isnull", True)),
                    models.Q(
                        ("measure_done_at__isnull", False),
                        ("measure_done_by__isnull", False),
                        models.Q(("measure", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="complaints_accountability_measure",
            ),
        ),
    ]
