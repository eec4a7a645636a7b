"""When a calendar last changed, and when a timer was armed; unknown for those from before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0012_late_clocks")]

    operations = [
        migrations.AddField(
            model_name="businesscalendar",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="timer",
            name="armed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
