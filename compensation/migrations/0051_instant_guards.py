"""What the database holds of instant offers: terms never change, an answer is given once."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION compensation_guard_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a standing approval is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF (to_jsonb(NEW) - ARRAY['approved_by_id', 'approved_at', 'ended_by_id', 'ended_at', 'end_reason'])
     IS DISTINCT FROM
     (to_jsonb(OLD) - ARRAY['approved_by_id', 'approved_at', 'ended_by_id', 'ended_at', 'end_reason'])
     OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
     OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
    RAISE EXCEPTION 'standing approval % does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_standing BEFORE UPDATE OR DELETE ON compensation_standingapproval
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_standing();

CREATE FUNCTION compensation_guard_instant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['status', 'answered_at', 'offer_id', 'verdict', 'verdict_note',
                        'reviewed_by_id', 'reviewed_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an instant offer is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
     OR (OLD.status <> 'open' AND (NEW.status <> OLD.status
         OR NEW.offer_id IS DISTINCT FROM OLD.offer_id))
     OR (OLD.verdict <> '' AND (NEW.verdict <> OLD.verdict
         OR NEW.verdict_note <> OLD.verdict_note
         OR NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id)) THEN
    RAISE EXCEPTION 'instant offer % does not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_instant BEFORE UPDATE OR DELETE ON compensation_instantoffer
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_instant();
CREATE FUNCTION compensation_check_instant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  approver bigint;
BEGIN
  SELECT approved_by_id INTO approver FROM compensation_standingapproval WHERE id = NEW.approval_id;
  IF approver IS NULL OR approver <> NEW.approved_by_id THEN
    RAISE EXCEPTION 'instant offer of case % was approved by nobody', NEW.case_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_check_instant BEFORE INSERT ON compensation_instantoffer
  FOR EACH ROW EXECUTE FUNCTION compensation_check_instant();
"""

UNDO = """
DROP FUNCTION compensation_guard_standing() CASCADE;
DROP FUNCTION compensation_guard_instant() CASCADE;
DROP FUNCTION compensation_check_instant() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("compensation", "0050_instant_offers")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
