"""An index of pairs of characters, kept by the database itself, whoever writes a case or a message.

A row of `complaints_casesearch` holds the folded text of its case and, in an array with a GIN
index: every character and every pair of neighbours of that text; the same of the title, marked
with ^^; and the digests of the parts of the complainants' names. See docs/search.md.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# Accents, marks and invisible characters: `complaints.search_terms.is_dropped` as it was.
DROPPED = (
    r"\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u0300-\u034e\u0350-\u036f"
    r"\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0600-\u0605"
    r"\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06dd\u06df-\u06e4\u06e7-\u06e8"
    r"\u06ea-\u06ed\u070f\u0711\u0730-\u074a\u07eb-\u07f3\u07fd\u0816-\u0819\u081b-\u0823"
    r"\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0890-\u0891\u0898-\u089f\u08ca-\u08ff\u093c"
    r"\u094d\u0951-\u0954\u09bc\u09cd\u09fe\u0a3c\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c3c"
    r"\u0c4d\u0c55-\u0c56\u0cbc\u0ccd\u0d3b-\u0d3c\u0d4d\u0dca\u0e38-\u0e3a\u0e48-\u0e4b"
    r"\u0eb8-\u0eba\u0ec8-\u0ecb\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f72\u0f74"
    r"\u0f7a-\u0f7d\u0f80\u0f82-\u0f84\u0f86-\u0f87\u0fc6\u1037\u1039-\u103a\u108d"
    r"\u135d-\u135f\u1714-\u1715\u1734\u17d2\u17dd\u180e\u18a9\u1939-\u193b\u1a17-\u1a18\u1a60"
    r"\u1a75-\u1a7c\u1a7f\u1ab0-\u1abd\u1abf-\u1ace\u1b34\u1b44\u1b6b-\u1b73\u1baa-\u1bab"
    r"\u1be6\u1bf2-\u1bf3\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce0\u1ce2-\u1ce8\u1ced\u1cf4"
    r"\u1cf8-\u1cf9\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\u20d0-\u20dc\u20e1\u20e5-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f"
    r"\u3099-\u309a\ua66f\ua674-\ua67d\ua69e-\ua69f\ua6f0-\ua6f1\ua806\ua82c\ua8c4"
    r"\ua8e0-\ua8f1\ua92b-\ua92d\ua953\ua9b3\ua9c0\uaab0\uaab2-\uaab4\uaab7-\uaab8"
    r"\uaabe-\uaabf\uaac1\uaaf6\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\ufff9-\ufffb"
    r"\U000101fd\U000102e0\U00010376-\U0001037a\U00010a0d\U00010a0f\U00010a38-\U00010a3a"
    r"\U00010a3f\U00010ae5-\U00010ae6\U00010d24-\U00010d27\U00010eab-\U00010eac"
    r"\U00010f46-\U00010f50\U00010f82-\U00010f85\U00011046\U00011070\U0001107f"
    r"\U000110b9-\U000110ba\U000110bd\U000110cd\U00011100-\U00011102\U00011133-\U00011134"
    r"\U00011173\U000111c0\U000111ca\U00011235-\U00011236\U000112e9-\U000112ea"
    r"\U0001133b-\U0001133c\U0001134d\U00011366-\U0001136c\U00011370-\U00011374\U00011442"
    r"\U00011446\U0001145e\U000114c2-\U000114c3\U000115bf-\U000115c0\U0001163f"
    r"\U000116b6-\U000116b7\U0001172b\U00011839-\U0001183a\U0001193d-\U0001193e\U00011943"
    r"\U000119e0\U00011a34\U00011a47\U00011a99\U00011c3f\U00011d42\U00011d44-\U00011d45"
    r"\U00011d97\U00013430-\U00013438\U00016af0-\U00016af4\U00016b30-\U00016b36"
    r"\U00016ff0-\U00016ff1\U0001bc9e\U0001bca0-\U0001bca3\U0001d165-\U0001d169"
    r"\U0001d16d-\U0001d182\U0001d185-\U0001d18b\U0001d1aa-\U0001d1ad\U0001d242-\U0001d244"
    r"\U0001e000-\U0001e006\U0001e008-\U0001e018\U0001e01b-\U0001e021\U0001e023-\U0001e024"
    r"\U0001e026-\U0001e02a\U0001e130-\U0001e136\U0001e2ae\U0001e2ec-\U0001e2ef"
    r"\U0001e8d0-\U0001e8d6\U0001e944-\U0001e94a\U000e0001\U000e0020-\U000e007f"
    r"\U000e0100-\U000e01ef"
)

FOLD = r"""
CREATE FUNCTION complaints_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(
    lower(regexp_replace(normalize(words, NFKD), E'[@DROPPED@]', '', 'g')),
    E'\u03c2\t\n\u000b\f\r\u001c\u001d\u001e\u001f\u0085\u1680\u2028\u2029',
    E'\u03c3             ')
