"""Customer files, conflicts of interest, links between cases, marks of like texts."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_workload"),
        ("complaints", "0031_taxonomy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLog",
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
                        choices=[("file", "客户档案"), ("contact", "完整联系方式")],
                        max_length=8,
                        verbose_name="看了什么",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="为什么")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "查看记录",
                "verbose_name_plural": "查看记录",
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
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
                            ("related", "相关"),
                            ("same_event", "同一件事，分开处理"),
                            ("follow_up", "后续投诉"),
                            ("not_duplicate", "不是重复"),
                        ],
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("family", "是消费者的亲属或朋友"),
                            ("business", "和消费者有利益往来"),
                            ("named", "投诉的就是这位同事"),
                            ("earlier", "参与过引起投诉的事"),
                            ("other", "其他可能影响公正的情形"),
                            ("none", "只是同名，没有冲突"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "利益冲突",
                "verbose_name_plural": "利益冲突",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("survey", "满意度调查"),
                            ("case_library", "匿名收入案例库"),
                            ("safety_news", "召回和安全提醒"),
                            ("care_calls", "关怀回访电话"),
                        ],
                        max_length=16,
                        verbose_name="用途",
                    ),
                ),
                ("given", models.BooleanField(verbose_name="同意")),
                ("source", models.CharField(max_length=200, verbose_name="怎样表示的")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("new", "新客户"),
                                ("long_term", "老客户"),
                                ("vulnerable", "需要照顾"),
                                ("business", "企业客户"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="客户类型",
                    ),
                ),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="语言")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("email", "邮件"), ("sms", "短信"), ("phone", "电话")],
                        max_length=8,
                        verbose_name="联系方式",
                    ),
                ),
                (
                    "hours_from",
                    models.TimeField(blank=True, null=True, verbose_name="方便接电话的时间从"),
                ),
                ("hours_to", models.TimeField(blank=True, null=True, verbose_name="到")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "客户档案",
                "verbose_name_plural": "客户档案",
            },
        ),
        migrations.CreateModel(
            name="CustomerEvent",
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
                            ("joined", "合并客户档案"),
                            ("separated", "拆分客户档案"),
                            ("identity_moved", "拆出一个联系方式"),
                            ("kinds_set", "调整客户类型"),
                            ("preferences_set", "更新联系偏好"),
                            ("consent", "登记同意或撤回同意"),
                        ],
                        max_length=16,
                        verbose_name="事项",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("data", models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("phone", "手机"), ("email", "邮箱")], max_length=5),
                ),
                ("index", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SkillNeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("product_line", models.CharField(blank=True, max_length=60, verbose_name="品类")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="语言")),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("normal", "普通"), ("emergency", "紧急")],
                        max_length=10,
                        verbose_name="紧急程度",
                    ),
                ),
                ("for_care", models.BooleanField(default=False, verbose_name="消费者需要照顾")),
            ],
            options={
                "verbose_name": "技能要求",
                "verbose_name_plural": "技能要求",
            },
        ),
        migrations.CreateModel(
            name="TextMark",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="text_mark",
                        serialize=False,
                        to="complaints.case",
                    ),
                ),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="consumer",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[("email", "邮件"), ("sms", "短信"), ("phone", "电话")],
                max_length=8,
                verbose_name="希望的联系方式",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("urgency"),
                models.F("next_due_at"),
                models.F("id"),
                condition=models.Q(
                    ("owner__isnull", True),
                    (
                        "stage__in",
                        [
                            "accepted",
                            "agreed",
                            "breached",
                            "external",
                            "following_up",
                            "fulfilling",
                            "investigating",
                            "liability_determined",
                            "mediating",
                            "negotiating",
                            "received",
                            "under_review",
                        ],
                    ),
                    models.Q(
                        ("imported_at__isnull", True),
                        ("next_due_at__isnull", False),
                        _connector="OR",
                    ),
                ),
                name="complaints_unowned",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("order_number", ""), _negated=True),
                fields=["order_number"],
                name="complaints_by_order",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("serial_number", ""), _negated=True),
                fields=["serial_number"],
                name="complaints_by_serial",
            ),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links_here",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conflicts",
                to="complaints.case",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conflicts",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="joined_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conflicts",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="looks",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="consumer",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consumers",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="customerevent",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="customerevent",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="customeridentity",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="identities",
                to="complaints.customer",
            ),
        ),
        migrations.AddField(
            model_name="skillneed",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.skill",
                verbose_name="技能",
            ),
        ),
        migrations.AddIndex(
            model_name="textmark",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["bands"], name="complaints_text_bands"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("other")), _negated=True),
                name="complaints_link_between_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("case", "other"),
                name="complaints_one_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="complaints_link_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("joined_into", models.F("id")), _negated=True),
                name="complaints_customer_not_in_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("joined_at__isnull", True), ("joined_into__isnull", True)),
                    models.Q(("joined_at__isnull", False), ("joined_into__isnull", False)),
                    _connector="OR",
                ),
                name="complaints_customer_joined_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hours_from__isnull", True), ("hours_to__isnull", True)),
                    ("hours_from__lt", models.F("hours_to")),
                    _connector="OR",
                ),
                name="complaints_customer_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["customer", "purpose", "-at"], name="complaints_consents"),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("case__isnull", True), ("customer__isnull", True), _connector="XOR"
                ),
                name="complaints_conflict_with_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="complaints_conflict_lifted",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case__isnull", False), ("lifted_at__isnull", True)),
                fields=("user", "case"),
                name="complaints_one_conflict_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer__isnull", False), ("lifted_at__isnull", True)),
                fields=("user", "customer"),
                name="complaints_one_conflict_a_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="accesslog",
            index=models.Index(fields=["-at"], name="complaints_looks"),
        ),
        migrations.AddIndex(
            model_name="accesslog",
            index=models.Index(fields=["customer", "-at"], name="complaints_looks_at"),
        ),
        migrations.AddIndex(
            model_name="accesslog",
            index=models.Index(fields=["user", "-at"], name="complaints_looks_by"),
        ),
        migrations.AddConstraint(
            model_name="accesslog",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="complaints_look_has_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="customerevent",
            index=models.Index(fields=["customer", "-at"], name="complaints_customer_events"),
        ),
        migrations.AddConstraint(
            model_name="customeridentity",
            constraint=models.UniqueConstraint(
                fields=("kind", "index"), name="complaints_one_identity"
            ),
        ),
        migrations.AddConstraint(
            model_name="customeridentity",
            constraint=models.CheckConstraint(
                condition=models.Q(("index", ""), _negated=True),
                name="complaints_identity_has_index",
            ),
        ),
        migrations.AddConstraint(
            model_name="skillneed",
            constraint=models.UniqueConstraint(
                fields=("skill", "category", "product_line", "language", "urgency", "for_care"),
                name="complaints_one_skill_need",
            ),
        ),
        migrations.AddConstraint(
            model_name="skillneed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("category", ""),
                    ("for_care", False),
                    ("language", ""),
                    ("product_line", ""),
                    ("urgency", ""),
                    _negated=True,
                ),
                name="complaints_skill_need_asks",
            ),
        ),
    ]
