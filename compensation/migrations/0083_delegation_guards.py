"""A delegation's terms stay; who decides under one stays within it; earlier care stays unbooked."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION compensation_guard_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'delegation % is ended, never deleted', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.giver_id, NEW.taker_id, NEW.starts_on, NEW.ends_on, NEW.currency, NEW.most, NEW.reason,
      NEW.created_at)
     IS DISTINCT FROM
     (OLD.giver_id, OLD.taker_id, OLD.starts_on, OLD.ends_on, OLD.currency, OLD.most, OLD.reason,
      OLD.created_at)
     OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'delegation % does not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_delegation BEFORE UPDATE OR DELETE ON compensation_delegation
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_delegation();
CREATE TRIGGER compensation_delegations_whole BEFORE TRUNCATE ON compensation_delegation
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();

CREATE FUNCTION compensation_guard_delegated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given compensation_delegation%ROWTYPE; day date;
BEGIN
  SELECT * INTO given FROM compensation_delegation WHERE id = NEW.delegation_id;
  day := (NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date;
  IF NEW.decided_by_id IS DISTINCT FROM given.taker_id
     OR NEW.decided_for_id IS DISTINCT FROM given.giver_id
     OR day NOT BETWEEN given.starts_on AND given.ends_on
     OR (given.ended_at IS NOT NULL AND given.ended_at < NEW.decided_at)
     OR NEW.currency <> given.currency
     OR (NEW.status = 'approved' AND COALESCE(NEW.cost, 0) > given.most) THEN
    RAISE EXCEPTION 'plan % is not within delegation %', NEW.id, given.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_delegated BEFORE INSERT OR UPDATE ON compensation_compensationplan
  FOR EACH ROW WHEN (NEW.delegation_id IS NOT NULL)
  EXECUTE FUNCTION compensation_guard_delegated();
"""
UNDO = """
DROP FUNCTION compensation_guard_delegation() CASCADE;
DROP FUNCTION compensation_guard_delegated() CASCADE;
DROP TRIGGER compensation_delegations_whole ON compensation_delegation;
"""
# What was spent before costs were booked was paid elsewhere: it is not taken from a fund again.
SPENT = """
UPDATE compensation_caretask SET booked_at = closed_at WHERE status <> 'open' AND cost > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("compensation", "0082_care_markets_delegations")]

    operations = [
        migrations.RunSQL(GUARDS, UNDO),
        migrations.RunSQL(SPENT, migrations.RunSQL.noop),
    ]
