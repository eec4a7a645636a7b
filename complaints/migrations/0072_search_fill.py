"""Index the cases that were there before the index.

In small transactions, so that nobody waits long for a row; broken off, it goes on where it was.
"""

from django.db import migrations, transaction

BATCH = 500


def index_what_is_there(apps, schema_editor):
    """Digest the names that are there, which indexes their cases; then index the other cases."""
    _digest_names(apps.get_model("complaints", "Consumer"), schema_editor.connection)
    _index_the_rest(apps, schema_editor.connection)


def _digest_names(consumer_model, connection):
    from complaints import sealing
    from complaints.search_terms import name_tokens

    last = 0
    while True:
        with transaction.atomic(using=connection.alias):
            rows = consumer_model.objects.using(connection.alias).select_for_update()
            batch = list(rows.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not batch:
                return
            changed = []
            for consumer in batch:
                contact = sealing.unseal(consumer.key_sealed, consumer.contact_sealed) or {}
                tokens = name_tokens(contact.get("name", ""))
                if consumer.name_index != tokens:
                    consumer.name_index = tokens
                    changed.append(consumer)
            consumer_model.objects.bulk_update(changed, ["name_index"])
        last = batch[-1].pk


def _index_the_rest(apps, connection):
    indexed = apps.get_model("complaints", "CaseSearch").objects.values("case_id")
    cases = apps.get_model("complaints", "Case").objects.using(connection.alias)
    missing = list(cases.exclude(pk__in=indexed).order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for first in range(0, len(missing), BATCH):
            cursor.execute("SELECT complaints_search_refresh(%s)", [missing[first : first + BATCH]])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0071_search")]

    operations = [migrations.RunPython(index_what_is_there, migrations.RunPython.noop)]
