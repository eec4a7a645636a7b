"""What the database holds of the funds' journal: it balances, is only added to, never overdrawn."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION compensation_fund_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO compensation_fundbalance (fund_id, account, amount)
  SELECT NEW.id, account, 0
    FROM unnest(ARRAY['allotted', 'free', 'reserved', 'committed', 'paid']) AS account;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_fund_opened AFTER INSERT ON compensation_fund
  FOR EACH ROW EXECUTE FUNCTION compensation_fund_opened();

CREATE FUNCTION compensation_book_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_entry compensation_fundentry%ROWTYPE;
BEGIN
  SELECT * INTO the_entry FROM compensation_fundentry WHERE id = NEW.entry_id;
  IF EXISTS (SELECT 1 FROM compensation_fundclose c
              WHERE c.fund_id = the_entry.fund_id
                AND the_entry.booked_on < c.month + interval '1 month') THEN
    RAISE EXCEPTION 'the month of % is closed', the_entry.booked_on
      USING ERRCODE = 'check_violation';
  END IF;
  UPDATE compensation_fundbalance SET amount = amount + NEW.amount
   WHERE fund_id = the_entry.fund_id AND account = NEW.account;
  IF the_entry.hold_id IS NOT NULL AND NEW.account IN ('reserved', 'committed', 'paid') THEN
    UPDATE compensation_fundhold
       SET reserved = reserved + CASE WHEN NEW.account = 'reserved' THEN NEW.amount ELSE 0 END,
           committed = committed + CASE WHEN NEW.account = 'committed' THEN NEW.amount ELSE 0 END,
           paid = paid + CASE WHEN NEW.account = 'paid' THEN NEW.amount ELSE 0 END
     WHERE id = the_entry.hold_id AND fund_id = the_entry.fund_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'entry % names a hold of another fund', the_entry.id
        USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.account IN ('reserved', 'committed', 'paid') THEN
    RAISE EXCEPTION 'entry % moves money of no case', the_entry.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_book_line AFTER INSERT ON compensation_fundline
  FOR EACH ROW EXECUTE FUNCTION compensation_book_line();

CREATE FUNCTION compensation_check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_entry bigint;
  total numeric;
BEGIN
  IF TG_TABLE_NAME = 'compensation_fundline' THEN the_entry := NEW.entry_id;
  ELSE the_entry := NEW.id; END IF;
  SELECT sum(amount) INTO total FROM compensation_fundline WHERE entry_id = the_entry;
  IF total IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'entry % does not balance', the_entry USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER compensation_entry_balanced AFTER INSERT ON compensation_fundentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION compensation_check_balanced();
CREATE CONSTRAINT TRIGGER compensation_line_balanced AFTER INSERT ON compensation_fundline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION compensation_check_balanced();

CREATE FUNCTION compensation_only_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'compensation_fundbalance' AND pg_trigger_depth() > 1
    THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'compensation_fundhold'
    AND to_jsonb(NEW) @> '{"reserved": 0, "committed": 0, "paid": 0}'::jsonb
    THEN RETURN NEW; END IF;
  RAISE EXCEPTION '% follows the journal and is not written by hand', TG_TABLE_NAME
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER compensation_balance_booked
  BEFORE INSERT OR UPDATE OR DELETE ON compensation_fundbalance
  FOR EACH ROW EXECUTE FUNCTION compensation_only_booked();
CREATE TRIGGER compensation_hold_booked
  BEFORE INSERT OR UPDATE OR DELETE ON compensation_fundhold
  FOR EACH ROW EXECUTE FUNCTION compensation_only_booked();
"""
KEPT = "".join(
    f"CREATE TRIGGER compensation_{table}_kept BEFORE UPDATE OR DELETE ON compensation_{table} "
    "FOR EACH ROW EXECUTE FUNCTION compensation_refuse_change();"
    for table in ("fundentry", "fundline", "fundclose", "screeningsign")
)
WHOLE = "".join(
    f"CREATE TRIGGER compensation_{table}_whole BEFORE TRUNCATE ON compensation_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();"
    for table in ("fundentry", "fundline", "fundclose", "fundbalance", "fundhold")
)
UNDO = (
    "DROP FUNCTION compensation_fund_opened() CASCADE;"
    "DROP FUNCTION compensation_book_line() CASCADE;"
    "DROP FUNCTION compensation_check_balanced() CASCADE;"
    "DROP FUNCTION compensation_only_booked() CASCADE;"
    + "".join(
        f"DROP TRIGGER compensation_{table}_kept ON compensation_{table};"
        for table in ("fundentry", "fundline", "fundclose", "screeningsign")
    )
    + "".join(
        f"DROP TRIGGER compensation_{table}_whole ON compensation_{table};"
        for table in ("fundentry", "fundline", "fundclose")
    )
)


class Migration(migrations.Migration):
    dependencies = [("compensation", "0021_funds")]

    operations = [migrations.RunSQL(GUARDS + KEPT + WHOLE, UNDO)]
