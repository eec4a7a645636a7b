"""The database keeps the ledger of custody: numbered, chained, only added to, never forgotten."""

from django.db import migrations

CHAIN = """
CREATE FUNCTION complaints_chain_custody() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_number integer;
  last_hash text;
BEGIN
  -- One entry at a time for each piece of evidence.
  PERFORM 1 FROM complaints_evidence WHERE id = NEW.evidence_id FOR NO KEY UPDATE;
  SELECT sequence, hash INTO last_number, last_hash FROM complaints_custodyentry
   WHERE evidence_id = NEW.evidence_id ORDER BY sequence DESC LIMIT 1;
  NEW.sequence := coalesce(last_number, 0) + 1;
  NEW.previous_hash := coalesce(last_hash, repeat('0', 64));
  NEW.hash := encode(sha256(convert_to(json_build_array(
      NEW.previous_hash, NEW.evidence_id, NEW.sequence, NEW.kind, NEW.actor_kind,
      coalesce(NEW.actor_id, 0),
      to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      NEW.channel, NEW.file_sha256, NEW.detail, NEW.purpose,
      coalesce(encode(sha256(NEW.sealed_note), 'hex'), '')
    )::text, 'UTF8')), 'hex');
  RETURN NEW;
END $$;
CREATE TRIGGER complaints_chain_custody BEFORE INSERT ON complaints_custodyentry
  FOR EACH ROW EXECUTE FUNCTION complaints_chain_custody();
"""

RECEIVE = """
CREATE FUNCTION complaints_receive_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO complaints_custodyentry
    (evidence_id, sequence, kind, actor_kind, actor_id, at, channel, file_sha256, detail, purpose,
     previous_hash, hash)
  SELECT NEW.id, 0, 'received',
         CASE WHEN NEW.uploaded_by_kind = 'staff' AND NEW.uploaded_by_id IS NULL THEN 'system'
              ELSE NEW.uploaded_by_kind END,
         NEW.uploaded_by_id, NEW.at, NEW.channel,
         f.sha256, '', '', '', ''
    FROM documents_storedfile f WHERE f.id = NEW.file_id;
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_receive_evidence AFTER INSERT ON complaints_evidence
  FOR EACH ROW WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION complaints_receive_evidence();
CREATE TRIGGER complaints_receive_draft_file AFTER UPDATE OF case_id ON complaints_evidence
  FOR EACH ROW WHEN (OLD.case_id IS NULL AND NEW.case_id IS NOT NULL)
  EXECUTE FUNCTION complaints_receive_evidence();
CREATE FUNCTION complaints_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.file_id <> OLD.file_id
     OR OLD.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM OLD.case_id
     OR ROW(NEW.uploaded_by_kind, NEW.uploaded_by_id, NEW.channel, NEW.at)
        IS DISTINCT FROM ROW(OLD.uploaded_by_kind, OLD.uploaded_by_id, OLD.channel, OLD.at) THEN
    RAISE EXCEPTION 'evidence % stays what it was when it came in', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaints_guard_evidence BEFORE UPDATE ON complaints_evidence
  FOR EACH ROW EXECUTE FUNCTION complaints_guard_evidence();
"""

# What came in before there was a ledger: received then, by whom the row says.
FILL = """
INSERT INTO complaints_custodyentry
  (evidence_id, sequence, kind, actor_kind, actor_id, at, channel, file_sha256, detail, purpose,
   previous_hash, hash)
SELECT e.id, 0, 'received',
       CASE WHEN e.uploaded_by_kind = 'staff' AND e.uploaded_by_id IS NULL THEN 'system'
            ELSE e.uploaded_by_kind END,
       e.uploaded_by_id, e.at, e.channel, f.sha256,
       '', '', '', ''
  FROM complaints_evidence e JOIN documents_storedfile f ON f.id = e.file_id
 WHERE e.case_id IS NOT NULL ORDER BY e.id;
"""

KEEP = """
CREATE TRIGGER complaints_custodyentry_kept BEFORE UPDATE OR DELETE ON complaints_custodyentry
  FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change();
CREATE TRIGGER complaints_custodyentry_whole BEFORE TRUNCATE ON complaints_custodyentry
  FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change();
"""

UNDO = """
DROP TRIGGER complaints_custodyentry_whole ON complaints_custodyentry;
DROP TRIGGER complaints_custodyentry_kept ON complaints_custodyentry;
DELETE FROM complaints_custodyentry;
DROP TRIGGER complaints_guard_evidence ON complaints_evidence;
DROP TRIGGER complaints_receive_draft_file ON complaints_evidence;
DROP TRIGGER complaints_receive_evidence ON complaints_evidence;
DROP TRIGGER complaints_chain_custody ON complaints_custodyentry;
DROP FUNCTION complaints_guard_evidence();
DROP FUNCTION complaints_receive_evidence();
DROP FUNCTION complaints_chain_custody();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0050_evidence_vault"), ("documents", "0004_file_scans")]

    operations = [migrations.RunSQL(CHAIN + RECEIVE + KEEP + FILL, UNDO)]
