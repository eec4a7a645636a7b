"""What the database keeps of powers of attorney and of signatures on paper."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION agreements_guard_checked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decision constant text[] := ARRAY['status', 'checked_at', 'checked_by_id', 'reason'];
  later constant text[] := decision || ARRAY['ended_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was handed in is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
    RAISE EXCEPTION 'what was handed in does not change' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'waiting' AND
     (to_jsonb(NEW) - ARRAY['ended_at']) <> (to_jsonb(OLD) - ARRAY['ended_at']) THEN
    RAISE EXCEPTION 'what was decided about % does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF to_jsonb(OLD) ->> 'ended_at' IS NOT NULL AND
     to_jsonb(NEW) ->> 'ended_at' IS DISTINCT FROM to_jsonb(OLD) ->> 'ended_at' THEN
    RAISE EXCEPTION 'a power of attorney that ended stays so' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER agreements_guard_{table} BEFORE UPDATE OR DELETE ON agreements_{table} "
    "FOR EACH ROW EXECUTE FUNCTION agreements_guard_checked();\n"
    f"CREATE TRIGGER agreements_{table}_whole BEFORE TRUNCATE ON agreements_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_emptying();"
    for table in ("representative", "papercopy")
)

UNDO = "DROP FUNCTION agreements_guard_checked() CASCADE;" + "".join(
    f"DROP TRIGGER agreements_{table}_whole ON agreements_{table};"
    for table in ("representative", "papercopy")
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0030_signing_parties")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
