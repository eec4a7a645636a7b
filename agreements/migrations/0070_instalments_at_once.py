"""Instalments that fall due together, and the shipped text that says from when on."""

from pathlib import Path

from django.db import migrations, models
from django.utils import timezone

import agreements.wording

KIND = "instalments"


def write(apps, _editor):
    """Write a new version of the shipped text where nobody has written one of the company's own."""
    wording = apps.get_model("agreements", "Wording")
    folder = Path(agreements.wording.__path__[0]) / "shipped"
    for language in ("zh-hans", "en"):
        found = wording.objects.filter(kind=KIND, language=language).order_by("-number").first()
        body = (folder / f"{KIND}.{language}.txt").read_text(encoding="utf-8")
        if found is None or found.saved_by_id is not None or found.body == body:
            continue
        wording.objects.create(
            kind=KIND,
            language=language,
            number=found.number + 1,
            title=found.title,
            body=body,
            saved_at=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0080_signed_by_all")]

    operations = [
        migrations.AddField(
            model_name="obligation",
            name="agreed_due_on",
            field=models.DateField(blank=True, null=True, verbose_name="提前到期以前约定的日期"),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
