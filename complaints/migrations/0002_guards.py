"""What the database itself refuses: unknown changes of stage, changed history, clockless cases."""

from django.db import migrations

APPEND_ONLY = ["complaints_caseevent", "complaints_clockentry"]
UNDELETABLE = ["complaints_accountabilityitem"]

STAGE_GUARD = """
CREATE FUNCTION complaints_guard_stage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  edge complaints_stageedge.kind%TYPE;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.stage <> 'received' OR NEW.origins <> '{}' THEN
      RAISE EXCEPTION 'a case begins as received, not as %', NEW.stage
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.stage = OLD.stage THEN
    IF NEW.origins IS DISTINCT FROM OLD.origins THEN
      RAISE EXCEPTION 'the way back of case % changes only with its stage', OLD.id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'a change of stage must raise the version of case %', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  FOR edge IN SELECT kind FROM complaints_stageedge
              WHERE source = OLD.stage AND target = NEW.stage LOOP
    IF (edge = 'aside' AND NEW.origins = OLD.origins || OLD.stage)
       OR (edge = 'back' AND cardinality(OLD.origins) > 0
           AND NEW.stage = OLD.origins[cardinality(OLD.origins)]
           AND NEW.origins = OLD.origins[:cardinality(OLD.origins) - 1])
       OR (edge = 'onward' AND NEW.origins = '{}') THEN
      RETURN NEW;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'no step leads from % to % (case %)', OLD.stage, NEW.stage, OLD.id
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER complaints_guard_stage BEFORE INSERT OR UPDATE ON complaints_case
  FOR EACH ROW EXECUTE FUNCTION complaints_guard_stage();
CREATE FUNCTION complaints_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a case is never deleted' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER complaints_keep_case BEFORE DELETE ON complaints_case
  FOR EACH ROW EXECUTE FUNCTION complaints_refuse_loss();
CREATE TRIGGER complaints_keep_cases BEFORE TRUNCATE ON complaints_case
  FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_loss();
"""

CHAIN_GUARD = """
CREATE FUNCTION complaints_follow_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE complaints_case
     SET event_count = NEW.sequence, last_event_hash = NEW.hash
   WHERE id = NEW.case_id
     AND event_count = NEW.sequence - 1 AND last_event_hash = NEW.previous_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'event % does not follow the last event of case %', NEW.sequence, NEW.case_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaints_follow_chain BEFORE INSERT ON complaints_caseevent
  FOR EACH ROW EXECUTE FUNCTION complaints_follow_chain();
CREATE FUNCTION complaints_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""

CLOCK_GUARD = """
CREATE FUNCTION complaints_guard_clocks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_case bigint;
BEGIN
  IF TG_TABLE_NAME = 'complaints_case' THEN the_case := NEW.id; ELSE the_case := NEW.case_id; END IF;
  IF EXISTS (SELECT 1 FROM complaints_case c WHERE c.id = the_case
             AND c.stage NOT IN ('declined', 'withdrawn', 'merged', 'closed'))
     AND NOT EXISTS (SELECT 1 FROM complaints_clock k
                     WHERE k.case_id = the_case AND k.state = 'running') THEN
    RAISE EXCEPTION 'case % is open and no clock of it runs', the_case
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER complaints_open_case_has_clock
  AFTER INSERT OR UPDATE OF stage ON complaints_case
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION complaints_guard_clocks();
CREATE CONSTRAINT TRIGGER complaints_last_clock_stays
  AFTER UPDATE OF state ON complaints_clock
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.state = 'running' AND NEW.state <> 'running')
  EXECUTE FUNCTION complaints_guard_clocks();
"""


def _refusals() -> str:
    sql = []
    for table in APPEND_ONLY:
        sql.append(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change();"
        )
    for table in UNDELETABLE:
        sql.append(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change();"
        )
    for table in APPEND_ONLY + UNDELETABLE:
        sql.append(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change();"
        )
    return "\n".join(sql)


UNDO = """
DROP TRIGGER complaints_guard_stage ON complaints_case;
DROP TRIGGER complaints_keep_case ON complaints_case;
DROP TRIGGER complaints_keep_cases ON complaints_case;
DROP TRIGGER complaints_open_case_has_clock ON complaints_case;
DROP TRIGGER complaints_last_clock_stays ON complaints_clock;
DROP FUNCTION complaints_guard_stage() CASCADE;
DROP FUNCTION complaints_refuse_loss() CASCADE;
DROP FUNCTION complaints_follow_chain() CASCADE;
DROP FUNCTION complaints_refuse_change() CASCADE;
DROP FUNCTION complaints_guard_clocks() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunSQL(STAGE_GUARD + CHAIN_GUARD + CLOCK_GUARD + _refusals(), UNDO)]
