"""Where evidence came from and when it was looked after; its ledger of custody; picture marks."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0043_lost_tries"),
        ("documents", "0004_file_scans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustodyEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "收到"),
                            ("scanned", "安全扫描没有发现问题"),
                            ("quarantined", "发现有害内容，已隔离"),
                            ("released", "解除隔离"),
                            ("viewed", "查看副本"),
                            ("copy_taken", "下载副本"),
                            ("original_taken", "下载原件"),
                            ("verified", "核对指纹，和收到时一致"),
                            ("mismatch", "核对指纹，和收到时不一致"),
                        ],
                        max_length=16,
                        verbose_name="事项",
                    ),
                ),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("staff", "员工"),
                            ("consumer", "消费者"),
                            ("mediator", "调解员"),
                            ("system", "系统"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("web_form", "网页表单"),
                            ("phone", "电话"),
                            ("email", "邮件"),
                            ("online_chat", "在线客服"),
                            ("in_store", "门店"),
                            ("hotline_24h", "24 小时热线"),
                            ("ecommerce_platform", "电商平台"),
                            ("social_media", "社交媒体"),
                            ("consumer_forum", "投诉平台"),
                            ("consumer_association", "消费者协会"),
                            ("regulator_12315", "12315 平台"),
                            ("api", "系统接口"),
                            ("import", "批量导入"),
                        ],
                        max_length=24,
                        verbose_name="渠道",
                    ),
                ),
                ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="结果")),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("handling", "处理这个案件"),
                            ("testing", "送检或鉴定"),
                            ("authority", "监管部门、法院或仲裁要求"),
                            ("consumer", "消费者本人要求"),
                            ("other", "其他，请写明"),
                        ],
                        max_length=12,
                        verbose_name="用途",
                    ),
                ),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                ("previous_hash", models.CharField(default="", editable=False, max_length=64)),
                ("hash", models.CharField(default="", editable=False, max_length=64)),
            ],
            options={
                "verbose_name": "保管记录",
                "verbose_name_plural": "保管记录",
            },
        ),
        migrations.CreateModel(
            name="PictureMark",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="documents.storedfile",
                    ),
                ),
                ("rows", models.BigIntegerField(null=True)),
                ("columns", models.BigIntegerField(null=True)),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "图像特征",
                "verbose_name_plural": "图像特征",
            },
        ),
        migrations.AddField(
            model_name="evidence",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[
                    ("web_form", "网页表单"),
                    ("phone", "电话"),
                    ("email", "邮件"),
                    ("online_chat", "在线客服"),
                    ("in_store", "门店"),
                    ("hotline_24h", "24 小时热线"),
                    ("ecommerce_platform", "电商平台"),
                    ("social_media", "社交媒体"),
                    ("consumer_forum", "投诉平台"),
                    ("consumer_association", "消费者协会"),
                    ("regulator_12315", "12315 平台"),
                    ("api", "系统接口"),
                    ("import", "批量导入"),
                ],
                max_length=24,
                verbose_name="渠道",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="prepared_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("case__isnull", False), ("prepared_at__isnull", True)),
                fields=["id"],
                name="complaints_evidence_new",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                models.OrderBy(models.F("verified_at"), nulls_first=True),
                models.F("id"),
                name="complaints_evidence_verified",
            ),
        ),
        migrations.AddField(
            model_name="custodyentry",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="custodyentry",
            name="evidence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="custody",
                to="complaints.evidence",
            ),
        ),
        migrations.AddIndex(
            model_name="picturemark",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["bands"], name="complaints_picture_bands"
            ),
        ),
        migrations.AddConstraint(
            model_name="custodyentry",
            constraint=models.UniqueConstraint(
                fields=("evidence", "sequence"), name="complaints_custody_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="custodyentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("actor__isnull", False), ("actor_kind", "staff")),
                    models.Q(
                        models.Q(("actor_kind", "staff"), _negated=True), ("actor__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="complaints_custody_staff_has_actor",
            ),
        ),
    ]
