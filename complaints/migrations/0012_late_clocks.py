"""A clock that was late when it was rested keeps the moment that it missed."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

CONSUMERS_TURN = ["offer_reply", "signature", "pause_end"]


def remember(apps, schema_editor):
    """Take the missed moments of clocks that rest, or were stopped at rest, from their breaches."""
    timers = apps.get_model("complaints", "Timer").objects
    missed = timers.filter(
        clock=OuterRef("pk"), rung="breach", status__in=["fired", "armed", "quarantined"]
    ).order_by("due_at")
    clocks = apps.get_model("complaints", "Clock").objects
    resting = clocks.filter(due_at=None).exclude(kind__in=CONSUMERS_TURN)
    resting.update(late_at=Subquery(missed.values("due_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_more_data_requests")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="late_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="错过的期限"),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
