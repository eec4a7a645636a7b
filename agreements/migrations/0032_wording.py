"""The texts of agreements as versions, and a library of clauses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0052_surveys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
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
                            ("settlement", "和解协议"),
                            ("mediation", "调解协议"),
                            ("replacement", "更换或修理"),
                            ("instalments", "分期支付"),
                            ("business", "企业客户"),
                        ],
                        max_length=12,
                        verbose_name="用途",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="语言")),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("body", models.TextField(verbose_name="正文")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="改了什么")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "saved_by",
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
                "verbose_name": "协议文本",
                "verbose_name_plural": "协议文本",
            },
        ),
        migrations.AddField(
            model_name="agreement",
            name="wording",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.wording",
            ),
        ),
        migrations.CreateModel(
            name="LibraryClause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="代码")),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("title_zh", models.CharField(max_length=60, verbose_name="中文标题")),
                ("text_zh", models.TextField(max_length=2000, verbose_name="中文内容")),
                ("title_en", models.CharField(max_length=100, verbose_name="英文标题")),
                ("text_en", models.TextField(max_length=4000, verbose_name="英文内容")),
                ("retired", models.BooleanField(default=False, verbose_name="停用")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "saved_by",
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
                "verbose_name": "条款",
                "verbose_name_plural": "条款库",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "number"), name="agreements_clause_numbers"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(
                fields=("kind", "language", "number"), name="agreements_wording_numbers"
            ),
        ),
    ]
