"""What the database refuses of drafts and shares; and the limits that come with Redress."""

from decimal import Decimal

from django.db import migrations

GUARDS = """
ALTER TABLE liability_findingdraft ADD CONSTRAINT liability_another_person_decides CHECK (
  decided_by_id IS NULL
  OR (decided_by_id <> ALL(authors) AND (decided_for_id IS NULL OR decided_for_id <> ALL(authors)))
);
ALTER TABLE liability_findingdraft ADD CONSTRAINT liability_draft_has_authors CHECK (
  saved_by_id = ANY(authors) AND (submitted_by_id IS NULL OR submitted_by_id = ANY(authors))
);
CREATE FUNCTION liability_guard_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'a draft of a finding is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status = 'issued' THEN
    RAISE EXCEPTION 'draft % was issued and does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.case_id <> OLD.case_id OR NOT (OLD.authors <@ NEW.authors) THEN
    RAISE EXCEPTION 'draft % keeps its case and its authors', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'issued' AND NOT EXISTS (
      SELECT 1 FROM liability_liabilityfinding f
      WHERE f.id = NEW.finding_id AND f.case_id = NEW.case_id
        AND f.approved_by_id IS NOT DISTINCT FROM NEW.decided_by_id) THEN
    RAISE EXCEPTION 'draft % is issued by a finding of its case and its approver', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_guard_draft BEFORE UPDATE OR DELETE ON liability_findingdraft
  FOR EACH ROW EXECUTE FUNCTION liability_guard_draft();

CREATE FUNCTION liability_check_share_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM liability_liabilityshare s
      JOIN liability_liabilityfinding f ON f.id = s.finding_id
      JOIN complaints_evidence e ON e.id = NEW.evidence_id AND e.case_id = f.case_id
      WHERE s.id = NEW.liabilityshare_id) THEN
    RAISE EXCEPTION 'share % rests on evidence of another case', NEW.liabilityshare_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_share_evidence_of_the_case
  BEFORE INSERT OR UPDATE ON liability_liabilityshare_evidence
  FOR EACH ROW EXECUTE FUNCTION liability_check_share_evidence();

CREATE FUNCTION liability_check_party_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
      SELECT 1 FROM liability_liabilityshare s
      WHERE s.finding_id = NEW.finding_id AND s."table" = NEW."table" AND s.party = NEW.party
        AND lower(s.name) = lower(NEW.name)) THEN
    RAISE EXCEPTION '% stands twice in the % shares of finding %',
      NEW.party, NEW."table", NEW.finding_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_a_party_once BEFORE INSERT ON liability_liabilityshare
  FOR EACH ROW EXECUTE FUNCTION liability_check_party_once();
"""

UNDO = """
DROP FUNCTION liability_check_party_once() CASCADE;
DROP FUNCTION liability_check_share_evidence() CASCADE;
DROP FUNCTION liability_guard_draft() CASCADE;
ALTER TABLE liability_findingdraft DROP CONSTRAINT liability_draft_has_authors;
ALTER TABLE liability_findingdraft DROP CONSTRAINT liability_another_person_decides;
"""


def add_limits(apps, schema_editor):
    """Severe cases, and findings that are likely to cost more than ten thousand."""
    limits = apps.get_model("liability", "FindingLimit").objects
    limits.create(severity="severe")
    limits.create(amount_over=Decimal(10000))


class Migration(migrations.Migration):
    dependencies = [("liability", "0010_findings_complete")]

    operations = [
        migrations.RunSQL(GUARDS, UNDO),
        migrations.RunPython(add_limits, migrations.RunPython.noop),
    ]
