"""What the database itself refuses about batches: a changed line, a released batch of other sums."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION agreements_guard_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lines integer;
  owed numeric;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a batch is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> 'draft' THEN
    IF (to_jsonb(NEW) - 'downloads') <> (to_jsonb(OLD) - 'downloads') THEN
      RAISE EXCEPTION 'batch % is % and does not change', OLD.number, OLD.state
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.number <> OLD.number OR NEW.key <> OLD.key OR NEW.currency <> OLD.currency
     OR NEW.made_by_id <> OLD.made_by_id OR NEW.made_at <> OLD.made_at THEN
    RAISE EXCEPTION 'batch % keeps its number and maker', OLD.number
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'released' THEN
    SELECT count(*), coalesce(sum(amount), 0) INTO lines, owed FROM agreements_payout
     WHERE batch_id = NEW.id AND state = 'planned';
    IF lines <> NEW.count OR owed <> NEW.total THEN
      RAISE EXCEPTION 'batch % has % lines of %', OLD.number, lines, owed
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_batch BEFORE UPDATE OR DELETE ON agreements_payoutbatch
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_batch();

CREATE FUNCTION agreements_guard_payout() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] := ARRAY['state', 'paid', 'settled_at', 'reason', 'reference', 'tries'];
  batch text;
  theirs bigint;
  ours bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a payout is never removed' USING ERRCODE = 'check_violation';
  END IF;
  SELECT state INTO batch FROM agreements_payoutbatch WHERE id = NEW.batch_id FOR SHARE;
  IF TG_OP = 'INSERT' THEN
    SELECT agreement_id INTO theirs FROM agreements_payeeaccount WHERE id = NEW.payee_id;
    SELECT agreement_id INTO ours FROM agreements_obligation WHERE id = NEW.obligation_id;
    IF theirs <> ours THEN
      RAISE EXCEPTION 'payout % goes to the payee of another agreement', NEW.key
        USING ERRCODE = 'check_violation';
    END IF;
    IF batch <> 'draft' OR NEW.state <> 'planned' THEN
      RAISE EXCEPTION 'nothing is added to a batch that is %', batch
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
    RAISE EXCEPTION 'payout % does not change', OLD.key USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> NEW.state AND NOT (
       (OLD.state = 'planned' AND NEW.state = 'removed' AND batch <> 'released')
       OR (OLD.state = 'planned' AND NEW.state = 'sent' AND batch = 'released')
       OR (OLD.state = 'sent' AND NEW.state IN ('paid', 'failed'))
       OR (OLD.state = 'paid' AND NEW.state = 'returned')) THEN
    RAISE EXCEPTION 'payout % is % and does not become %', OLD.key, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.paid IS NOT NULL AND NEW.paid IS DISTINCT FROM OLD.paid THEN
    RAISE EXCEPTION 'what payout % paid does not change', OLD.key
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_payout BEFORE INSERT OR UPDATE OR DELETE ON agreements_payout
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_payout();

CREATE FUNCTION agreements_guard_payee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a payee is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later)
     OR (OLD.decided_at IS NOT NULL AND NEW.decided_at IS DISTINCT FROM OLD.decided_at)
     OR (OLD.state <> NEW.state AND NOT (
           (OLD.state = 'asked' AND NEW.state IN ('current', 'refused'))
           OR (OLD.state = 'current' AND NEW.state = 'replaced'))) THEN
    RAISE EXCEPTION 'payee % does not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_payee BEFORE UPDATE OR DELETE ON agreements_payeeaccount
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_payee();

CREATE FUNCTION agreements_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a statement does not change' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER agreements_guard_statement BEFORE UPDATE OR DELETE ON agreements_statement
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_statement();

CREATE FUNCTION agreements_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later constant text[] := ARRAY['handled_by_id', 'handled_at', 'handled_note'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.handled_at IS NOT NULL
     OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
    RAISE EXCEPTION 'an entry of a statement does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard_entry BEFORE UPDATE OR DELETE ON agreements_statemententry
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_entry();
"""

PROMISE = """
CREATE OR REPLACE FUNCTION agreements_guard_obligation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an obligation is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.agreement_id <> OLD.agreement_id OR NEW.kind <> OLD.kind OR NEW.debtor <> OLD.debtor
     OR NEW.description <> OLD.description OR NEW.amount IS DISTINCT FROM OLD.amount
     OR NEW.currency <> OLD.currency {more}THEN
    RAISE EXCEPTION 'what obligation % promises does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
MORE = (
    "OR NEW.proof_wanted <> OLD.proof_wanted OR NEW.pickup <> OLD.pickup "
    "OR NEW.freight <> OLD.freight "
)

TABLES = ("payoutbatch", "payout", "payeeaccount", "statement", "statemententry")
WHOLE = "\n".join(
    f"CREATE TRIGGER agreements_{table}_whole BEFORE TRUNCATE ON agreements_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_emptying();"
    for table in TABLES
)
UNDO = "\n".join(
    [
        *(f"DROP TRIGGER agreements_{table}_whole ON agreements_{table};" for table in TABLES),
        "DROP FUNCTION agreements_guard_batch() CASCADE;",
        "DROP FUNCTION agreements_guard_payout() CASCADE;",
        "DROP FUNCTION agreements_guard_payee() CASCADE;",
        "DROP FUNCTION agreements_guard_statement() CASCADE;",
        "DROP FUNCTION agreements_guard_entry() CASCADE;",
        PROMISE.format(more=""),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0040_payouts")]

    operations = [migrations.RunSQL(GUARDS + PROMISE.format(more=MORE) + WHOLE, UNDO)]
