"""Index the cases that were there before the index."""

from django.db import migrations

BATCH = 500


def index_what_is_there(apps, schema_editor):
    """Digest the names that are there, then index every case."""
    from complaints import sealing
    from complaints.search_terms import name_tokens

    consumer_model = apps.get_model("complaints", "Consumer")
    fresh = []
    for consumer in consumer_model.objects.order_by("pk").iterator(BATCH):
        contact = sealing.unseal(consumer.key_sealed, consumer.contact_sealed) or {}
        consumer.name_index = name_tokens(contact.get("name", ""))
        fresh.append(consumer)
        if len(fresh) == BATCH:
            consumer_model.objects.bulk_update(fresh, ["name_index"])
            fresh = []
    if fresh:
        consumer_model.objects.bulk_update(fresh, ["name_index"])
    cases = list(apps.get_model("complaints", "Case").objects.values_list("pk", flat=True))
    with schema_editor.connection.cursor() as cursor:
        for first in range(0, len(cases), BATCH):
            cursor.execute("SELECT complaints_search_refresh(%s)", [cases[first : first + BATCH]])


class Migration(migrations.Migration):
    dependencies = [("complaints", "0071_search")]

    operations = [migrations.RunPython(index_what_is_there, migrations.RunPython.noop)]
