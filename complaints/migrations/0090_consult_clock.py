"""The clock of consult tasks, and outside parties who answer them."""

from datetime import UTC, date, datetime

from django.db import migrations, models

SHIPPED = datetime(2026, 11, 22, tzinfo=UTC)
ENDED = ["close", "close_without_liability", "close_unanswered", "decline"]
POLICY = {
    "code": "consult",
    "kind": "consult",
    "name": "会办任务的答复",
    "stop_events": ["determine_liability", "settle_directly", "open_negotiation", *ENDED],
    "amount": "2",
    "unit": "working_days",
    "ladder": [
        {"rung": "warn_50", "fraction": "0.5"},
        {"rung": "warn_75", "fraction": "0.75"},
        {"rung": "breach", "fraction": "1"},
        {"rung": "escalation_1", "after_hours": "24"},
    ],
    "source": "内部规定",
}


def fill(apps, schema_editor):
    """Insert the policy; a task may bring a moment of its own."""
    apps.get_model("complaints", "ClockPolicy").objects.create(
        **POLICY,
        version=1,
        state="published",
        published_at=SHIPPED,
        effective_from=date(2000, 1, 1),
    )


def empty(apps, schema_editor):
    """Take it out again, past the guard of published ones."""
    schema_editor.execute("ALTER TABLE complaints_clockpolicy DISABLE TRIGGER USER")
    apps.get_model("complaints", "ClockPolicy").objects.filter(code="consult").delete()
    schema_editor.execute("ALTER TABLE complaints_clockpolicy ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0086_imported_index"),
    ]

    operations = [
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
                    ("consult", "会办任务"),
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="actor_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="chatmessage",
            name="author_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                max_length=10,
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
                    ("consult", "会办任务"),
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
                    ("consult", "会办任务"),
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
                verbose_name="时限",
            ),
        ),
        migrations.AlterField(
            model_name="custodyentry",
            name="actor_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="uploaded_by_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="author_kind",
            field=models.CharField(
                choices=[
                    ("staff", "员工"),
                    ("consumer", "消费者"),
                    ("mediator", "调解员"),
                    ("partner", "外部单位"),
                    ("system", "系统"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(fill, empty),
    ]
