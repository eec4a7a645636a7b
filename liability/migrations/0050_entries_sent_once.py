"""A letter that is sent twice by a double click is one entry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("liability", "0040_incident_reminders_and_statements")]

    operations = [
        migrations.AddField(
            model_name="recourseentry",
            name="key",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
    ]
