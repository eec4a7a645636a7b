"""The usual calendar, the pauses of our own promises, and the terms of regulators, as rows.

Versions of calendars and published policies are then kept by the database: a published policy
changes in nothing but the day on which it ends.
"""

from datetime import UTC, date, datetime

from django.db import migrations

DEFAULT = {
    "key": "default",
    "zone": "Asia/Shanghai",
    "week": [[["09:00", "18:00"]]] * 5 + [[], []],
    "rest_days": [],
    "make_up_days": [],
    "published_to": None,
}
DEFAULT_VERSION = "814da2e1eaf7d45f"
LONDON = {**DEFAULT, "key": "uk", "zone": "Europe/London"}
LONDON_VERSION = "25b05dfcd1281bef"
SHIPPED = datetime(2026, 11, 22, tzinfo=UTC)

DAYS = [
    {"rung": "warn_50", "fraction": "0.5"},
    {"rung": "warn_75", "fraction": "0.75"},
    {"rung": "breach", "fraction": "1"},
    {"rung": "escalation_1", "after_hours": "24"},
    {"rung": "escalation_2", "after_hours": "72"},
]
HOURS = [*DAYS[:3], {"rung": "escalation_1", "after_hours": "4"}]
ENDS_PAUSE = [{"rung": "breach", "fraction": "1", "effect": "resume"}]

PAUSES = [
    {"cause": "consumers_evidence", "cap_days": 15, "proof": False},
    {"cause": "testing", "cap_days": 60},
    {"cause": "agreed_extension", "cap_days": 30},
    {"cause": "force_majeure", "cap_days": 90},
]
PAUSABLE = [
    "solution",
    "investigation",
    "offer",
    "agreement_draft",
    "breach_remedy",
    "follow_up",
    "review",
    "mediation",
]
TESTING = [{"cause": "testing", "cap_days": 180}]

# A withdrawn or merged case may come back; until then its terms rest with it.
ENDED = ["close", "close_without_liability", "close_unanswered", "decline"]
ANSWERED = ["open_negotiation", *ENDED]
REGULATOR = {"channel": ["regulator_12315"]}
BRITISH = {"market": ["GB"]}

POLICIES = [
    {
        "code": "pause_end",
        "kind": "pause_end",
        "amount": "0",
        "unit": "fixed",
        "ladder": ENDS_PAUSE,
        "source": "暂停时约定的最后一天",
    },
    {
        "code": "triage",
        "kind": "triage",
        "name": "分诊：受理后确定调查还是直接提出方案",
        "start_event": "accept",
        "stop_events": ["open_investigation", "settle_directly", *ENDED],
        "amount": "8",
        "unit": "working_hours",
        "ladder": HOURS,
        "source": "内部规定",
    },
    {
        "code": "finding_notice",
        "kind": "finding_notice",
        "name": "把责任认定送达消费者",
        "start_event": "determine_liability",
        "stop_events": [
            "finding_notified",
            "open_negotiation",
            "request_review",
            "reinvestigate",
            *ENDED,
        ],
        "amount": "1",
        "unit": "working_days",
        "ladder": DAYS,
        "source": "内部规定",
    },
    {
        "code": "data_request",
        "kind": "data_request",
        "name": "答复个人信息请求",
        "start_event": "data_requested",
        "stop_events": ["data_request_answered"],
        "amount": "15",
        "unit": "working_days",
        "ladder": DAYS,
        "source": "个人信息保护法第五十条要求及时受理和处理；十五个工作日为内部规定",
    },
    {
        "code": "cn_mediation",
        "kind": "regulator",
        "name": "12315 转来的投诉：调解期限（旧办法）",
        "conditions": REGULATOR,
        "start_event": "received",
        "stop_events": ["sign", *ENDED],
        "amount": "45",
        "unit": "working_days",
        "ladder": DAYS,
        "pause_rules": TESTING,
        "dated_by": "receipt",
        "source": "市场监督管理投诉举报处理暂行办法（总局令第 20 号）第二十一条第五项、第二十条",
        "source_status": "checked",
        "effective_to": date(2026, 4, 14),
    },
    {
        "code": "cn_mediation",
        "version": 2,
        "kind": "regulator",
        "name": "12315 转来的投诉：调解期限",
        "conditions": REGULATOR,
        "start_event": "received",
        "stop_events": ["sign", *ENDED],
        "amount": "60",
        "unit": "calendar_days",
        "ladder": DAYS,
        "pause_rules": TESTING,
        "dated_by": "receipt",
        "source": "市场监督管理投诉举报处理办法（总局令第 121 号）第二十三条第一款第五项",
        "source_status": "secondary",
        "effective_from": date(2026, 4, 15),
    },
    {
        "code": "uk_ack",
        "kind": "regulator",
        "name": "英国：书面确认收到投诉",
        "conditions": BRITISH,
        "start_event": "received",
        "stop_events": ["acknowledged", *ENDED],
        "amount": "5",
        "unit": "working_days",
        "calendar": "uk",
        "ladder": DAYS,
        "source": "FCA DISP 1.6.1R 要求尽快；五个工作日为内部规定",
        "source_status": "checked",
    },
    {
        "code": "uk_summary",
        "kind": "regulator",
        "name": "英国：收到后第三个工作日内解决，可用简要答复",
        "conditions": BRITISH,
        "start_event": "received",
        "stop_events": ["sign", *ANSWERED],
        "amount": "3",
        "unit": "working_days",
        "calendar": "uk",
        "ladder": DAYS[:3],
        "source": "FCA DISP 1.5",
        "source_status": "checked",
    },
    {
        "code": "uk_final",
        "kind": "regulator",
        "name": "英国：最终答复，或者说明原因、预计日期和申诉途径",
        "conditions": BRITISH,
        "start_event": "received",
        "stop_events": ["sign", *ANSWERED],
        "amount": "8",
        "unit": "weeks",
        "rolls": False,
        "calendar": "uk",
        "ladder": DAYS,
        "source": "FCA DISP 1.6.2R",
        "source_status": "checked",
    },
    {
        "code": "uk_payment_final",
        "kind": "regulator",
        "name": "英国：支付服务投诉的最终答复",
        "conditions": {**BRITISH, "product_line": ["payment"]},
        "start_event": "received",
        "stop_events": ["sign", *ANSWERED],
        "amount": "15",
        "unit": "working_days",
        "calendar": "uk",
        "ladder": DAYS,
        "source": "FCA DISP 1.6.2AR",
        "source_status": "checked",
    },
    {
        "code": "iso_ack",
        "state": "draft",
        "kind": "regulator",
        "name": "ISO 10002 式样：立即确认",
        "start_event": "received",
        "stop_events": ["acknowledged", *ENDED],
        "amount": "1",
        "unit": "working_days",
        "ladder": DAYS,
        "source": "ISO 10002:2018（条款号未核对）要求立即确认；一个工作日为建议",
        "source_status": "unverified",
    },
    {
        "code": "iso_answer",
        "state": "draft",
        "kind": "regulator",
        "name": "ISO 10002 式样：答复",
        "start_event": "received",
        "stop_events": ["sign", *ANSWERED],
        "amount": "4",
        "unit": "weeks",
        "ladder": DAYS,
        "source": "ISO 10002:2018（条款号未核对）不定期限；四周为建议",
        "source_status": "unverified",
    },
]

