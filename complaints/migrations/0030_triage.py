"""Proposals of the triage rules, requests to lower, reports of wrongdoing, the taxonomy as data."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEP_USED_TERMS = """
CREATE FUNCTION complaints_keep_used_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.code = OLD.code THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM complaints_case WHERE category = OLD.code) THEN
    RAISE EXCEPTION 'category % is used by cases: retire it', OLD.code
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER complaints_keep_used_category BEFORE DELETE OR UPDATE ON complaints_complaintcategory
  FOR EACH ROW EXECUTE FUNCTION complaints_keep_used_category();
CREATE FUNCTION complaints_keep_used_issue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.code = OLD.code THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM complaints_case WHERE issue = OLD.code) THEN
    RAISE EXCEPTION 'issue % is used by cases: retire it', OLD.code
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER complaints_keep_used_issue BEFORE DELETE OR UPDATE ON complaints_complaintissue
  FOR EACH ROW EXECUTE FUNCTION complaints_keep_used_issue();
"""
LET_GO = """
DROP TRIGGER complaints_keep_used_category ON complaints_complaintcategory;
DROP TRIGGER complaints_keep_used_issue ON complaints_complaintissue;
DROP FUNCTION complaints_keep_used_category();
DROP FUNCTION complaints_keep_used_issue();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0020_inbound_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ComplaintCategory",
            fields=[
                ("name_zh", models.CharField(max_length=40, verbose_name="中文名称")),
                ("name_en", models.CharField(max_length=60, verbose_name="英文名称")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="停用时间"),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=12, primary_key=True, serialize=False, verbose_name="代码"
                    ),
                ),
            ],
            options={
                "verbose_name": "投诉类别",
                "verbose_name_plural": "投诉类别",
            },
        ),
        migrations.AlterField(
            model_name="case",
            name="category",
            field=models.CharField(blank=True, max_length=12, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="case",
            name="issue",
            field=models.CharField(blank=True, max_length=20, verbose_name="问题"),
        ),
        migrations.CreateModel(
            name="ComplaintIssue",
            fields=[
                ("name_zh", models.CharField(max_length=40, verbose_name="中文名称")),
                ("name_en", models.CharField(max_length=60, verbose_name="英文名称")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="停用时间"),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=20, primary_key=True, serialize=False, verbose_name="代码"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="complaints.complaintcategory",
                    ),
                ),
            ],
            options={
                "verbose_name": "投诉问题",
                "verbose_name_plural": "投诉问题",
            },
        ),
        migrations.CreateModel(
            name="WrongdoingReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("counterfeit", "假冒伪劣"),
                            ("unsafe", "不符合安全标准"),
                            ("false_advertising", "虚假宣传"),
                            ("price_fraud", "价格欺诈"),
                            ("unlicensed", "无证经营"),
                            ("data_misuse", "违法使用个人信息"),
                            ("inside", "员工违规"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="举报事项",
                    ),
                ),
                ("facts", models.TextField(verbose_name="举报内容")),
                (
                    "wants_answer",
                    models.BooleanField(default=False, verbose_name="举报人要求告知结果"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "已登记"),
                            ("checking", "核查中"),
                            ("passed_on", "已移送监管部门"),
                            ("confirmed", "查证属实"),
                            ("unfounded", "未能证实"),
                        ],
                        default="received",
                        max_length=16,
                        verbose_name="进展",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wrongdoing_reports",
                        to="complaints.case",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "举报",
                "verbose_name_plural": "举报",
            },
        ),
        migrations.CreateModel(
            name="ReportStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "已登记"),
                            ("checking", "核查中"),
                            ("passed_on", "已移送监管部门"),
                            ("confirmed", "查证属实"),
                            ("unfounded", "未能证实"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.TextField(verbose_name="说明")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="complaints.wrongdoingreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "举报的处理",
                "verbose_name_plural": "举报的处理",
            },
        ),
        migrations.CreateModel(
            name="LoweringRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("normal", "普通"), ("emergency", "紧急")],
                        max_length=10,
                        verbose_name="降为",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "轻微"), ("moderate", "中等"), ("severe", "严重")],
                        max_length=10,
                        verbose_name="严重程度",
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                ("requested_at", models.DateTimeField()),
                ("approved", models.BooleanField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True, verbose_name="决定的理由")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lowering_requests",
                        to="complaints.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lowering_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "降级申请",
                "verbose_name_plural": "降级申请",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="complaints_lowering_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved__isnull", True),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                            ),
                            models.Q(
                                ("approved__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_lowering_decided_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("approved__isnull", True)),
                        fields=("case",),
                        name="complaints_one_open_lowering",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TriageProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("normal", "普通"), ("emergency", "紧急")],
                        max_length=10,
                        verbose_name="建议的紧急程度",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "轻微"), ("moderate", "中等"), ("severe", "严重")],
                        max_length=10,
                        verbose_name="建议的严重程度",
                    ),
                ),
                ("safety", models.BooleanField(default=False, verbose_name="涉及安全")),
                ("findings", models.JSONField(default=list)),
                ("text_length", models.PositiveIntegerField(default=0)),
                ("rules_version", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField(verbose_name="提出时间")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("confirmed", "按建议确认"), ("changed", "人工改动")],
                        max_length=10,
                        verbose_name="人工决定",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="triage_proposal",
                        to="complaints.case",
                    ),
                ),
                (
                    "decided_by",
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
                "verbose_name": "分诊建议",
                "verbose_name_plural": "分诊建议",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("decision", ""),
                            ),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_proposal_decided_by_somebody",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="wrongdoingreport",
            index=models.Index(fields=["status", "recorded_at"], name="complaints_reports_order"),
        ),
        migrations.AddConstraint(
            model_name="reportstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True),
                name="complaints_report_step_says_why",
            ),
        ),
        migrations.RunSQL(KEEP_USED_TERMS, LET_GO),
    ]
