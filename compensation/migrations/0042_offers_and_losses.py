"""Numbered offers of which one stands, counter-offers with amounts, declining; the loss sheet."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NUMBER = """
UPDATE compensation_offer o SET case_id = n.case_id, number = n.number FROM (
  SELECT f.id, p.case_id, row_number() OVER (PARTITION BY p.case_id ORDER BY f.sent_at, f.id) AS number
    FROM compensation_offer f JOIN compensation_compensationplan p ON p.id = f.plan_id) AS n
 WHERE n.id = o.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

GUARDS = """
CREATE FUNCTION compensation_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.case_id <> OLD.case_id OR NEW.number <> OLD.number) THEN
    RAISE EXCEPTION 'offer % keeps its case and its number', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM compensation_compensationplan p
                  WHERE p.id = NEW.plan_id AND p.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'offer % is of another case than its plan', NEW.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_round BEFORE INSERT OR UPDATE ON compensation_offer
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_round();

CREATE OR REPLACE FUNCTION compensation_guard_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an offer is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.plan_id <> OLD.plan_id OR NEW.sent_at <> OLD.sent_at OR NEW.sent_by_id <> OLD.sent_by_id
     OR NEW.expires_at <> OLD.expires_at OR NEW.content_digest <> OLD.content_digest THEN
    RAISE EXCEPTION 'offer % was sent and its terms do not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status <> OLD.status AND NOT (
       OLD.status = 'open'
       OR (OLD.status = 'accepted'
           AND NEW.status IN ('countered', 'declined', 'withdrawn', 'superseded'))) THEN
    RAISE EXCEPTION 'offer % is % and does not become %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.chosen_option_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM compensation_planoption o
        WHERE o.id = NEW.chosen_option_id AND o.plan_id = NEW.plan_id) THEN
    RAISE EXCEPTION 'offer % has no such option', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION compensation_guard_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a loss is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF to_jsonb(NEW) - 'verified' - 'reason' - 'verified_by_id' - 'verified_at'
     <> to_jsonb(OLD) - 'verified' - 'reason' - 'verified_by_id' - 'verified_at' THEN
    RAISE EXCEPTION 'loss % was claimed and its claim does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_loss BEFORE UPDATE OR DELETE ON compensation_lossitem
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_loss();
"""

