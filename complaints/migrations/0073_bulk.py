"""Work on many cases at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0072_search_fill"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assign", "转交"),
                            ("tag", "加标签"),
                            ("untag", "去掉标签"),
                            ("severity", "定严重程度"),
                            ("merge", "作为重复并案"),
                            ("undo", "撤销批量操作"),
                        ],
                        max_length=10,
                        verbose_name="操作",
                    ),
                ),
                ("params", models.JSONField(default=dict)),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("language", models.CharField(max_length=10)),
                ("nonce", models.CharField(max_length=64, unique=True)),
                ("total", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_jobs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undo_of",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="complaints.bulkjob",
                    ),
                ),
            ],
            options={
                "verbose_name": "批量操作",
                "verbose_name_plural": "批量操作",
            },
        ),
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen", models.PositiveIntegerField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("pending", "等待中"),
                            ("done", "已完成"),
                            ("unchanged", "本来就是这样"),
                            ("refused", "不能做"),
                            ("changed", "期间有变化，没有动"),
                            ("failed", "出了意外，没有动"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("before", models.JSONField(default=dict)),
                ("after", models.PositiveIntegerField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.case",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="complaints.bulkjob",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="bulkjob",
            index=models.Index(fields=["actor", "-id"], name="complaints_bulk_of_actor"),
        ),
        migrations.AddIndex(
            model_name="bulkjob",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)),
                fields=["id"],
                name="complaints_bulk_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undo"), ("undo_of__isnull", False)),
                    models.Q(models.Q(("kind", "undo"), _negated=True), ("undo_of__isnull", True)),
                    _connector="OR",
                ),
                name="complaints_bulk_undo_names_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkjob",
            constraint=models.CheckConstraint(
                condition=models.Q(("undo_of", models.F("id")), _negated=True),
                name="complaints_bulk_undoes_another",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkitem",
            index=models.Index(
                condition=models.Q(("result", "pending")),
                fields=["job", "id"],
                name="complaints_bulk_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(
                fields=("job", "case"), name="complaints_bulk_case_once"
            ),
        ),
    ]
