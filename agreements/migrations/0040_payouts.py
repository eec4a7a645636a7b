from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agreements.models.payouts

NUMBER_SQL = """
CREATE SEQUENCE agreements_batch_number;
CREATE FUNCTION agreements_next_batch_number() RETURNS varchar LANGUAGE sql VOLATILE AS $$
  SELECT 'PB-' || to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYY') || '-'
         || lpad(nextval('agreements_batch_number')::text, 6, '0')
$$;
"""
NO_NUMBER_SQL = """
DROP FUNCTION agreements_next_batch_number();
DROP SEQUENCE agreements_batch_number;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0031_signing_guards"),
        ("documents", "0006_seals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(NUMBER_SQL, NO_NUMBER_SQL),
        migrations.CreateModel(
            name="PayeeAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.BinaryField(default=bytes, verbose_name="收款账户（已加密）")),
                ("masked", models.CharField(max_length=60, verbose_name="收款账户")),
                ("as_signed", models.BooleanField(default=False, verbose_name="和协议一致")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更改的原因")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "等另一位同事核对"),
                            ("current", "使用中"),
                            ("replaced", "已更换"),
                            ("refused", "核对没有通过"),
                        ],
                        default="asked",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核对时间"),
                ),
            ],
            options={
                "verbose_name": "收款账户",
                "verbose_name_plural": "收款账户",
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=35, unique=True, verbose_name="客户流水号")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待放行"),
                            ("sent", "已放行，等银行结果"),
                            ("paid", "已付出"),
                            ("failed", "没有付成"),
                            ("returned", "被退回"),
                            ("removed", "已移出"),
                        ],
                        default="planned",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "paid",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="实付"
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="结果时间"),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=80, verbose_name="银行流水号"),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="发送次数")),
            ],
            options={
                "verbose_name": "批次付款",
                "verbose_name_plural": "批次付款",
            },
        ),
        migrations.CreateModel(
            name="PayoutBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        db_default=agreements.models.payouts.NextBatchNumber(),
                        editable=False,
                        max_length=20,
                        unique=True,
                        verbose_name="批次",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("file", "银行文件"), ("provider", "支付服务商")],
                        default="file",
                        max_length=8,
                        verbose_name="付款渠道",
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="币种")),
                ("execute_on", models.DateField(verbose_name="付款日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "待放行"),
                            ("released", "已放行"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("payer", models.JSONField(blank=True, default=dict, verbose_name="付款账户")),
                ("made_at", models.DateTimeField(verbose_name="制单时间")),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="放行时间"),
                ),
                ("count", models.PositiveIntegerField(default=0, verbose_name="笔数")),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="合计"
                    ),
                ),
                ("pain_sha256", models.CharField(blank=True, max_length=64)),
                ("table_sha256", models.CharField(blank=True, max_length=64)),
                ("downloads", models.PositiveSmallIntegerField(default=0, verbose_name="下载次数")),
            ],
            options={
                "verbose_name": "付款批次",
                "verbose_name_plural": "付款批次",
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("camt", "ISO 20022 camt.053")],
                        max_length=4,
                        verbose_name="格式",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="对账单号")),
                ("first_day", models.DateField(verbose_name="从")),
                ("last_day", models.DateField(verbose_name="到")),
                ("imported_at", models.DateTimeField(verbose_name="导入时间")),
            ],
            options={
                "verbose_name": "对账单",
                "verbose_name_plural": "对账单",
            },
        ),
        migrations.CreateModel(
            name="StatementEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="币种")),
                ("outgoing", models.BooleanField(verbose_name="付出")),
                ("booked_on", models.DateField(verbose_name="记账日期")),
                ("key", models.CharField(blank=True, max_length=80, verbose_name="客户流水号")),
                (
                    "bank_ref",
                    models.CharField(blank=True, max_length=80, verbose_name="银行流水号"),
                ),
                ("counterpart_sealed", models.BinaryField(default=bytes)),
                ("reason", models.CharField(blank=True, max_length=140, verbose_name="摘要")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("matched", "已对上"),
                            ("returned", "退回"),
                            ("partial", "少付"),
                            ("wrong_amount", "金额不符"),
                            ("duplicate", "重复"),
                            ("unmatched", "没有对上"),
                        ],
                        max_length=12,
                        verbose_name="结果",
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=20)),
                (
                    "handled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                (
                    "handled_note",
                    models.CharField(blank=True, max_length=200, verbose_name="处理结果"),
                ),
            ],
            options={
                "verbose_name": "对账明细",
                "verbose_name_plural": "对账明细",
            },
        ),
        migrations.AddField(
            model_name="obligation",
            name="dispute_sealed",
            field=models.BinaryField(default=bytes, verbose_name="消费者的异议（已加密）"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="freight",
            field=models.CharField(
                blank=True,
                choices=[("company", "公司"), ("consumer", "消费者")],
                max_length=10,
                verbose_name="运费由谁付",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="pickup",
            field=models.CharField(
                blank=True,
                choices=[("pickup", "我们上门取件"), ("ship", "你寄回来"), ("shop", "送到门店")],
                max_length=12,
                verbose_name="怎样交还",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="proof_wanted",
            field=models.CharField(blank=True, max_length=120, verbose_name="凭证"),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "付款"),
                    ("replacement", "换货"),
                    ("repair", "维修"),
                    ("return_of_goods", "退回商品"),
                    ("voucher", "代金券"),
                    ("points", "积分"),
                    ("donation", "捐赠"),
                    ("visit", "上门服务"),
                    ("apology", "道歉"),
                    ("other", "其他"),
                ],
                max_length=16,
                verbose_name="种类",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="proof",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.storedfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pickup", ""), ("freight", "")),
                    ("kind", "return_of_goods"),
                    _connector="OR",
                ),
                name="agreements_handover_of_goods",
            ),
        ),
        migrations.AddField(
            model_name="payeeaccount",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payees",
                to="agreements.agreement",
            ),
        ),
        migrations.AddField(
            model_name="payeeaccount",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payeeaccount",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payout",
            name="obligation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payouts",
                to="agreements.obligation",
            ),
        ),
        migrations.AddField(
            model_name="payout",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payouts",
                to="agreements.payeeaccount",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="payout",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment",
                to="agreements.payout",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proof__isnull", False), ("payout__isnull", False), _connector="OR"
                ),
                name="agreements_payment_is_proved",
            ),
        ),
        migrations.AddField(
            model_name="payoutbatch",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payoutbatch",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payoutbatch",
            name="released_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payout",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payouts",
                to="agreements.payoutbatch",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="imported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statemententry",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statemententry",
            name="payout",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="agreements.payout",
            ),
        ),
        migrations.AddField(
            model_name="statemententry",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="agreements.statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "current")),
                fields=("agreement",),
                name="agreements_one_current_payee",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("agreement",),
                name="agreements_one_asked_payee",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="agreements_payee_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["current", "replaced"]), _negated=True),
                    ("as_signed", True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="agreements_other_payee_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("as_signed", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="agreements_other_payee_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by__isnull", True),
                    models.Q(
                        models.Q(("released_by", models.F("made_by")), _negated=True),
                        models.Q(("released_by", models.F("changed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="agreements_batch_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    models.Q(
                        ("count__gt", 0),
                        ("released_at__isnull", False),
                        ("released_by__isnull", False),
                        ("total__gt", 0),
                        models.Q(("pain_sha256", ""), _negated=True),
                        models.Q(("table_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="agreements_released_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["planned", "sent"])),
                fields=("obligation",),
                name="agreements_one_live_payout",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="agreements_payout_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["paid", "returned"]), _negated=True),
                    models.Q(
                        ("paid__gt", 0),
                        ("paid__lte", models.F("amount")),
                        ("settled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agreements_paid_payout_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["failed", "returned"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="agreements_failed_payout_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="statemententry",
            index=models.Index(
                condition=models.Q(("bank_ref", ""), _negated=True),
                fields=["bank_ref"],
                name="agreements_entry_bank_ref",
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.UniqueConstraint(
                fields=("statement", "position"), name="agreements_entry_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "matched")),
                fields=("payout",),
                name="agreements_matched_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ["matched", "returned"]), _negated=True),
                    ("payout__isnull", False),
                    _connector="OR",
                ),
                name="agreements_matched_has_payout",
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handled_at__isnull", True),
                    models.Q(
                        ("handled_by__isnull", False), models.Q(("handled_note", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="agreements_handled_has_note",
            ),
        ),
    ]