UNGUARD = """
DROP FUNCTION compensation_guard_round() CASCADE;
DROP FUNCTION compensation_guard_loss() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compensation", "0041_plan_guards"),
        ("complaints", "0090_consult_clock"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LossItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="次序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("freight", "运费"),
                            ("property", "其他财物"),
                            ("wages", "误工"),
                            ("travel", "交通"),
                            ("testing", "检测鉴定费"),
                            ("storage", "仓储和处置"),
                            ("interest", "利息"),
                            ("medical", "医疗费"),
                            ("nursing", "护理费"),
                            ("hospital_meals", "住院伙食补助"),
                            ("nutrition", "营养费"),
                            ("lost_earnings", "受伤误工"),
                            ("transport", "就医交通"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="项目",
                    ),
                ),
                ("description", models.CharField(max_length=120, verbose_name="说明")),
                ("incurred_on", models.DateField(verbose_name="发生日期")),
                (
                    "claimed",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="主张金额"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="币种")),
                (
                    "rate",
                    models.DecimalField(
                        blank=True, decimal_places=8, max_digits=18, null=True, verbose_name="汇率"
                    ),
                ),
                (
                    "rate_source",
                    models.CharField(blank=True, max_length=120, verbose_name="汇率来源"),
                ),
                ("rate_on", models.DateField(blank=True, null=True, verbose_name="汇率日期")),
                (
                    "due",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="折合本案币种"
                    ),
                ),
                (
                    "incoterm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EXW", "EXW"),
                            ("FCA", "FCA"),
                            ("FAS", "FAS"),
                            ("FOB", "FOB"),
                            ("CFR", "CFR"),
                            ("CIF", "CIF"),
                            ("CPT", "CPT"),
                            ("CIP", "CIP"),
                            ("DAP", "DAP"),
                            ("DPU", "DPU"),
                            ("DDP", "DDP"),
                        ],
                        max_length=3,
                        verbose_name="贸易术语",
                    ),
                ),
                (
                    "leg",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("export_inland", "出口国内运输"),
                            ("export_clearance", "出口报关"),
                            ("loading", "装上运输工具"),
                            ("main_carriage", "国际运输"),
                            ("insurance", "运输保险"),
                            ("unloading", "目的地卸货"),
                            ("import_clearance", "进口报关和税费"),
                            ("import_inland", "进口国内运输"),
                            ("return_trip", "退货运输"),
                        ],
                        max_length=16,
                        verbose_name="哪一段",
                    ),
                ),
                (
                    "principal",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="本金"
                    ),
                ),
                (
                    "yearly_rate",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=7, null=True, verbose_name="年利率"
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="计息至")),
                (
                    "verified",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="核定金额",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="核定的理由")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核定时间"),
                ),
            ],
            options={
                "verbose_name": "损失",
                "verbose_name_plural": "损失",
            },
        ),
        migrations.RemoveConstraint(
            model_name="offerreply",
            name="compensation_reply_says_something",
        ),
        migrations.AddField(
            model_name="offer",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="number",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="第几轮"),
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="offer",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="complaints.case",
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="number",
            field=models.PositiveSmallIntegerField(verbose_name="第几轮"),
        ),
        migrations.AddField(
            model_name="offerreply",
            name="amount",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="希望的金额"
            ),
        ),
        migrations.AddField(
            model_name="offerreply",
            name="informed",
            field=models.BooleanField(default=False, verbose_name="知情后选择"),
        ),
        migrations.AddField(
            model_name="offerreply",
            name="shortfall",
            field=models.DecimalField(
                decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="比法定少"
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "等待选择"),
                    ("accepted", "已选择"),
                    ("countered", "提出了别的想法"),
                    ("declined", "都没有接受"),
                    ("expired", "已到期"),
                    ("withdrawn", "已收回"),
                    ("superseded", "已被新方案取代"),
                ],
                default="open",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="offerreply",
            name="kind",
            field=models.CharField(
                choices=[("accept", "选择方案"), ("counter", "提出想法"), ("decline", "都不接受")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="compensation_one_offer_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["open", "accepted"])),
                fields=("case",),
                name="compensation_one_offer_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__isnull", True), ("kind", "accept"), ("option__isnull", False)
                    ),
                    models.Q(
                        ("kind", "counter"),
                        ("option__isnull", True),
                        models.Q(("text", ""), _negated=True),
                    ),
                    models.Q(
                        ("amount__isnull", True), ("kind", "decline"), ("option__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="compensation_reply_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shortfall", 0),
                    models.Q(("informed", True), ("shortfall__gt", 0)),
                    _connector="OR",
                ),
                name="compensation_below_floor_is_informed",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                name="compensation_wish_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="lossitem",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="losses",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="lossitem",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="登记人",
            ),
        ),
        migrations.AddField(
            model_name="lossitem",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="losses",
                to="complaints.evidence",
                verbose_name="证据",
            ),
        ),
        migrations.AddField(
            model_name="lossitem",
            name="verified_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="核定人",
            ),
        ),
        migrations.AddConstraint(
            model_name="lossitem",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="compensation_one_loss_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="lossitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed__gt", 0), ("due__gt", 0)),
                name="compensation_loss_is_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="lossitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due", models.F("claimed")),
                        ("rate__isnull", True),
                        ("rate_on__isnull", True),
                    ),
                    models.Q(
                        ("rate__gt", 0),
                        ("rate_on__isnull", False),
                        models.Q(("rate_source", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="compensation_rate_is_stated",
            ),
        ),
        migrations.AddConstraint(
            model_name="lossitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("verified__isnull", True), ("verified_at", None), ("verified_by", None)
                    ),
                    models.Q(
                        ("verified__gte", 0),
                        ("verified__lte", models.F("due")),
                        ("verified_at__isnull", False),
                        ("verified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="compensation_verified_within_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="lossitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified__isnull", True),
                    ("verified", models.F("due")),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="compensation_cut_has_reason",
            ),
        ),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
