"""Investigation reports; what was written and printed never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE TRIGGER liability_reports_kept BEFORE UPDATE OR DELETE ON liability_investigationreport
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE TRIGGER liability_copies_kept BEFORE UPDATE OR DELETE ON liability_reportcopy
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
"""
UNDO = """
DROP TRIGGER liability_copies_kept ON liability_reportcopy;
DROP TRIGGER liability_reports_kept ON liability_investigationreport;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0082_import_and_export"),
        ("documents", "0005_investigation_report"),
        ("liability", "0011_approval_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InvestigationReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("content", models.JSONField(verbose_name="内容")),
                ("written_at", models.DateTimeField(verbose_name="撰写时间")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigation_reports",
                        to="complaints.case",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigation_reports",
                        to="liability.liabilityfinding",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撰写人",
                    ),
                ),
            ],
            options={
                "verbose_name": "调查报告",
                "verbose_name_plural": "调查报告",
            },
        ),
        migrations.CreateModel(
            name="ReportCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("file", "存档版"), ("consumer", "消费者版")],
                        max_length=10,
                        verbose_name="版本",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="语言")),
                ("content_sha256", models.CharField(max_length=64, verbose_name="内容指纹")),
                ("template_version", models.CharField(max_length=64, verbose_name="模板版本")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="liability.investigationreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "调查报告的 PDF",
                "verbose_name_plural": "调查报告的 PDF",
            },
        ),
        migrations.AddConstraint(
            model_name="investigationreport",
            constraint=models.UniqueConstraint(
                fields=("case", "version"), name="liability_one_report_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportcopy",
            constraint=models.UniqueConstraint(
                fields=("report", "audience", "language"), name="liability_one_copy_a_reader"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_sha256__regex", "^[0-9a-f]{64}$")),
                name="liability_copy_hash_is_hex",
            ),
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
