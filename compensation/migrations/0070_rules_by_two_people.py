"""Two people publish a rule. What one person published before stays as it is."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("compensation", "0065_common_remedies")]

    operations = [
        migrations.AddField(
            model_name="legalruleversion",
            name="preview",
            field=models.JSONField(blank=True, null=True, verbose_name="发布前的试算"),
        ),
        AddConstraintNotValid(
            model_name="legalruleversion",
            constraint=models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(created_by=None)
                | (Q(published_by__isnull=False) & ~Q(published_by=F("created_by"))),
                name="compensation_rule_two_people",
            ),
        ),
    ]
