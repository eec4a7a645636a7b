"""One more kind of document: the investigation report."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_file_scans")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("agreement", "赔偿和解协议"),
                    ("finding_letter", "责任认定书"),
                    ("review_decision", "复议决定书"),
                    ("intake_receipt", "受理回执"),
                    ("clock_certificate", "时限证书"),
                    ("investigation_report", "调查报告"),
                ],
                max_length=20,
                verbose_name="文书",
            ),
        ),
    ]
