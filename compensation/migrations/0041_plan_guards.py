"""The database's part: who made a plan never decides it, in kind is never cash, first standards."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.utils import timezone

FILL = """
UPDATE compensation_compensationplan p SET
  makers = ARRAY(SELECT DISTINCT maker FROM (
      SELECT p.created_by_id::bigint AS maker
      UNION SELECT e.actor_id::bigint FROM complaints_caseevent e
       WHERE e.case_id = p.case_id AND e.kind IN ('plan_saved', 'plan_submitted')
         AND e.data->>'plan' = p.id::text AND e.actor_id IS NOT NULL) AS people ORDER BY maker),
  cost = COALESCE((SELECT max(one.cost) FROM (
      SELECT sum(CASE WHEN l.kind = 'credit' THEN -l.amount ELSE l.amount END) AS cost
        FROM compensation_planline l JOIN compensation_planoption o ON o.id = l.option_id
       WHERE o.plan_id = p.id GROUP BY o.id) AS one), 0);
UPDATE compensation_compensationplan SET alone_limit = cost WHERE within_authority;
UPDATE compensation_authoritylimit SET alone = amount WHERE role = 'agent' AND amount IS NOT NULL;
UPDATE compensation_authoritylimit SET deviation = 0.50 WHERE role = 'approver';
UPDATE compensation_authoritylimit m SET alone = COALESCE(
  (SELECT a.amount FROM compensation_authoritylimit a
    WHERE a.role = 'agent' AND a.currency = m.currency), 0)
 WHERE m.role = 'manager';
INSERT INTO compensation_authoritylimit (role, currency, severity, alone, amount, deviation)
SELECT role, currency, 'severe', 0, amount, deviation FROM compensation_authoritylimit
 WHERE role IN ('agent', 'manager') AND severity = '';
"""

GUARDS = """
ALTER TABLE compensation_compensationplan ADD CONSTRAINT compensation_makers_never_decide CHECK (
  (decided_by_id IS NULL OR decided_by_id <> ALL(makers))
  AND (decided_for_id IS NULL OR decided_for_id <> ALL(makers))
  AND (decided_for_id IS NULL OR decided_by_id IS NOT NULL));
ALTER TABLE compensation_compensationplan ADD CONSTRAINT compensation_author_is_a_maker CHECK (
  created_by_id = ANY(makers));

CREATE FUNCTION compensation_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.makers <@ NEW.makers) THEN
    RAISE EXCEPTION 'plan % keeps its makers', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status NOT IN ('draft', 'returned') AND (
       NEW.makers <> OLD.makers OR NEW.deviation_reason <> OLD.deviation_reason
       OR NEW.checks <> OLD.checks OR NEW.cost IS DISTINCT FROM OLD.cost
       OR NEW.alone_limit IS DISTINCT FROM OLD.alone_limit
       OR NEW.deviation IS DISTINCT FROM OLD.deviation
       OR NEW.within_authority <> OLD.within_authority) THEN
    RAISE EXCEPTION 'plan % was submitted and its grounds do not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_decision BEFORE UPDATE ON compensation_compensationplan
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_decision();

