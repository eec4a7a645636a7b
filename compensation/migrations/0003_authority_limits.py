"""The first authority limits: an agent up to 1,000 yuan, approvers and managers any amount."""

from decimal import Decimal

from django.db import migrations

LIMITS = [("agent", Decimal("1000.00")), ("approver", None), ("manager", None)]


def fill(apps, schema_editor):
    limit = apps.get_model("compensation", "AuthorityLimit")
    limit.objects.bulk_create(
        limit(role=role, currency="CNY", amount=amount) for role, amount in LIMITS
    )


def empty(apps, schema_editor):
    apps.get_model("compensation", "AuthorityLimit").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("compensation", "0002_guards")]

    operations = [migrations.RunPython(fill, empty)]
