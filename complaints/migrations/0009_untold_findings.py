"""An index for findings whose consumer was not told yet; joins two migrations made side by side."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_data_requests"),
        ("complaints", "0008_dead_letters"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("kind", "finding_notice"), ("state", "running")),
                fields=["case"],
                name="complaints_untold_findings",
            ),
        ),
    ]