CREATE FUNCTION compensation_guard_standard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'version % of standard % was published and does not change',
      OLD.version, OLD.code USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_standard BEFORE UPDATE OR DELETE ON compensation_standarditem
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_standard();
CREATE TRIGGER compensation_standards_whole BEFORE TRUNCATE ON compensation_standarditem
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
"""

UNDO = """
DROP FUNCTION compensation_guard_decision() CASCADE;
DROP FUNCTION compensation_guard_standard() CASCADE;
DROP TRIGGER compensation_standards_whole ON compensation_standarditem;
ALTER TABLE compensation_compensationplan DROP CONSTRAINT compensation_makers_never_decide;
ALTER TABLE compensation_compensationplan DROP CONSTRAINT compensation_author_is_a_maker;
"""
UNFILL = "DELETE FROM compensation_authoritylimit WHERE severity <> '';"

EVERYBODY = [
    ("repair-worth", "免费维修", "Free repair", "repair", "repair", "", None, "0.1000", {}),
    ("inconvenience-severe", "误工与不便", "Time and inconvenience", "replacement", "allowance",
     "severe", "200.00", None, {}),
    ("inconvenience-moderate", "误工与不便", "Time and inconvenience", "replacement", "allowance",
     "moderate", "100.00", None, {}),
    ("inconvenience-minor", "误工与不便", "Time and inconvenience", "replacement", "allowance",
     "minor", "20.00", None, {}),
    ("warranty-two-years", "延长保修", "Extended warranty", "repair", "warranty", "", None,
     "0.1000", {"most": Decimal("1000.00"), "quantity": 2, "unit": "年"}),
    ("voucher-severe", "代金券（无门槛）", "Voucher, no minimum", "repair", "voucher", "severe",
     "300.00", None, {}),
    ("voucher-moderate", "代金券（无门槛）", "Voucher, no minimum", "repair", "voucher", "moderate",
     "100.00", None, {}),
    ("price-difference-minor", "补偿差价", "Price difference", "price_difference",
     "price_difference", "minor", None, "0.1000", {}),
    ("price-difference-moderate", "补偿差价", "Price difference", "price_difference",
     "price_difference", "moderate", None, "0.2000", {}),
]  # fmt: skip
TIERS = [
    ("tier-new-points", "新客户积分", "Points for new customers", "points", "new", "10.00", None,
     {"quantity": 1000, "unit": "分"}),
    ("tier-long-term-membership", "会员权益", "Membership", "membership", "long_term", "60.00",
     None, {"quantity": 6, "unit": "个月"}),
    ("tier-business-discount", "下次订单优惠", "Discount on the next order", "discount", "business",
     None, "0.0500", {"most": Decimal("5000.00")}),
    ("tier-business-support", "优先技术支持", "Priority technical support", "support", "business",
     "300.00", None, {"quantity": 3, "unit": "个月"}),
]  # fmt: skip


# Filled rows wait for deferred triggers; a table with such rows can't be altered.
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE"


def ship(apps, schema_editor):
    """Publish the first table; it is the company's choice and says that no market was looked at."""
    item, moment = apps.get_model("compensation", "StandardItem"), timezone.now()
    shared = {
        "version": 1,
        "effective_from": date(2026, 1, 1),
        "created_at": moment,
        "published_at": moment,
    }
    for code, title, title_en, option, line, severity, amount, share, more in EVERYBODY:
        item.objects.create(
            code=code, title=title, title_en=title_en, layer="standard", option_kind=option,
            line_kind=line, severity=severity, amount=amount and Decimal(amount),
            share=share and Decimal(share), **shared, **more,
        )  # fmt: skip
    for code, title, title_en, line, tier, amount, share, more in TIERS:
        item.objects.create(
            code=code, title=title, title_en=title_en, layer="tier_extra", line_kind=line,
            tier=tier, amount=amount and Decimal(amount), share=share and Decimal(share),
            **shared, **more,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("compensation", "0040_plan_builder")]

    operations = [
        migrations.RunSQL(FILL, UNFILL),
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.RunSQL(CHECK_NOW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="compensationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(within_authority=False)
                | models.Q(cost__isnull=False, alone_limit__gte=models.F("cost"), checks=[]),
                name="compensation_alone_within_limit",
            ),
        ),
        AddConstraintNotValid(
            model_name="planline",
            constraint=models.CheckConstraint(
                condition=~models.Q(
                    kind__in=[
                        "discount",
                        "donation",
                        "experience",
                        "membership",
                        "points",
                        "repair",
                        "replace",
                        "service",
                        "support",
                        "upgrade",
                        "voucher",
                        "warranty",
                    ]
                )
                | models.Q(is_cash=False),
                name="compensation_in_kind_is_not_cash",
            ),
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]
