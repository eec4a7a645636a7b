"""What lateness cost stays as it was reckoned: the database refuses to change or remove it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION agreements_guard_late_charge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a late charge does not change' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER agreements_guard_late_charge BEFORE UPDATE OR DELETE ON agreements_latecharge
  FOR EACH ROW EXECUTE FUNCTION agreements_guard_late_charge();
CREATE TRIGGER agreements_latecharge_whole BEFORE TRUNCATE ON agreements_latecharge
  FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_emptying();
"""
UNDO = "DROP FUNCTION agreements_guard_late_charge() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("agreements", "0050_late_performance")]

    operations = [
        migrations.RunSQL(
            GUARD, f"DROP TRIGGER agreements_latecharge_whole ON agreements_latecharge;{UNDO}"
        )
    ]
