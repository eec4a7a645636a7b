"""Finds a complaint of the same order however its number was written; see selectors/hurdles.py."""

from django.db import migrations

INDEX = """
CREATE INDEX compensation_order_key ON complaints_case
  ((regexp_replace(lower(normalize(order_number, NFKC)), '[^a-z0-9]+', '', 'g')))
  WHERE order_number <> '';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compensation", "0081_statistic_guards"),
        ("complaints", "0115_device_marks"),
    ]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX compensation_order_key")]
