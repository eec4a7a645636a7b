"""Plans of investigations, consult tasks, inspections and the evidence board."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_workload"),
        ("complaints", "0090_consult_clock"),
        ("liability", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("text", models.CharField(max_length=300, verbose_name="要证明什么")),
                (
                    "bearer",
                    models.CharField(
                        choices=[
                            ("operator", "经营者"),
                            ("producer", "生产者"),
                            ("claimant", "提出主张的一方"),
                        ],
                        max_length=10,
                        verbose_name="由谁举证",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="complaints.case",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "待证事项",
                "verbose_name_plural": "待证事项",
            },
        ),
        migrations.CreateModel(
            name="ConsultTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "addressee",
                    models.CharField(
                        choices=[
                            ("investigator", "调查负责人"),
                            ("technician", "技术员（检查）"),
                            ("consumer", "消费者"),
                            ("department", "公司部门"),
                            ("role", "公司某类岗位"),
                            ("supplier", "供货者"),
                            ("producer", "生产者"),
                            ("warehouse", "仓储方"),
                            ("logistics", "物流承运人"),
                            ("repairer", "维修方"),
                            ("third_party_service", "第三方服务商"),
                        ],
                        max_length=20,
                        verbose_name="交给谁",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agent", "客服专员"),
                            ("investigator", "调查员"),
                            ("approver", "审批人"),
                            ("finance", "财务"),
                            ("mediator", "调解员"),
                            ("reviewer", "复议员"),
                            ("manager", "主管"),
                            ("administrator", "管理员"),
                        ],
                        max_length=20,
                        verbose_name="岗位",
                    ),
                ),
                ("party_name", models.CharField(blank=True, max_length=120, verbose_name="单位")),
                ("email_sealed", models.BinaryField(default=bytes)),
                ("question", models.TextField(verbose_name="问题")),
                ("facts", models.TextField(blank=True, verbose_name="对方需要知道的情况")),
                ("due_at", models.DateTimeField(verbose_name="答复期限")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "等待答复"),
                            ("answered", "已答复"),
                            ("revoked", "已撤销"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("nonce", models.UUIDField(unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="发出时间")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "answered_name",
                    models.CharField(blank=True, max_length=80, verbose_name="答复人"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "revoke_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="撤销理由"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consults",
                        to="complaints.case",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="部门",
                    ),
                ),
                (
                    "files",
                    models.ManyToManyField(
                        blank=True,
                        related_name="consults",
                        to="complaints.evidence",
                        verbose_name="材料",
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consults",
                        to="liability.investigation",
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked_by_task",
                        to="liability.statement",
                        verbose_name="作为陈述",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consults",
                        to="liability.supplier",
                        verbose_name="供货者",
                    ),
                ),
            ],
            options={
                "verbose_name": "会办任务",
                "verbose_name_plural": "会办任务",
            },
        ),
        migrations.CreateModel(
            name="ConsultReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rung", models.CharField(max_length=14)),
                ("at", models.DateTimeField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="liability.consulttask",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsultLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="有效到")),
                (
                    "opened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="第一次打开"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="liability.consulttask",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClaimEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[("for", "支持"), ("against", "反对")],
                        max_length=8,
                        verbose_name="对待证事项",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("official_test", "法定机构检测报告"),
                            ("joint_appraisal", "共同委托的鉴定意见"),
                            ("authority_finding", "主管部门的认定"),
                            ("original_record", "合同或交易记录原件"),
                            ("sealed_sample", "封存样品，保管链完整"),
                            ("system_log", "有指纹的系统日志"),
                            ("invoice", "发票"),
                            ("inspection_record", "勘验、检查笔录"),
                            ("repair_record", "维修记录"),
                            ("video", "视频"),
                            ("photo", "带拍摄信息的照片"),
                            ("chat", "聊天记录"),
                            ("witness", "证人证言"),
                            ("statement", "当事人陈述"),
                        ],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                ("is_copy", models.BooleanField(default=False, verbose_name="只有复制件")),
                ("is_tampered", models.BooleanField(default=False, verbose_name="有改动痕迹")),
                (
                    "creation_doubted",
                    models.BooleanField(default=False, verbose_name="生成、存储的可靠性存疑"),
                ),
                (
                    "integrity_doubted",
                    models.BooleanField(default=False, verbose_name="内容的完整性存疑"),
                ),
                (
                    "sender_doubted",
                    models.BooleanField(default=False, verbose_name="发送人身份存疑"),
                ),
                (
                    "weight",
                    models.DecimalField(decimal_places=2, max_digits=3, verbose_name="权重"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("weighed_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="liability.claim",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="complaints.evidence",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="liability.statement",
                    ),
                ),
                (
                    "weighed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consult",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="liability.consulttask",
                    ),
                ),
            ],
            options={
                "verbose_name": "证据评议",
                "verbose_name_plural": "证据评议",
            },
        ),
        migrations.CreateModel(
            name="EvidenceWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("official_test", "法定机构检测报告"),
                            ("joint_appraisal", "共同委托的鉴定意见"),
                            ("authority_finding", "主管部门的认定"),
                            ("original_record", "合同或交易记录原件"),
                            ("sealed_sample", "封存样品，保管链完整"),
                            ("system_log", "有指纹的系统日志"),
                            ("invoice", "发票"),
                            ("inspection_record", "勘验、检查笔录"),
                            ("repair_record", "维修记录"),
                            ("video", "视频"),
                            ("photo", "带拍摄信息的照片"),
                            ("chat", "聊天记录"),
                            ("witness", "证人证言"),
                            ("statement", "当事人陈述"),
                            ("copy", "只有复制件"),
                            ("tamper", "有改动痕迹"),
                            ("doubt", "生成、完整性或发送人存疑（每项）"),
                        ],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                (
                    "weight",
                    models.DecimalField(decimal_places=2, max_digits=3, verbose_name="权重"),
                ),
                ("set_at", models.DateTimeField(verbose_name="发布时间")),
                (
                    "set_by",
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
                "verbose_name": "证据权重",
                "verbose_name_plural": "证据权重",
            },
        ),
        migrations.CreateModel(
            name="Inspection",
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
                        choices=[("on_site", "上门检查"), ("remote", "远程诊断")],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("purpose", models.TextField(verbose_name="检查什么")),
                ("starts_at", models.DateTimeField(verbose_name="时间")),
                ("place_sealed", models.BinaryField(default=bytes)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "等消费者确认时间"),
                            ("time_asked", "消费者要求换时间"),
                            ("confirmed", "时间已确认"),
                            ("done", "已检查"),
                            ("cancelled", "已取消"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposals", models.PositiveSmallIntegerField(default=1)),
                ("wish_sealed", models.BinaryField(default=bytes)),
                ("proposed_at", models.DateTimeField()),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="消费者答复时间"),
                ),
                ("findings", models.TextField(blank=True, verbose_name="检查结果")),
                ("consumer_present", models.BooleanField(default=False, verbose_name="消费者在场")),
                ("report_nonce", models.UUIDField(blank=True, null=True, unique=True)),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="检查时间")),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="取消理由"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="complaints.case",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="liability.investigation",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="技术员",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查",
                "verbose_name_plural": "检查",
            },
        ),
        migrations.CreateModel(
            name="InspectionPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.UUIDField(unique=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="拍摄时间")),
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspection_photo",
                        to="complaints.evidence",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="liability.inspection",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查照片",
                "verbose_name_plural": "检查照片",
            },
        ),
        migrations.CreateModel(
            name="InvestigationTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=40, verbose_name="类别")),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("minor", "轻微"), ("moderate", "中等"), ("severe", "严重")],
                        max_length=10,
                        verbose_name="严重程度",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("lines", models.JSONField(default=list, verbose_name="内容")),
                ("made_at", models.DateTimeField(verbose_name="发布时间")),
                (
                    "made_by",
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
                "verbose_name": "调查模板",
                "verbose_name_plural": "调查模板",
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "要查清的问题"),
                            ("task", "要做的事"),
                            ("evidence", "要取得的证据"),
                        ],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                (
                    "addressee",
                    models.CharField(
                        choices=[
                            ("investigator", "调查负责人"),
                            ("technician", "技术员（检查）"),
                            ("consumer", "消费者"),
                            ("department", "公司部门"),
                            ("role", "公司某类岗位"),
                            ("supplier", "供货者"),
                            ("producer", "生产者"),
                            ("warehouse", "仓储方"),
                            ("logistics", "物流承运人"),
                            ("repairer", "维修方"),
                            ("third_party_service", "第三方服务商"),
                        ],
                        max_length=20,
                        verbose_name="由谁",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="最晚哪天")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan",
                        to="liability.investigation",
                    ),
                ),
            ],
            options={
                "verbose_name": "调查计划",
                "verbose_name_plural": "调查计划",
            },
        ),
        migrations.AddField(
            model_name="inspection",
            name="plan_item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspections",
                to="liability.planitem",
            ),
        ),
        migrations.AddField(
            model_name="consulttask",
            name="plan_item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consults",
                to="liability.planitem",
            ),
        ),
        migrations.CreateModel(
            name="WithheldEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "holder",
                    models.CharField(
                        choices=[
                            ("seller", "销售者"),
                            ("producer", "生产者"),
                            ("importer", "进口商"),
                            ("supplier", "供货者"),
                            ("logistics", "物流承运人"),
                            ("warehouse", "仓储方"),
                            ("repairer", "维修方"),
                            ("platform", "平台经营者"),
                            ("live_room", "直播间运营者"),
                            ("advertiser", "广告主"),
                            ("endorser", "代言人"),
                            ("venue", "场地提供者"),
                            ("licence_lender", "出借营业执照者"),
                            ("fair_organiser", "展销会举办者"),
                            ("production_dept", "生产部门"),
                            ("third_party_service", "第三方服务商"),
                            ("consumer", "消费者"),
                            ("force_majeure", "不可抗力"),
                        ],
                        max_length=20,
                        verbose_name="谁持有",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="什么证据")),
                ("asked_on", models.DateField(verbose_name="哪天要求提供")),
                (
                    "reason_given",
                    models.CharField(blank=True, max_length=300, verbose_name="对方给的理由"),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("against_holder", "没有正当理由，作不利于持有人的认定"),
                            ("explained", "有正当理由，不影响认定"),
                        ],
                        max_length=16,
                        verbose_name="后果",
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withheld_evidence",
                        to="complaints.case",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withheld",
                        to="liability.claim",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "未提供的证据",
                "verbose_name_plural": "未提供的证据",
            },
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("case", "position"), name="liability_one_claim_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultreminder",
            constraint=models.UniqueConstraint(
                fields=("task", "rung"), name="liability_one_reminder_a_rung"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="liability_consult_link_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("consult__isnull", True),
                        ("evidence__isnull", False),
                        ("statement__isnull", True),
                    ),
                    models.Q(
                        ("consult__isnull", True),
                        ("evidence__isnull", True),
                        ("statement__isnull", False),
                    ),
                    models.Q(
                        ("consult__isnull", False),
                        ("evidence__isnull", True),
                        ("statement__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="liability_claim_evidence_is_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimevidence",
            constraint=models.UniqueConstraint(
                fields=("claim", "evidence"), name="liability_evidence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimevidence",
            constraint=models.UniqueConstraint(
                fields=("claim", "statement"), name="liability_said_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimevidence",
            constraint=models.UniqueConstraint(
                fields=("claim", "consult"), name="liability_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 0), ("weight__lte", 1)),
                name="liability_claim_weight_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceweight",
            constraint=models.UniqueConstraint(
                fields=("key", "version"), name="liability_one_weight_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceweight",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 0), ("weight__lte", 1)),
                name="liability_weight_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationtemplate",
            constraint=models.UniqueConstraint(
                fields=("category", "severity", "version"), name="liability_one_template_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.UniqueConstraint(
                fields=("investigation", "position"), name="liability_one_plan_item_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("status", "done")),
                    models.Q(
                        models.Q(("status", "done"), _negated=True),
                        ("done_at__isnull", True),
                        ("findings", ""),
                    ),
                    _connector="OR",
                ),
                name="liability_inspection_done_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="consulttask",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="liability_one_consult_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="consulttask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "addressee__in",
                            [
                                "logistics",
                                "producer",
                                "repairer",
                                "supplier",
                                "third_party_service",
                                "warehouse",
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(("party_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="liability_outside_consult_has_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="consulttask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", False), ("status", "answered")),
                    models.Q(
                        models.Q(("status", "answered"), _negated=True),
                        ("answer", ""),
                        ("answered_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="liability_consult_answered_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="consulttask",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("asked_at"))),
                name="liability_consult_due_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="withheldevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effect", "against_holder"),
                    models.Q(("reason_given", ""), _negated=True),
                    _connector="OR",
                ),
                name="liability_withheld_explained_has_reason",
            ),
        ),
    ]
