"""Calls that consumers ask for, bodies that hand complaints on, and the clocks of both."""

from datetime import UTC, date, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SHIPPED = datetime(2026, 11, 22, tzinfo=UTC)
ENDED = ["close", "close_without_liability", "close_unanswered", "decline"]
POLICIES = [
    {
        "code": "callback",
        "kind": "callback",
        "name": "按约定给消费者回电",
        "stop_events": ["callback_done", *ENDED],
        "ladder": [
            {"rung": "warn_75", "fraction": "0.75"},
            {"rung": "breach", "fraction": "1"},
            {"rung": "escalation_1", "after_hours": "2"},
        ],
        "source": "与消费者约定的时间",
    },
    {
        "code": "external_deadline",
        "kind": "regulator",
        "name": "转来投诉的机构要求的期限",
        "stop_events": ["external_answered", *ENDED],
        "ladder": [
            {"rung": "warn_50", "fraction": "0.5"},
            {"rung": "warn_75", "fraction": "0.75", "tell": ["owner", "team_manager"]},
            {"rung": "breach", "fraction": "1"},
            {"rung": "escalation_1", "after_hours": "4"},
            {"rung": "escalation_2", "after_hours": "24"},
        ],
        "source": "转来投诉的机构写明的期限",
    },
]


def fill(apps, schema_editor):
    """Insert the two policies; each clock brings its own moment."""
    policies = apps.get_model("complaints", "ClockPolicy")
    policies.objects.bulk_create(
        policies(
            **values,
            version=1,
            state="published",
            amount="0",
            unit="fixed",
            published_at=SHIPPED,
            effective_from=date(2000, 1, 1),
        )
        for values in POLICIES
    )


def empty(apps, schema_editor):
    """Take them out again, past the guard of published ones."""
    schema_editor.execute("ALTER TABLE complaints_clockpolicy DISABLE TRIGGER USER")
    policies = apps.get_model("complaints", "ClockPolicy")
    policies.objects.filter(code__in=[values["code"] for values in POLICIES]).delete()
    schema_editor.execute("ALTER TABLE complaints_clockpolicy ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0080_chat"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="external_body",
            field=models.CharField(blank=True, max_length=80, verbose_name="转来的机构"),
        ),
        migrations.AlterField(
            model_name="case",
            name="next_due_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("acknowledgement", "受理答复"),
                    ("emergency", "紧急处置"),
                    ("solution", "解决方案"),
                    ("investigation", "调查"),
                    ("offer", "提出方案"),
                    ("offer_reply", "消费者选择方案"),
                    ("agreement_draft", "准备协议"),
                    ("signature", "签署协议"),
                    ("entry_into_force", "协议生效"),
                    ("obligation", "履行义务"),
                    ("breach_remedy", "违约补救"),
                    ("follow_up", "回访"),
                    ("review", "复议"),
                    ("mediation", "调解"),
                    ("external", "外部程序"),
                    ("triage", "分诊"),
                    ("finding_notice", "告知认定结果"),
                    ("regulator", "监管期限"),
                    ("data_request", "个人信息请求"),
                    ("callback", "约定回电"),
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acknowledgement", "受理答复"),
                    ("emergency", "紧急处置"),
                    ("solution", "解决方案"),
                    ("investigation", "调查"),
                    ("offer", "提出方案"),
                    ("offer_reply", "消费者选择方案"),
                    ("agreement_draft", "准备协议"),
                    ("signature", "签署协议"),
                    ("entry_into_force", "协议生效"),
                    ("obligation", "履行义务"),
                    ("breach_remedy", "违约补救"),
                    ("follow_up", "回访"),
                    ("review", "复议"),
                    ("mediation", "调解"),
                    ("external", "外部程序"),
                    ("triage", "分诊"),
                    ("finding_notice", "告知认定结果"),
                    ("regulator", "监管期限"),
                    ("data_request", "个人信息请求"),
                    ("callback", "约定回电"),
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
                verbose_name="时限",
            ),
        ),
        migrations.AlterField(
            model_name="clockpolicy",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acknowledgement", "受理答复"),
                    ("emergency", "紧急处置"),
                    ("solution", "解决方案"),
                    ("investigation", "调查"),
                    ("offer", "提出方案"),
                    ("offer_reply", "消费者选择方案"),
                    ("agreement_draft", "准备协议"),
                    ("signature", "签署协议"),
                    ("entry_into_force", "协议生效"),
                    ("obligation", "履行义务"),
                    ("breach_remedy", "违约补救"),
                    ("follow_up", "回访"),
                    ("review", "复议"),
                    ("mediation", "调解"),
                    ("external", "外部程序"),
                    ("triage", "分诊"),
                    ("finding_notice", "告知认定结果"),
                    ("regulator", "监管期限"),
                    ("data_request", "个人信息请求"),
                    ("callback", "约定回电"),
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
                verbose_name="时限",
            ),
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted_at", models.DateTimeField(verbose_name="什么时候回电")),
                (
                    "language",
                    models.CharField(default="zh-hans", max_length=10, verbose_name="用哪种语言"),
                ),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "打通了，说清楚了"),
                            ("not_reached", "没打通，再约时间"),
                            ("not_needed", "消费者不需要了"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
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
            ],
            options={
                "verbose_name": "回电约定",
                "verbose_name_plural": "回电约定",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)),
                        fields=("case",),
                        name="complaints_one_open_callback",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("outcome", "")),
                            models.Q(
                                ("done_at__isnull", False), models.Q(("outcome", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="complaints_callback_has_outcome",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, empty),
    ]
