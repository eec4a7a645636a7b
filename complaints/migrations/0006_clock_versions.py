"""Policies with conditions and events; calendars whose every version is kept."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

HOURS = [[["09:00", "18:00"]]] * 5 + [[], []]


def keep_old_versions(apps, schema_editor):
    """Keep the days by which the clocks so far were computed, under the names they were given."""
    days = list(apps.get_model("complaints", "CalendarDay").objects.order_by("day"))
    names = apps.get_model("complaints", "ClockEntry").objects.values_list(
        "calendar_version", flat=True
    )
    data = {
        "key": "default",
        "zone": "Asia/Shanghai",
        "week": HOURS,
        "rest_days": [str(one.day) for one in days if not one.is_working],
        "make_up_days": [str(one.day) for one in days if one.is_working],
        "published_to": None,
    }
    apps.get_model("complaints", "CalendarVersion").objects.bulk_create(
        apps.get_model("complaints", "CalendarVersion")(
            version=name,
            data=data if name != "mon-fri" else {**data, "rest_days": [], "make_up_days": []},
            created_at=django.utils.timezone.now(),
        )
        for name in sorted(set(names.distinct()))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_tokens"),
        ("complaints", "0005_accountability"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BusinessCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("region", models.CharField(blank=True, max_length=8, verbose_name="节假日地区")),
            ],
            options={
                "verbose_name": "工作日历",
                "verbose_name_plural": "工作日历",
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "version",
                    models.CharField(
                        max_length=16, primary_key=True, serialize=False, verbose_name="版本"
                    ),
                ),
                ("data", models.JSONField(verbose_name="内容")),
                ("created_at", models.DateTimeField(verbose_name="发布时间")),
            ],
            options={
                "verbose_name": "工作日历版本",
                "verbose_name_plural": "工作日历版本",
            },
        ),
        migrations.CreateModel(
            name="TeamCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep_old_versions, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="CalendarDay",
        ),
        migrations.RemoveConstraint(
            model_name="clockpolicy",
            name="complaints_policy_version",
        ),
        migrations.AddField(
            model_name="case",
            name="market",
            field=models.CharField(default="CN", max_length=8, verbose_name="市场"),
        ),
        migrations.AddField(
            model_name="clockentry",
            name="detail",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="code",
            field=models.SlugField(default="", max_length=40, verbose_name="代号"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="conditions",
            field=models.JSONField(blank=True, default=dict, verbose_name="适用范围"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="dated_by",
            field=models.CharField(
                choices=[("start", "计时开始的那天"), ("receipt", "收到投诉的那天")],
                default="start",
                max_length=8,
                verbose_name="按哪天选版本",
            ),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="name",
            field=models.CharField(blank=True, max_length=80, verbose_name="名称"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="pause_rules",
            field=models.JSONField(blank=True, default=list, verbose_name="可暂停的原因"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="发布时间"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="rolls",
            field=models.BooleanField(default=True, verbose_name="末日休息就顺延"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="source_status",
            field=models.CharField(
                choices=[
                    ("checked", "已核对原文"),
                    ("secondary", "据转述，未核对原文"),
                    ("internal", "内部规定"),
                    ("unverified", "未核对"),
                ],
                default="internal",
                max_length=10,
                verbose_name="依据是否核对",
            ),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="start_event",
            field=models.CharField(blank=True, max_length=40, verbose_name="从哪件事起"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="state",
            field=models.CharField(
                choices=[("draft", "草稿"), ("published", "已发布")],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="stop_events",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                size=None,
                verbose_name="到哪件事止",
            ),
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
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
                verbose_name="时限",
            ),
        ),
        migrations.AlterField(
            model_name="clockentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("start", "开始"),
                    ("pause", "暂停"),
                    ("resume", "继续"),
                    ("stop", "停止"),
                    ("recalculate", "重新计算"),
                ],
                max_length=12,
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
                    ("pause_end", "暂停到期"),
                ],
                max_length=20,
                verbose_name="时限",
            ),
        ),
        migrations.AlterField(
            model_name="clockpolicy",
            name="unit",
            field=models.CharField(
                choices=[
                    ("elapsed_hours", "小时（不分昼夜）"),
                    ("working_hours", "工作小时"),
                    ("working_days", "工作日"),
                    ("calendar_days", "自然日"),
                    ("weeks", "周"),
                    ("months", "个月"),
                    ("years", "年"),
                    ("fixed", "约定日期"),
                ],
                max_length=16,
                verbose_name="单位",
            ),
        ),
        migrations.AlterField(
            model_name="timer",
            name="rung",
            field=models.CharField(max_length=14),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.businesscalendar",
                verbose_name="工作日历",
            ),
        ),
        migrations.RunSQL(
            "UPDATE complaints_clockpolicy SET code = kind, state = 'published'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.UniqueConstraint(
                fields=("code", "version"), name="complaints_policy_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("code",),
                name="complaints_one_draft",
            ),
        ),
        migrations.AddField(
            model_name="calendarversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.AddField(
            model_name="businesscalendar",
            name="current",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.calendarversion",
                verbose_name="现行版本",
            ),
        ),
        migrations.AddField(
            model_name="teamcalendar",
            name="calendar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="complaints.businesscalendar",
            ),
        ),
        migrations.AddField(
            model_name="teamcalendar",
            name="team",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="businesscalendar",
            name="teams",
            field=models.ManyToManyField(
                related_name="calendars",
                through="complaints.TeamCalendar",
                to="accounts.team",
                verbose_name="小组",
            ),
        ),
    ]
