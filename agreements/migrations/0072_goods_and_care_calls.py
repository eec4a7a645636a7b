"""Goods that come back, from the pick-up to the inspection; caring calls and their rules."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def write(apps, _editor):
    """Begin with one rule: after cases in which people were hurt, three weeks later."""
    apps.get_model("agreements", "CareCallRule").objects.create(
        name="有人受伤的案件", cause="hurt", after_days=21, changed_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0071_status_reports"),
        ("complaints", "0125_consumers_duty_clock"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareCallRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("hurt", "有人受伤、受惊或情况严重的案件"),
                            ("any", "所有结案的案件"),
                        ],
                        max_length=8,
                        verbose_name="哪些案件",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("QUALITY", "产品质量"),
                            ("SERVICE", "服务不满意"),
                            ("PRICE", "价格"),
                            ("CONTRACT", "合同条款"),
                            ("ADVERTISING", "虚假宣传"),
                            ("AFTER_SALE", "售后"),
                            ("PRIVACY", "个人信息"),
                            ("PREPAID", "预付消费"),
                            ("DELIVERY", "物流配送"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("after_days", models.PositiveSmallIntegerField(verbose_name="结案多少天以后")),
                ("is_active", models.BooleanField(default=True, verbose_name="使用中")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "changed_by",
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
                "verbose_name": "关怀电话规则",
                "verbose_name_plural": "关怀电话规则",
            },
        ),
        migrations.CreateModel(
            name="CareCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="哪天打")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待打"),
                            ("well", "都好"),
                            ("help", "需要帮助"),
                            ("no_more", "不用再打"),
                            ("unreached", "联系不上"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "words_sealed",
                    models.BinaryField(default=bytes, verbose_name="消费者说的（已加密）"),
                ),
                ("planned_at", models.DateTimeField(verbose_name="安排时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_call",
                        to="complaints.case",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="agreements.carecallrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "关怀电话",
                "verbose_name_plural": "关怀电话",
            },
        ),
        migrations.CreateModel(
            name="CareTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("no_answer", "没有接通"),
                            ("wrong", "号码不对"),
                            ("again", "接通了，约好再打"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "call_again_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="什么时候再打"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("tried_at", models.DateTimeField(verbose_name="尝试时间")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="agreements.carecall",
                    ),
                ),
                (
                    "tried_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "关怀电话未问成的记录",
                "verbose_name_plural": "关怀电话未问成的记录",
            },
        ),
        migrations.CreateModel(
            name="GoodsReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="快递公司")),
                ("pickup_on", models.DateField(blank=True, null=True, verbose_name="取件日期")),
                ("pickup_from", models.TimeField(blank=True, null=True, verbose_name="从")),
                ("pickup_to", models.TimeField(blank=True, null=True, verbose_name="到")),
                (
                    "private_sealed",
                    models.BinaryField(default=bytes, verbose_name="地址和单号（已加密）"),
                ),
                (
                    "arranged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="安排时间"),
                ),
                (
                    "agreed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="消费者同意的时间"),
                ),
                (
                    "refused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="消费者另约的时间"),
                ),
                (
                    "asked_for",
                    models.DateField(blank=True, null=True, verbose_name="为哪一天提醒过安排取件"),
                ),
                (
                    "handed_over_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="交出时间"),
                ),
                (
                    "handed_over_by",
                    models.CharField(
                        blank=True,
                        choices=[("consumer", "消费者说的"), ("courier", "快递说的")],
                        max_length=8,
                        verbose_name="谁说已交出",
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="收到时间"),
                ),
                (
                    "condition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("as_agreed", "和约定的一样"),
                            ("incomplete", "缺少东西"),
                            ("damaged", "有约定以外的损坏"),
                        ],
                        max_length=10,
                        verbose_name="验收结果",
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=300, verbose_name="验收说明")),
                (
                    "arranged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "obligation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goods",
                        to="agreements.obligation",
                    ),
                ),
                (
                    "received_by",
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
                "verbose_name": "商品退回",
                "verbose_name_plural": "商品退回",
            },
        ),
        migrations.AddConstraint(
            model_name="carecallrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("after_days__gte", 1), ("after_days__lte", 365)),
                name="agreements_care_within_a_year",
            ),
        ),
        migrations.AddIndex(
            model_name="carecall",
            index=models.Index(
                condition=models.Q(("state", "planned")),
                fields=["due_on"],
                name="agreements_care_call_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "planned")),
                    models.Q(
                        models.Q(("state", "planned"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="agreements_care_call_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arranged_at__isnull", True),
                    models.Q(
                        ("arranged_by__isnull", False),
                        ("pickup_on__isnull", False),
                        models.Q(("carrier", ""), _negated=True),
                        ("pickup_from__isnull", False),
                        ("pickup_to__gt", models.F("pickup_from")),
                    ),
                    _connector="OR",
                ),
                name="agreements_pickup_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_over_at__isnull", True), ("handed_over_by", "")),
                    models.Q(
                        ("handed_over_at__isnull", False),
                        models.Q(("handed_over_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="agreements_handed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("condition", ""), ("received_at__isnull", True)),
                    models.Q(
                        ("received_at__isnull", False),
                        ("received_by__isnull", False),
                        models.Q(("condition", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="agreements_received_was_looked_at",
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
