"""Things that consumers got before things counted: now they count at their worth, as money does."""

from django.db import migrations

DONE = ("performed", "confirmed")


def count_worths(apps, schema_editor):
    """Write a basis of recourse for every duty in kind that is done and has none.

    Of several alike the first duty goes with the first line of the plan, as for new ones.
    """
    obligations = apps.get_model("agreements", "Obligation").objects
    bases = apps.get_model("liability", "RecourseBasis").objects
    done = obligations.filter(
        debtor="company", status__in=DONE, agreement__option__isnull=False
    ).exclude(kind="payment")
    for duty in done.select_related("agreement__option").order_by("pk").iterator(chunk_size=500):
        worth = _worth(obligations, duty)
        source = f"obligation:{duty.pk}:{duty.times_reopened}"
        if worth and worth > 0 and not bases.filter(source=source).exists():
            bases.create(
                case_id=duty.agreement.case_id,
                source=source,
                amount=worth,
                currency=duty.currency,
                paid_at=duty.performed_at,
                in_kind=True,
            )


def _worth(obligations, duty):
    alike = obligations.filter(
        agreement_id=duty.agreement_id,
        debtor=duty.debtor,
        kind=duty.kind,
        description=duty.description,
    ).order_by("position")
    place = list(alike.values_list("pk", flat=True)).index(duty.pk)
    lines = duty.agreement.option.lines.filter(is_cash=False, description=duty.description)
    worths = list(lines.order_by("position").values_list("amount", flat=True))
    return worths[place] if place < len(worths) else None


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0052_surveys"),
        ("compensation", "0065_common_remedies"),
        ("liability", "0050_entries_sent_once"),
    ]

    operations = [migrations.RunPython(count_worths, migrations.RunPython.noop)]
