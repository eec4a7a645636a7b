"""Requests about personal data, and an index for the list of pauses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0007_clock_presets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
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
                            ("copy", "查阅、复制"),
                            ("correction", "更正、补充"),
                            ("erasure", "删除"),
                        ],
                        max_length=10,
                        verbose_name="请求",
                    ),
                ),
                ("asked_sealed", models.BinaryField(blank=True, verbose_name="请求内容（已加密）")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "同意"),
                            ("partly", "部分同意"),
                            ("refused", "不能同意"),
                        ],
                        max_length=8,
                        verbose_name="答复",
                    ),
                ),
                (
                    "answer_sealed",
                    models.BinaryField(blank=True, verbose_name="答复内容（已加密）"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
            ],
            options={
                "verbose_name": "个人信息请求",
                "verbose_name_plural": "个人信息请求",
            },
        ),
        migrations.AddIndex(
            model_name="clockentry",
            index=models.Index(
                condition=models.Q(("cause", "paused")), fields=["id"], name="complaints_pauses"
            ),
        ),
        migrations.AddField(
            model_name="datarequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="答复人",
            ),
        ),
        migrations.AddField(
            model_name="datarequest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="data_requests",
                to="complaints.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", True)),
                fields=("case",),
                name="complaints_one_open_data_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                        ("outcome", ""),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="complaints_data_request_answered",
            ),
        ),
    ]
