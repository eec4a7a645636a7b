"""What a scanner said about each stored file, and when it is asked again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_clock_certificate"),
    ]

    operations = [
        migrations.AlterField(
            model_name="storedfile",
            name="scan_status",
            field=models.CharField(
                choices=[
                    ("not_scanned", "未扫描"),
                    ("clean", "没有发现问题"),
                    ("quarantined", "已隔离"),
                    ("released", "已解除隔离"),
                ],
                default="not_scanned",
                max_length=12,
                verbose_name="安全扫描",
            ),
        ),
        migrations.CreateModel(
            name="FileScan",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="scan",
                        serialize=False,
                        to="documents.storedfile",
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "problem",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="最近一次的问题"
                    ),
                ),
                (
                    "scanned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="扫描时间"),
                ),
                (
                    "engine",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="扫描程序"
                    ),
                ),
                (
                    "signature",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="发现的内容"
                    ),
                ),
            ],
            options={
                "verbose_name": "安全扫描",
                "verbose_name_plural": "安全扫描",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="documents_scan_due",
                    )
                ],
            },
        ),
    ]
