"""What the database itself refuses: an issued finding that changes, shares that do not make 100."""

from django.db import migrations

FINDING_GUARD = """
CREATE FUNCTION liability_guard_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'a finding is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.superseded_by_id IS NOT NULL
     OR (to_jsonb(NEW) - 'superseded_by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'superseded_by_id')
  THEN
    RAISE EXCEPTION 'finding % was issued and does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM liability_liabilityfinding f
                 WHERE f.id = NEW.superseded_by_id AND f.case_id = OLD.case_id
                   AND f.version > OLD.version) THEN
    RAISE EXCEPTION 'finding % is superseded only by a later one of its case', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_guard_finding BEFORE UPDATE OR DELETE ON liability_liabilityfinding
  FOR EACH ROW EXECUTE FUNCTION liability_guard_finding();
CREATE FUNCTION liability_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER liability_findings_whole BEFORE TRUNCATE ON liability_liabilityfinding
  FOR EACH STATEMENT EXECUTE FUNCTION liability_refuse_change();
CREATE TRIGGER liability_shares_kept BEFORE UPDATE OR DELETE ON liability_liabilityshare
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE TRIGGER liability_shares_whole BEFORE TRUNCATE ON liability_liabilityshare
  FOR EACH STATEMENT EXECUTE FUNCTION liability_refuse_change();
"""

SHARES_GUARD = """
CREATE FUNCTION liability_check_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_finding bigint;
  sums record;
BEGIN
  IF TG_TABLE_NAME = 'liability_liabilityfinding' THEN the_finding := NEW.id;
  ELSE the_finding := NEW.finding_id; END IF;
  FOR sums IN SELECT "table" AS name, sum(share) AS total FROM liability_liabilityshare
              WHERE finding_id = the_finding GROUP BY "table" LOOP
    IF sums.total <> 100 THEN
      RAISE EXCEPTION 'the % shares of finding % make %, not 100', sums.name, the_finding, sums.total
        USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  IF EXISTS (SELECT 1 FROM liability_liabilityfinding f
             WHERE f.id = the_finding AND f.outcome IN ('liable', 'partly'))
     AND NOT EXISTS (SELECT 1 FROM liability_liabilityshare
                     WHERE finding_id = the_finding AND "table" = 'outward') THEN
    RAISE EXCEPTION 'finding % tells of liability and names nobody', the_finding
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER liability_finding_names_somebody
  AFTER INSERT ON liability_liabilityfinding
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION liability_check_shares();
CREATE CONSTRAINT TRIGGER liability_shares_make_hundred
  AFTER INSERT ON liability_liabilityshare
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION liability_check_shares();
"""

UNDO = """
DROP FUNCTION liability_guard_finding() CASCADE;
DROP FUNCTION liability_refuse_change() CASCADE;
DROP FUNCTION liability_check_shares() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("liability", "0001_initial")]

    operations = [migrations.RunSQL(FINDING_GUARD + SHARES_GUARD, UNDO)]
