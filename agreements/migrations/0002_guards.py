"""What the database itself refuses: a changed agreement, a changed signature, too much money."""

from django.db import migrations

AGREEMENT_GUARD = """
CREATE FUNCTION agreements_guard_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] := ARRAY['status', 'signed_at', 'effective_at', 'unsigned_id', 'sealed_id'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an agreement is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> NEW.status AND NOT (
       (OLD.status = 'draft' AND NEW.status IN ('offered', 'void', 'superseded'))
       OR (OLD.status = 'offered' AND NEW.status IN ('signed', 'refused', 'void', 'superseded'))
       OR (OLD.status = 'signed' AND NEW.status = 'superseded')) THEN
    RAISE EXCEPTION 'agreement % is % and does not become %', OLD.number, OLD.status, NEW.status
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.number <> NEW.number OR OLD.case_id <> NEW.case_id THEN
    RAISE EXCEPTION 'agreement % keeps its number and case', OLD.number
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'draft' AND (
       (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
       OR (OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at)
       OR (OLD.effective_at IS NOT NULL AND NEW.effective_at IS DISTINCT FROM OLD.effective_at)
       OR (OLD.unsigned_id IS NOT NULL AND NEW.unsigned_id IS DISTINCT FROM OLD.unsigned_id)
       OR (OLD.sealed_id IS NOT NULL AND NEW.sealed_id IS DISTINCT FROM OLD.sealed_id)) THEN
    RAISE EXCEPTION 'agreement % was offered and its text does not change', OLD.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_agreement BEFORE UPDATE OR DELETE ON agreements_agreement
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_agreement();

CREATE FUNCTION agreements_guard_signer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_status text;
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.signed_at IS NOT NULL OR OLD.refused_at IS NOT NULL) THEN
    RAISE EXCEPTION 'signature % was given and does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.agreement_id <> OLD.agreement_id OR NEW.role <> OLD.role THEN
      RAISE EXCEPTION 'signer % keeps the agreement and the side', OLD.id
        USING ERRCODE = 'check_violation';
    END IF;
    SELECT status INTO the_status FROM agreements_agreement WHERE id = NEW.agreement_id;
    IF NEW.signed_at IS NOT NULL AND the_status <> 'offered' THEN
      RAISE EXCEPTION 'an agreement that is % is not signed', the_status
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    SELECT status INTO the_status FROM agreements_agreement WHERE id = OLD.agreement_id;
    IF the_status <> 'draft' THEN
      RAISE EXCEPTION 'the signers of an offered agreement stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
  END IF;
  SELECT status INTO the_status FROM agreements_agreement WHERE id = NEW.agreement_id;
  IF the_status <> 'draft' OR NEW.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a signer is named before the agreement is offered'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_signer BEFORE INSERT OR UPDATE OR DELETE ON agreements_signer
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_signer();
"""

MONEY_GUARD = """
CREATE FUNCTION agreements_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] := ARRAY['returned_at', 'return_reason'];
  promised numeric;
  paid numeric;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a payment is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.returned_at IS NOT NULL OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
      RAISE EXCEPTION 'payment % does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT amount INTO promised FROM agreements_obligation
   WHERE id = NEW.obligation_id AND kind = 'payment' FOR UPDATE;
  IF promised IS NULL THEN
    RAISE EXCEPTION 'obligation % is not one of money', NEW.obligation_id
      USING ERRCODE = 'check_violation';
  END IF;
  SELECT coalesce(sum(amount), 0) INTO paid FROM agreements_payment
   WHERE obligation_id = NEW.obligation_id AND returned_at IS NULL;
  IF paid + NEW.amount > promised THEN
    RAISE EXCEPTION 'obligation % is % and would be paid %', NEW.obligation_id, promised,
      paid + NEW.amount USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_payment BEFORE INSERT OR UPDATE OR DELETE ON agreements_payment
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_payment();

CREATE FUNCTION agreements_guard_obligation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an obligation is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.agreement_id <> OLD.agreement_id OR NEW.kind <> OLD.kind OR NEW.debtor <> OLD.debtor
     OR NEW.description <> OLD.description OR NEW.amount IS DISTINCT FROM OLD.amount
     OR NEW.currency <> OLD.currency THEN
    RAISE EXCEPTION 'what obligation % promises does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_obligation BEFORE UPDATE OR DELETE ON agreements_obligation
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_obligation();
"""

WHOLE_GUARD = """
CREATE FUNCTION agreements_refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER agreements_{table}_whole BEFORE TRUNCATE ON agreements_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_emptying();"
    for table in ("agreement", "signer", "obligation", "payment")
)

UNDO = """
DROP FUNCTION agreements_guard_agreement() CASCADE;
DROP FUNCTION agreements_guard_signer() CASCADE;
DROP FUNCTION agreements_guard_payment() CASCADE;
DROP FUNCTION agreements_guard_obligation() CASCADE;
DROP FUNCTION agreements_refuse_emptying() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]

    operations = [migrations.RunSQL(AGREEMENT_GUARD + MONEY_GUARD + WHOLE_GUARD, UNDO)]