$$;
CREATE FUNCTION complaints_grams(plain text, mark text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  WITH characters AS (
    SELECT one, lead(one) OVER (ORDER BY place) AS following
    FROM unnest(string_to_array(plain, NULL)) WITH ORDINALITY AS cut(one, place)
  )
  SELECT coalesce(array_agg(DISTINCT mark || gram), '{}') FROM (
    SELECT one AS gram FROM characters WHERE one NOT IN (' ', E'\n')
    UNION ALL
    SELECT one || following FROM characters
    WHERE one NOT IN (' ', E'\n') AND following NOT IN (' ', E'\n')
  ) AS grams
$$;
-- What a text must have all of to hold a word: its pairs, or its characters where it has none.
CREATE FUNCTION complaints_needles(word text, mark text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  WITH grams AS (
    SELECT unnest(complaints_grams(complaints_fold(word), mark)) AS gram
  ), pairs AS (
    SELECT gram FROM grams WHERE length(gram) = length(mark) + 2
  )
  SELECT coalesce((SELECT array_agg(gram) FROM pairs), (SELECT array_agg(gram) FROM grams), '{}')
$$;
""".replace("@DROPPED@", DROPPED)

# Each word is looked up in the index and nowhere else: reading the arrays of all rows would take
# seconds, which the planner does not know. Only what the index gave is read and checked.
FIND = r"""
CREATE FUNCTION complaints_search_ids(words text[], tokens text[], titled boolean)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 200
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
DECLARE
  mark text := CASE WHEN titled THEN '^^' ELSE '' END;
  place text := CASE WHEN titled THEN 'subject' ELSE 'body' END;
  parts text[] := '{}';
  plain text;
  part text;
BEGIN
  FOR at IN 1 .. cardinality(words) LOOP
    plain := complaints_fold(words[at]);
    part := format('SELECT case_id FROM complaints_casesearch WHERE grams @> %L::text[]',
                   complaints_needles(words[at], mark));
    IF length(plain) > 2 THEN
      part := part || format(' AND %I LIKE %L', place,
        '%' || replace(replace(replace(plain, '\', '\\'), '%', '\%'), '_', '\_') || '%');
    END IF;
    IF cardinality(tokens) > 0 THEN
      part := part || format(
        ' UNION ALL SELECT case_id FROM complaints_casesearch WHERE grams @> %L::text[]',
        ARRAY[tokens[at]]);
    END IF;
    parts := parts || ('(' || part || ')');
  END LOOP;
  RETURN QUERY EXECUTE array_to_string(parts, ' INTERSECT ');
END $$;
"""

KEEP = """
CREATE FUNCTION complaints_search_refresh(wanted bigint[]) RETURNS void
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
      concat_ws(E'\n', complaints_fold(c.reference), complaints_fold(c.title), complaints_fold(c.description),
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

CREATE FUNCTION complaints_search_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM complaints_search_refresh(ARRAY(SELECT id FROM fresh));
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_fresh AFTER INSERT ON complaints_case
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
  EXECUTE FUNCTION complaints_search_fresh();

CREATE FUNCTION complaints_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM complaints_search_refresh(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_changed AFTER UPDATE OF title, description, wished_detail,
    product_text, order_number, serial_number, external_ref, respondent, product_id, batch_id,
    consumer_id ON complaints_case
  FOR EACH ROW WHEN (
    (OLD.title, OLD.description, OLD.wished_detail, OLD.product_text, OLD.order_number,
     OLD.serial_number, OLD.external_ref, OLD.respondent, OLD.product_id, OLD.batch_id,
     OLD.consumer_id)
    IS DISTINCT FROM
    (NEW.title, NEW.description, NEW.wished_detail, NEW.product_text, NEW.order_number,
     NEW.serial_number, NEW.external_ref, NEW.respondent, NEW.product_id, NEW.batch_id,
     NEW.consumer_id))
  EXECUTE FUNCTION complaints_search_changed();

CREATE FUNCTION complaints_search_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  words text := complaints_fold(NEW.body);
BEGIN
  UPDATE complaints_casesearch
  SET body = body || E'\n' || words,
      grams = ARRAY(SELECT unnest(grams) UNION SELECT unnest(complaints_grams(words, '')))
  WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_said AFTER INSERT ON complaints_message
  FOR EACH ROW EXECUTE FUNCTION complaints_search_said();

CREATE FUNCTION complaints_search_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM complaints_search_refresh(ARRAY[coalesce(NEW.case_id, OLD.case_id)]);
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_resaid AFTER UPDATE OF body OR DELETE ON complaints_message
  FOR EACH ROW EXECUTE FUNCTION complaints_search_of_case();
CREATE TRIGGER complaints_search_group AFTER INSERT OR DELETE ON complaints_groupmember
  FOR EACH ROW EXECUTE FUNCTION complaints_search_of_case();

CREATE FUNCTION complaints_search_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM complaints_search_refresh(ARRAY(
    SELECT id FROM complaints_case WHERE consumer_id = NEW.id
    UNION SELECT case_id FROM complaints_groupmember WHERE consumer_id = NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_named AFTER UPDATE OF name_index ON complaints_consumer
  FOR EACH ROW WHEN (OLD.name_index IS DISTINCT FROM NEW.name_index)
  EXECUTE FUNCTION complaints_search_named();

CREATE FUNCTION complaints_search_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM complaints_search_refresh(
    ARRAY(SELECT id FROM complaints_case WHERE product_id = NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_product AFTER UPDATE OF name, model ON complaints_product
  FOR EACH ROW WHEN ((OLD.name, OLD.model) IS DISTINCT FROM (NEW.name, NEW.model))
  EXECUTE FUNCTION complaints_search_product();

CREATE FUNCTION complaints_search_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM complaints_search_refresh(ARRAY(SELECT id FROM complaints_case WHERE batch_id = NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER complaints_search_batch AFTER UPDATE OF code ON complaints_batch
  FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code)
  EXECUTE FUNCTION complaints_search_batch();
"""

FORGET = """
DROP TRIGGER complaints_search_fresh ON complaints_case;
DROP TRIGGER complaints_search_changed ON complaints_case;
DROP TRIGGER complaints_search_said ON complaints_message;
DROP TRIGGER complaints_search_resaid ON complaints_message;
DROP TRIGGER complaints_search_group ON complaints_groupmember;
DROP TRIGGER complaints_search_named ON complaints_consumer;
DROP TRIGGER complaints_search_product ON complaints_product;
DROP TRIGGER complaints_search_batch ON complaints_batch;
DROP FUNCTION complaints_search_fresh, complaints_search_changed, complaints_search_said,
  complaints_search_of_case, complaints_search_named, complaints_search_product,
  complaints_search_batch, complaints_search_refresh, complaints_needles, complaints_grams,
  complaints_fold;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0070_queue_order")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="complaints_case_search"),
        migrations.RemoveField(model_name="case", name="search"),
        migrations.RemoveField(model_name="case", name="search_terms"),
        migrations.AddField(
            model_name="consumer",
            name="name_index",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=17),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="CaseSearch",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_row",
                        serialize=False,
                        to="complaints.case",
                    ),
                ),
                ("subject", models.TextField()),
                ("body", models.TextField()),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["grams"],
                        gin_pending_list_limit=512,
                        name="complaints_search_grams",
                    )
                ],
            },
        ),
        migrations.RunSQL(FOLD, migrations.RunSQL.noop),
        migrations.RunSQL(FIND, "DROP FUNCTION complaints_search_ids"),
        migrations.RunSQL(KEEP, FORGET),
    ]
