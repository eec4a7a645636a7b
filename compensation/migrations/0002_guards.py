"""What the database itself refuses: changed terms of a submitted plan or of an offer."""

from django.db import migrations

PLAN_GUARD = """
CREATE FUNCTION compensation_guard_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a plan is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status NOT IN ('draft', 'returned') AND (
       NEW.case_id <> OLD.case_id OR NEW.finding_id <> OLD.finding_id
       OR NEW.version <> OLD.version OR NEW.currency <> OLD.currency
       OR NEW.legal_minimum <> OLD.legal_minimum OR NEW.legal_basis <> OLD.legal_basis
       OR NEW.informed_choice <> OLD.informed_choice
       OR NEW.informed_choice_reason <> OLD.informed_choice_reason
       OR NEW.created_by_id <> OLD.created_by_id) THEN
    RAISE EXCEPTION 'plan % was submitted and its terms do not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_plan BEFORE UPDATE OR DELETE ON compensation_compensationplan
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_plan();

CREATE FUNCTION compensation_guard_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_option bigint;
  the_row jsonb;
BEGIN
  IF TG_OP = 'DELETE' THEN the_row := to_jsonb(OLD); ELSE the_row := to_jsonb(NEW); END IF;
  IF TG_TABLE_NAME = 'compensation_planline' THEN
    SELECT plan_id INTO the_option FROM compensation_planoption
     WHERE id = (the_row->>'option_id')::bigint;
  ELSE
    the_option := (the_row->>'plan_id')::bigint;
  END IF;
  IF EXISTS (SELECT 1 FROM compensation_compensationplan
             WHERE id = the_option AND status NOT IN ('draft', 'returned')) THEN
    RAISE EXCEPTION 'plan % was submitted and its terms do not change', the_option
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_options
  BEFORE INSERT OR UPDATE OR DELETE ON compensation_planoption
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_terms();
CREATE TRIGGER compensation_guard_lines
  BEFORE INSERT OR UPDATE OR DELETE ON compensation_planline
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_terms();
"""

OFFER_GUARD = """
CREATE FUNCTION compensation_guard_offer() RETURNS trigger LANGUAGE plpgsql AS $$
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
       OR (OLD.status = 'accepted' AND NEW.status IN ('countered', 'withdrawn', 'superseded'))) THEN
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
CREATE TRIGGER compensation_guard_offer BEFORE UPDATE OR DELETE ON compensation_offer
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_offer();

CREATE FUNCTION compensation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER compensation_replies_kept BEFORE UPDATE OR DELETE ON compensation_offerreply
  FOR EACH ROW EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_offers_whole BEFORE TRUNCATE ON compensation_offer
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_plans_whole BEFORE TRUNCATE ON compensation_compensationplan
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_options_whole BEFORE TRUNCATE ON compensation_planoption
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_lines_whole BEFORE TRUNCATE ON compensation_planline
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_replies_whole BEFORE TRUNCATE ON compensation_offerreply
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
"""

UNDO = """
DROP FUNCTION compensation_guard_plan() CASCADE;
DROP FUNCTION compensation_guard_terms() CASCADE;
DROP FUNCTION compensation_guard_offer() CASCADE;
DROP FUNCTION compensation_refuse_change() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("compensation", "0001_initial")]

    operations = [migrations.RunSQL(PLAN_GUARD + OFFER_GUARD, UNDO)]