GUARDS = """
CREATE TRIGGER complaints_calendarversion_kept BEFORE UPDATE OR DELETE ON complaints_calendarversion
  FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change();
CREATE TRIGGER complaints_calendarversion_whole BEFORE TRUNCATE ON complaints_calendarversion
  FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change();
CREATE FUNCTION complaints_keep_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'published' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND
     to_jsonb(NEW) - 'effective_to' = to_jsonb(OLD) - 'effective_to' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'policy % version % is published and stays as it is', OLD.code, OLD.version
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER complaints_keep_policy BEFORE UPDATE OR DELETE ON complaints_clockpolicy
  FOR EACH ROW EXECUTE FUNCTION complaints_keep_policy();
"""
UNDO = """
DROP TRIGGER complaints_calendarversion_kept ON complaints_calendarversion;
DROP TRIGGER complaints_calendarversion_whole ON complaints_calendarversion;
DROP TRIGGER complaints_keep_policy ON complaints_clockpolicy;
DROP FUNCTION complaints_keep_policy();
"""


def fill(apps, schema_editor):
    """Insert calendars and policies, and let our own promises be paused for the listed causes."""
    versions = apps.get_model("complaints", "CalendarVersion")
    calendars = apps.get_model("complaints", "BusinessCalendar")
    rows = {}
    for data, version, name, region in (
        (DEFAULT, DEFAULT_VERSION, "公司日历", "CN"),
        (LONDON, LONDON_VERSION, "英国（英格兰）", "GB"),
    ):
        current, _made = versions.objects.get_or_create(
            version=version, defaults={"data": data, "created_at": SHIPPED}
        )
        rows[data["key"]] = calendars.objects.create(
            key=data["key"], name=name, region=region, current=current
        )
    policies = apps.get_model("complaints", "ClockPolicy")
    policies.objects.filter(kind__in=PAUSABLE).update(pause_rules=PAUSES)
    policies.objects.update(published_at=SHIPPED)
    policies.objects.bulk_create(
        policies(
            **{
                "version": 1,
                "state": "published",
                "published_at": None if values.get("state") == "draft" else SHIPPED,
                "effective_from": date(2000, 1, 1),
                **values,
                "calendar": rows[values["calendar"]] if "calendar" in values else None,
            }
        )
        for values in POLICIES
    )


def empty(apps, schema_editor):
    """Take out what `fill` put in."""
    policies = apps.get_model("complaints", "ClockPolicy")
    policies.objects.filter(code__in=[values["code"] for values in POLICIES]).delete()
    apps.get_model("complaints", "BusinessCalendar").objects.all().delete()
    apps.get_model("complaints", "CalendarVersion").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_clock_versions")]

    operations = [migrations.RunPython(fill, empty), migrations.RunSQL(GUARDS, UNDO)]
