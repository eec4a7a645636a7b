"""One plan over the cases of a batch incident; its terms stay as they were written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION compensation_guard_remedy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.terms <> OLD.terms OR NEW.incident_id <> OLD.incident_id
     OR NEW.version <> OLD.version OR NEW.made_by_id <> OLD.made_by_id
     OR NEW.currency <> OLD.currency THEN
    RAISE EXCEPTION 'remedy % stays as it was written', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_remedy BEFORE UPDATE OR DELETE ON compensation_commonremedy
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_remedy();
"""
UNGUARD = """
DROP TRIGGER compensation_guard_remedy ON compensation_commonremedy;
DROP FUNCTION compensation_guard_remedy();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compensation", "0053_care_guards"),
        ("complaints", "0090_consult_clock"),
        ("liability", "0040_incident_reminders_and_statements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommonRemedy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待审批"),
                            ("approved", "已批准"),
                            ("returned", "已退回"),
                            ("superseded", "已被新的一版取代"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="币种")),
                ("terms", models.JSONField()),
                ("made_at", models.DateTimeField(verbose_name="拟定时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="审批时间"),
                ),
                (
                    "decision_note",
                    models.CharField(blank=True, max_length=500, verbose_name="审批意见"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedies",
                        to="liability.incident",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟定人",
                    ),
                ),
            ],
            options={
                "verbose_name": "统一方案",
                "verbose_name_plural": "统一方案",
            },
        ),
        migrations.CreateModel(
            name="RemedyOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedy_offers",
                        to="complaints.case",
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedy_offer",
                        to="compensation.compensationplan",
                    ),
                ),
                (
                    "remedy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="compensation.commonremedy",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "按统一方案发出的方案",
                "verbose_name_plural": "按统一方案发出的方案",
            },
        ),
        migrations.AddConstraint(
            model_name="commonremedy",
            constraint=models.UniqueConstraint(
                fields=("incident", "version"), name="compensation_one_remedy_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="commonremedy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "approved")),
                fields=("incident",),
                name="compensation_one_remedy_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="commonremedy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("made_by")), _negated=True),
                    _connector="OR",
                ),
                name="compensation_remedy_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="commonremedy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "approved"), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="compensation_remedy_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="remedyoffer",
            constraint=models.UniqueConstraint(
                fields=("remedy", "case"), name="compensation_one_offer_a_remedy_case"
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
