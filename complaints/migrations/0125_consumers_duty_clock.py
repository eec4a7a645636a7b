"""The clock of what a consumer promised to do."""

from datetime import UTC, date, datetime

from django.db import migrations, models

SHIPPED = datetime(2026, 11, 22, tzinfo=UTC)
POLICY = {
    "code": "consumers_duty",
    "kind": "consumers_duty",
    "name": "消费者约定的事",
    "amount": "0",
    "unit": "fixed",
    "ladder": [{"rung": "warn_75", "fraction": "0.75"}],
    "source": "协议载明的日期",
}
KINDS = [
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
    ("consumers_duty", "消费者约定的事"),
    ("pause_end", "暂停到期"),
]


def fill(apps, schema_editor):
    """Insert the policy; the day is the agreement's."""
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
    apps.get_model("complaints", "ClockPolicy").objects.filter(code="consumers_duty").delete()
    schema_editor.execute("ALTER TABLE complaints_clockpolicy ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0130_erased_cases")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="next_due_kind",
            field=models.CharField(blank=True, choices=KINDS, max_length=20),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="时限"),
        ),
        migrations.AlterField(
            model_name="clockpolicy",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="时限"),
        ),
        migrations.RunPython(fill, empty),
    ]
