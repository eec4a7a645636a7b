"""Opens files for the complainants that are there, marks their texts, and guards the new logs."""

from itertools import islice

from django.db import migrations

from complaints.likeness import bands

CHUNK = 2000
APPEND_ONLY = ["complaints_accesslog", "complaints_customerevent", "complaints_consent"]


def open_files(apps, schema_editor):
    """Put complainants with the same phone, else the same e-mail address, into one file."""
    consumer_model = apps.get_model("complaints", "Consumer")
    consumers = consumer_model.objects.exclude(phone_index="", email_index="").order_by("pk")
    files, known, chosen, kinds = [], {}, [], {}
    fields = ("pk", "phone_index", "email_index", "tier", "needs_care", "created_at")
    for row in consumers.values(*fields).iterator(chunk_size=CHUNK):
        keys = [("phone", row["phone_index"]), ("email", row["email_index"])]
        keys = [key for key in keys if key[1]]
        place = next((known[key] for key in keys if key in known), None)
        if place is None:
            place = len(files)
            files.append(row["created_at"])
        for key in keys:
            known.setdefault(key, place)
        if row["tier"] in ("new", "long_term", "business"):
            kinds.setdefault(place, set()).add(row["tier"])
        if row["needs_care"]:
            kinds.setdefault(place, set()).add("vulnerable")
        chosen.append((row["pk"], place))
    _save(apps, files, known, chosen, kinds)


def _save(apps, files, known, chosen, kinds):
    customer_model = apps.get_model("complaints", "Customer")
    identity_model = apps.get_model("complaints", "CustomerIdentity")
    consumer_model = apps.get_model("complaints", "Consumer")
    saved = customer_model.objects.bulk_create(
        (
            customer_model(created_at=opened, kinds=sorted(kinds.get(place, ())))
            for place, opened in enumerate(files)
        ),
        batch_size=CHUNK,
    )
    identity_model.objects.bulk_create(
        (
            identity_model(customer=saved[place], kind=kind, index=index, since=files[place])
            for (kind, index), place in known.items()
        ),
        batch_size=CHUNK,
    )
    rows = iter(chosen)
    while some := list(islice(rows, CHUNK)):
        linked = [consumer_model(pk=pk, customer=saved[place]) for pk, place in some]
        consumer_model.objects.bulk_update(linked, ["customer"])


def mark_texts(apps, schema_editor):
    """Write down by which marks like texts are found."""
    case_model = apps.get_model("complaints", "Case")
    mark_model = apps.get_model("complaints", "TextMark")
    rows = case_model.objects.order_by("pk").values_list("pk", "description")
    texts = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(texts, CHUNK)):
        marks = ((pk, bands(text)) for pk, text in some)
        mark_model.objects.bulk_create(mark_model(case_id=pk, bands=b) for pk, b in marks if b)


def nothing(apps, schema_editor):
    """The tables go, and with them what was written."""


FILE_OF = """
CREATE FUNCTION complaints_file_of(phone text, email text, held bigint, moment timestamptz)
RETURNS SETOF complaints_customer LANGUAGE plpgsql AS $$
DECLARE
  file bigint;
  known integer;
  wanted integer := (phone <> '')::integer + (email <> '')::integer;
BEGIN
  FOR turn IN 1..2 LOOP
    SELECT count(*), (array_agg(i.customer_id ORDER BY i.kind DESC))[1] INTO known, file
      FROM complaints_customeridentity i
     WHERE i.kind = 'phone' AND i.index = phone OR i.kind = 'email' AND i.index = email;
    EXIT WHEN known = wanted OR turn = 2;
    -- Only one transaction at a time opens a file for the same phone or address.
    PERFORM pg_advisory_xact_lock(hashtextextended(least(nullif(phone, ''), nullif(email, '')), 1));
    PERFORM pg_advisory_xact_lock(hashtextextended(greatest(nullif(phone, ''), nullif(email, '')), 1));
  END LOOP;
  file := coalesce(held, file);
  IF file IS NULL THEN
    INSERT INTO complaints_customer (kinds, language, channel, created_at)
    VALUES ('{}', '', '', moment) RETURNING id INTO file;
  END IF;
  IF known < wanted THEN
    INSERT INTO complaints_customeridentity (customer_id, kind, index, since)
    SELECT file, given.kind, given.index, moment
      FROM (VALUES ('phone', phone), ('email', email)) AS given (kind, index)
     WHERE given.index <> ''
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN QUERY SELECT * FROM complaints_customer WHERE id = file;
END $$;
"""
UNFILE_OF = "DROP FUNCTION complaints_file_of(text, text, bigint, timestamptz);"
GUARD = "\n".join(
    f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change();\n"
    f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change();"
    for table in APPEND_ONLY
)
UNGUARD = "\n".join(
    f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"
    for table in APPEND_ONLY
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0040_people")]

    operations = [
        migrations.RunPython(open_files, nothing, elidable=False),
        migrations.RunPython(mark_texts, nothing, elidable=False),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(FILE_OF, UNFILE_OF),
    ]
