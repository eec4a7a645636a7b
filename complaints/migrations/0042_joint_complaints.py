"""Several complainants of one case: representatives and consents."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0041_customer_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="代表"),
                ),
                (
                    "consented_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="同意和解的时间"),
                ),
                (
                    "consent_source",
                    models.CharField(blank=True, max_length=200, verbose_name="怎样表示的"),
                ),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group",
                        to="complaints.case",
                    ),
                ),
                (
                    "consumer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_membership",
                        to="complaints.consumer",
                    ),
                ),
            ],
            options={
                "verbose_name": "共同投诉人",
                "verbose_name_plural": "共同投诉人",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "place"), name="complaints_one_representative_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("place__isnull", True), ("place__in", [1, 2]), _connector="OR"
                        ),
                        name="complaints_two_representatives",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True), ("place__isnull", True), _connector="OR"
                        ),
                        name="complaints_who_left_represents_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent_source", ""), ("consented_at__isnull", True)),
                            models.Q(
                                ("consented_at__isnull", False),
                                models.Q(("consent_source", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_consent_has_source",
                    ),
                ],
            },
        ),
    ]
