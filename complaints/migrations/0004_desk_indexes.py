"""Partial indexes for the desk's views: urgent, to be signed, unanswered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_reference_data")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("next_due_at"), nulls_last=True),
                models.F("id"),
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "accepted",
                            "agreed",
                            "breached",
                            "external",
                            "following_up",
                            "fulfilling",
                            "investigating",
                            "liability_determined",
                            "mediating",
                            "negotiating",
                            "received",
                            "under_review",
                        ],
                    ),
                    ("urgency", "emergency"),
                ),
                name="complaints_open_urgent",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("next_due_at"), nulls_last=True),
                models.F("id"),
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "accepted",
                            "agreed",
                            "breached",
                            "external",
                            "following_up",
                            "fulfilling",
                            "investigating",
                            "liability_determined",
                            "mediating",
                            "negotiating",
                            "received",
                            "under_review",
                        ],
                    ),
                    ("next_due_kind", "signature"),
                ),
                name="complaints_open_signing",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("next_due_at"), nulls_last=True),
                models.F("id"),
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "accepted",
                            "agreed",
                            "breached",
                            "external",
                            "following_up",
                            "fulfilling",
                            "investigating",
                            "liability_determined",
                            "mediating",
                            "negotiating",
                            "received",
                            "under_review",
                        ],
                    ),
                    ("consumer_wrote_at__isnull", False),
                    models.Q(
                        ("staff_wrote_at__isnull", True),
                        ("consumer_wrote_at__gt", models.F("staff_wrote_at")),
                        _connector="OR",
                    ),
                ),
                name="complaints_open_unanswered",
            ),
        ),
    ]
