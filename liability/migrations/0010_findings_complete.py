"""Findings with approval over limits, dissent, grounds by kind, and drafts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0082_import_and_export"),
        ("documents", "0004_file_scans"),
        ("liability", "0004_investigation_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "等待批准"),
                            ("returned", "已退回"),
                            ("issued", "已作出"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("content", models.JSONField(verbose_name="内容")),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="参与拟定的人"
                    ),
                ),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                ("over_limits", models.JSONField(default=list, verbose_name="要批准的原因")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="决定时间"),
                ),
                ("decision_note", models.TextField(blank=True, verbose_name="批语")),
            ],
            options={
                "verbose_name": "拟定中的认定",
                "verbose_name_plural": "拟定中的认定",
            },
        ),
        migrations.CreateModel(
            name="FindingLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("minor", "轻微"), ("moderate", "中等"), ("severe", "严重")],
                        help_text="留空表示不限",
                        max_length=10,
                        verbose_name="严重程度",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("liable", "我们承担责任"),
                            ("partly", "我们承担部分责任"),
                            ("not_liable", "我们不承担责任"),
                            ("undetermined", "责任无法查明"),
                        ],
                        help_text="留空表示不限",
                        max_length=12,
                        verbose_name="结论",
                    ),
                ),
                (
                    "amount_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="留空表示不论金额",
                        max_digits=14,
                        null=True,
                        verbose_name="预计金额超过",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "认定的审批限额",
                "verbose_name_plural": "认定的审批限额",
            },
        ),
        migrations.AddField(
            model_name="liabilityfinding",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="批准时间"),
        ),
        migrations.AddField(
            model_name="liabilityfinding",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approved_findings",
                to=settings.AUTH_USER_MODEL,
                verbose_name="批准人",
            ),
        ),
        migrations.AddField(
            model_name="liabilityfinding",
            name="approved_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="代谁批准",
            ),
        ),
        migrations.AddField(
            model_name="liabilityfinding",
            name="dissent",
            field=models.TextField(blank=True, verbose_name="不同意见"),
        ),
        migrations.AddField(
            model_name="liabilityfinding",
            name="dissenter",
            field=models.CharField(blank=True, max_length=80, verbose_name="持不同意见的人"),
        ),
        migrations.AddField(
            model_name="liabilityfinding",
            name="expected_amount",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="预计补偿金额"
            ),
        ),
        migrations.AddField(
            model_name="liabilityshare",
            name="ground_kind",
            field=models.CharField(
                choices=[
                    ("article", "法律条文"),
                    ("contract", "合同条款"),
                    ("batch", "批次记录"),
                    ("admission", "自认"),
                ],
                default="article",
                max_length=10,
                verbose_name="依据的种类",
            ),
        ),
        migrations.AlterField(
            model_name="liabilityfinding",
            name="reasons_internal",
            field=models.TextField(blank=True, verbose_name="完整理由"),
        ),
        migrations.AlterField(
            model_name="liabilityfinding",
            name="standard_of_proof",
            field=models.CharField(
                choices=[
                    ("preponderance", "高度可能"),
                    ("beyond_doubt", "排除合理怀疑"),
                    ("likely", "可能性较大"),
                ],
                default="preponderance",
                max_length=14,
                verbose_name="证明标准",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dissent", ""), ("dissenter", "")),
                    models.Q(("dissenter", ""), ("dissent", ""), _connector="OR", _negated=True),
                    _connector="OR",
                ),
                name="liability_dissent_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True),
                        ("approved_by__isnull", True),
                        ("approved_for__isnull", True),
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("decided_by")), _negated=True),
                        models.Q(
                            ("approved_for__isnull", True),
                            models.Q(("approved_for", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="liability_another_person_approves",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected_amount__isnull", True), ("expected_amount__gte", 0), _connector="OR"
                ),
                name="liability_expected_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="findingdraft",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="finding_drafts",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="findingdraft",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="批准人",
            ),
        ),
        migrations.AddField(
            model_name="findingdraft",
            name="decided_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findingdraft",
            name="finding",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="liability.liabilityfinding",
            ),
        ),
        migrations.AddField(
            model_name="findingdraft",
            name="saved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findingdraft",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="认定人",
            ),
        ),
        migrations.AddConstraint(
            model_name="findinglimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_over__isnull", True), ("amount_over__gte", 0), _connector="OR"
                ),
                name="liability_limit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingdraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "issued"), _negated=True),
                fields=("case",),
                name="liability_one_draft_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finding__isnull", False), ("status", "issued")),
                    models.Q(
                        models.Q(("status", "issued"), _negated=True), ("finding__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="liability_issued_draft_has_finding",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "submitted"), _negated=True),
                    models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="liability_submitted_by_somebody",
            ),
        ),
    ]
