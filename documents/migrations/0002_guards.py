"""The database itself refuses to alter stored files and finished documents."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION documents_guard_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.id, NEW.kind, NEW.storage_name, NEW.media_type, NEW.size, NEW.sha256,
           NEW.created_at, NEW.derived_from_id, NEW.metadata_stripped)
       IS DISTINCT FROM
       ROW(OLD.id, OLD.kind, OLD.storage_name, OLD.media_type, OLD.size, OLD.sha256,
           OLD.created_at, OLD.derived_from_id, OLD.metadata_stripped)
    THEN
        RAISE EXCEPTION 'stored file % is never changed', OLD.id USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER documents_file_stays
    BEFORE UPDATE ON documents_storedfile
    FOR EACH ROW EXECUTE FUNCTION documents_guard_file();

CREATE FUNCTION documents_guard_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'finished document % is never deleted', OLD.id USING ERRCODE = '23001';
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'finished document % is never changed', OLD.id USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER documents_finished_stays
    BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW WHEN (OLD.status = 'ready') EXECUTE FUNCTION documents_guard_document();
"""

UNGUARD = """
DROP TRIGGER documents_finished_stays ON documents_document;
DROP FUNCTION documents_guard_document();
DROP TRIGGER documents_file_stays ON documents_storedfile;
DROP FUNCTION documents_guard_file();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
