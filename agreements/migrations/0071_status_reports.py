"""Reports of the bank on a batch, beside its statements."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0070_instalments_at_once")]

    operations = [
        migrations.AlterField(
            model_name="statement",
            name="format",
            field=models.CharField(
                choices=[
                    ("csv", "CSV"),
                    ("camt", "ISO 20022 camt.053"),
                    ("p002", "ISO 20022 pain.002"),
                ],
                max_length=4,
                verbose_name="格式",
            ),
        ),
        migrations.AlterField(
            model_name="statemententry",
            name="amount",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="金额"
            ),
        ),
        migrations.AlterField(
            model_name="statemententry",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("matched", "已对上"),
                    ("returned", "退回"),
                    ("partial", "少付"),
                    ("wrong_amount", "金额不符"),
                    ("duplicate", "重复"),
                    ("unmatched", "没有对上"),
                    ("rejected", "银行没有付"),
                    ("accepted", "银行已受理"),
                    ("pending", "银行处理中"),
                ],
                max_length=12,
                verbose_name="结果",
            ),
        ),
    ]
