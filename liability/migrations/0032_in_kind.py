"""A basis of recourse may be a thing, at its worth."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("liability", "0031_limit_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="recoursebasis",
            name="in_kind",
            field=models.BooleanField(default=False, verbose_name="实物"),
        ),
    ]
