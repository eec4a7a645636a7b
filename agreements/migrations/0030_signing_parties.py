"""Representatives, signatures on paper, when a text was opened and why it was changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0051_late_charges_stay"),
        ("complaints", "0090_consult_clock"),
        ("documents", "0006_seals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="change_reason",
            field=models.TextField(blank=True, verbose_name="为什么改了上一版"),
        ),
        migrations.AddField(
            model_name="signer",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="第一次打开的时间"),
        ),
        migrations.AlterField(
            model_name="signer",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("typed_code", "输入姓名并核对校验码"),
                    ("drawn_code", "手写签名并核对校验码"),
                    ("account", "登录账号签署"),
                    ("account_app", "登录账号，并核对验证器的动态码"),
                    ("account_code", "登录账号，并核对密码和校验码"),
                    ("standing", "按预先的批准，由系统签署"),
                    ("link", "通过专用链接签署"),
                    ("paper", "纸质签署"),
                ],
                max_length=12,
                verbose_name="签署方式",
            ),
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "particulars_sealed",
                    models.BinaryField(default=bytes, verbose_name="代理人信息（已加密）"),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("sign", "签署本案的协议"),
                            ("sign_receive", "签署本案的协议，并代收款项和商品"),
                        ],
                        max_length=12,
                        verbose_name="授权范围",
                    ),
                ),
                ("valid_until", models.DateField(verbose_name="授权到哪天")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "等待核对"),
                            ("accepted", "已接受"),
                            ("rejected", "没有接受"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("handed_in_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核对时间"),
                ),
                ("reason", models.TextField(blank=True, verbose_name="不接受的原因")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="representatives",
                        to="complaints.case",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "代理人",
                "verbose_name_plural": "代理人",
            },
        ),
        migrations.AddField(
            model_name="signer",
            name="representative",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="agreements.representative",
            ),
        ),
        migrations.CreateModel(
            name="PaperCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_sha256", models.CharField(max_length=64)),
                ("signed_on", models.DateField(verbose_name="签名日期")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "等待核对"),
                            ("accepted", "已接受"),
                            ("rejected", "没有接受"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("handed_in_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核对时间"),
                ),
                ("reason", models.TextField(blank=True, verbose_name="不接受的原因")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_copies",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "纸质签署",
                "verbose_name_plural": "纸质签署",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("agreement",),
                        name="agreements_one_paper_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", True), ("status", "waiting")),
                            models.Q(
                                models.Q(("status", "waiting"), _negated=True),
                                ("checked_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="agreements_paper_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "rejected"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="agreements_paper_rejected_why",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at__isnull", True), ("status", "waiting")),
                    models.Q(
                        models.Q(("status", "waiting"), _negated=True),
                        ("checked_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agreements_representative_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "rejected"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="agreements_representative_rejected_why",
            ),
        ),
    ]
