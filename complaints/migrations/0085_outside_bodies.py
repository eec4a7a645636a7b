"""More than one outside body for a case, and both names and numbers of all of them in the search."""

import django.db.models.deletion
from django.db import migrations, models

REFRESH = """
CREATE OR REPLACE FUNCTION complaints_search_refresh(wanted bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  -- What others add meanwhile is waited for before anything is read: in a statement of its own,
  -- for each statement sees what was committed when it began.
  PERFORM FROM complaints_casesearch WHERE case_id = ANY (wanted) ORDER BY case_id FOR UPDATE;
  INSERT INTO complaints_casesearch (case_id, subject, body, grams)
  SELECT id, subject, body,
         complaints_grams(body, '') || complaints_grams(subject, '^^') || names
  FROM (
    SELECT c.id, complaints_fold(c.title) AS subject,
      concat_ws(E'\n', complaints_fold(c.reference), complaints_fold(c.title),
        complaints_fold(c.description),
        complaints_fold(c.wished_detail), complaints_fold(c.product_text),
        complaints_fold(c.order_number), complaints_fold(c.serial_number),
        complaints_fold(c.external_body), complaints_fold(c.external_ref),
        (SELECT string_agg(complaints_fold(f.name || ' ' || f.reference), E'\n' ORDER BY f.id)
         FROM complaints_outsidefiling f WHERE f.case_id = c.id),
        complaints_fold(c.respondent),
        complaints_fold(p.name), complaints_fold(p.model), complaints_fold(b.code),
        (SELECT string_agg(complaints_fold(m.body), E'\n' ORDER BY m.id)
         FROM complaints_message m WHERE m.case_id = c.id)) AS body,
      k.name_index || coalesce(
        (SELECT array_agg(DISTINCT token)
         FROM complaints_groupmember g
         JOIN complaints_consumer o ON o.id = g.consumer_id, unnest(o.name_index) AS token
         WHERE g.case_id = c.id AND o.id <> c.consumer_id), '{}') AS names
    FROM complaints_case c
    JOIN complaints_consumer k ON k.id = c.consumer_id
    LEFT JOIN complaints_product p ON p.id = c.product_id
    LEFT JOIN complaints_batch b ON b.id = c.batch_id
    WHERE c.id = ANY (wanted)
  ) AS found
  ON CONFLICT (case_id) DO UPDATE
    SET subject = excluded.subject, body = excluded.body, grams = excluded.grams;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION complaints_search_refresh(wanted bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  -- What others add meanwhile is waited for before anything is read: in a statement of its own,
  -- for each statement sees what was committed when it began.
  PERFORM FROM complaints_casesearch WHERE case_id = ANY (wanted) ORDER BY case_id FOR UPDATE;
  INSERT INTO complaints_casesearch (case_id, subject, body, grams)
  SELECT id, subject, body,
         complaints_grams(body, '') || complaints_grams(subject, '^^') || names
  FROM (
    SELECT c.id, complaints_fold(c.title) AS subject,
      concat_ws(E'\n', complaints_fold(c.reference), complaints_fold(c.title),
        complaints_fold(c.description),
        complaints_fold(c.wished_detail), complaints_fold(c.product_text),
        complaints_fold(c.order_number), complaints_fold(c.serial_number),
        complaints_fold(c.external_ref), complaints_fold(c.respondent),
        complaints_fold(p.name), complaints_fold(p.model), complaints_fold(b.code),
        (SELECT string_agg(complaints_fold(m.body), E'\n' ORDER BY m.id)
         FROM complaints_message m WHERE m.case_id = c.id)) AS body,
      k.name_index || coalesce(
        (SELECT array_agg(DISTINCT token)
         FROM complaints_groupmember g
         JOIN complaints_consumer o ON o.id = g.consumer_id, unnest(o.name_index) AS token
         WHERE g.case_id = c.id AND o.id <> c.consumer_id), '{}') AS names
    FROM complaints_case c
    JOIN complaints_consumer k ON k.id = c.consumer_id
    LEFT JOIN complaints_product p ON p.id = c.product_id
    LEFT JOIN complaints_batch b ON b.id = c.batch_id
    WHERE c.id = ANY (wanted)
  ) AS found
  ON CONFLICT (case_id) DO UPDATE
    SET subject = excluded.subject, body = excluded.body, grams = excluded.grams;
END $$;
"""

FILED = """
CREATE TRIGGER complaints_search_filed AFTER INSERT OR DELETE ON complaints_outsidefiling
  FOR EACH ROW EXECUTE FUNCTION complaints_search_of_case();
"""

UNFILED = "DROP TRIGGER complaints_search_filed ON complaints_outsidefiling;"

# Names of bodies were not looked at before; in pieces, so that nobody waits long for a row.
FILL = """
DO $$
DECLARE
  piece bigint[];
  last bigint := 0;
BEGIN
  LOOP
    SELECT array_agg(id ORDER BY id) INTO piece FROM (
      SELECT id FROM complaints_case
      WHERE external_body <> '' AND id > last ORDER BY id LIMIT 500) AS next;
    EXIT WHEN piece IS NULL;
    PERFORM complaints_search_refresh(piece);
    last := piece[cardinality(piece)];
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0084_chat_files_and_notices")]

    operations = [
        migrations.CreateModel(
            name="OutsideFiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80, verbose_name="转来的机构")),
                ("reference", models.CharField(max_length=80, verbose_name="外部编号")),
                ("filed_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="complaints.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "转来的编号",
                "verbose_name_plural": "转来的编号",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "reference"), name="complaints_one_filing"
                    )
                ],
            },
        ),
        migrations.RunSQL(REFRESH + FILED, UNFILED + BEFORE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
