"""Breaches and lapses were frozen since: an erasure empties their words, too."""

from django.db import migrations

OPEN = "\n".join(
    f"SELECT reviews_open_guards('agreements_{table}');"
    for table in ("agreement", "breach", "consumerlapse")
)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0080_signed_by_all"),
        ("reviews", "0012_erasure_guards"),
    ]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
