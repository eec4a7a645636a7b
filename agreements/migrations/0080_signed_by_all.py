"""An agreement counts once every side has signed; breaches and lapses stay on record."""

from django.db import migrations

SIGNED = """
CREATE FUNCTION agreements_guard_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.status <> 'draft' THEN
    RAISE EXCEPTION 'agreement % begins as a draft', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'signed' AND (
       EXISTS (SELECT 1 FROM agreements_signer s
                WHERE s.agreement_id = NEW.id AND s.signed_at IS NULL)
       OR (SELECT count(*) FROM agreements_signer s
            WHERE s.agreement_id = NEW.id AND s.role IN ('consumer', 'company')) <> 2) THEN
    RAISE EXCEPTION 'agreement % is not signed by every side', NEW.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_signed BEFORE INSERT OR UPDATE OF status ON agreements_agreement
  FOR EACH ROW WHEN (NEW.kind IN ('settlement', 'mediation'))
  EXECUTE FUNCTION agreements_guard_signed();
"""

KEPT = """
CREATE FUNCTION agreements_guard_breach() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] := ARRAY['remedy', 'new_due', 'remedied_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a breach is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.remedied_at IS NOT NULL OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
    RAISE EXCEPTION 'breach % does not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_breach BEFORE UPDATE OR DELETE ON agreements_breach
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_breach();

CREATE FUNCTION agreements_guard_lapse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] :=
    ARRAY['grace_told_at', 'outcome', 'note', 'closed_at', 'closed_by_id'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a lapse is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.closed_at IS NOT NULL OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
    RAISE EXCEPTION 'lapse % does not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_lapse BEFORE UPDATE OR DELETE ON agreements_consumerlapse
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_lapse();
""" + "\n".join(
    f"CREATE TRIGGER agreements_{table}_whole BEFORE TRUNCATE ON agreements_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_emptying();"
    for table in ("breach", "consumerlapse")
)

UNDO = """
DROP FUNCTION agreements_guard_signed() CASCADE;
DROP FUNCTION agreements_guard_breach() CASCADE;
DROP FUNCTION agreements_guard_lapse() CASCADE;
DROP TRIGGER agreements_breach_whole ON agreements_breach;
DROP TRIGGER agreements_consumerlapse_whole ON agreements_consumerlapse;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0033_shipped_wording")]

    operations = [migrations.RunSQL(SIGNED + KEPT, UNDO)]
