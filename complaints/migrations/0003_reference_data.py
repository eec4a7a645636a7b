"""The edges of the machine and the first clock policies, as rows."""

from datetime import date

from django.db import migrations

EDGES = [
    ("accept", "received", "accepted", "onward"),
    ("close", "external", "closed", "onward"),
    ("close", "following_up", "closed", "onward"),
    ("close_unanswered", "negotiating", "closed", "onward"),
    ("close_without_liability", "liability_determined", "closed", "onward"),
    ("complete_fulfilment", "fulfilling", "following_up", "onward"),
    ("declare_breach", "fulfilling", "breached", "onward"),
    ("decline", "accepted", "declined", "onward"),
    ("decline", "received", "declined", "onward"),
    ("determine_liability", "investigating", "liability_determined", "onward"),
    ("dismiss_out_of_time", "under_review", "closed", "back"),
    ("dismiss_out_of_time", "under_review", "declined", "back"),
    ("dismiss_out_of_time", "under_review", "liability_determined", "back"),
    ("dismiss_out_of_time", "under_review", "negotiating", "back"),
    ("end_mediation", "mediating", "breached", "back"),
    ("end_mediation", "mediating", "negotiating", "back"),
    ("merge", "accepted", "merged", "aside"),
    ("merge", "investigating", "merged", "aside"),
    ("merge", "received", "merged", "aside"),
    ("open_investigation", "accepted", "investigating", "onward"),
    ("open_negotiation", "liability_determined", "negotiating", "onward"),
    ("record_award", "external", "fulfilling", "onward"),
    ("refer_to_mediation", "breached", "mediating", "aside"),
    ("refer_to_mediation", "negotiating", "mediating", "aside"),
    ("reinvestigate", "liability_determined", "investigating", "onward"),
    ("reinvestigate", "negotiating", "investigating", "onward"),
    ("remit", "under_review", "accepted", "onward"),
    ("remit", "under_review", "investigating", "onward"),
    ("reopen", "closed", "investigating", "onward"),
    ("reopen", "declined", "received", "onward"),
    ("reopen", "withdrawn", "accepted", "back"),
    ("reopen", "withdrawn", "external", "back"),
    ("reopen", "withdrawn", "investigating", "back"),
    ("reopen", "withdrawn", "liability_determined", "back"),
    ("reopen", "withdrawn", "mediating", "back"),
    ("reopen", "withdrawn", "negotiating", "back"),
    ("reopen", "withdrawn", "received", "back"),
    ("reopen", "withdrawn", "under_review", "back"),
    ("request_review", "closed", "under_review", "aside"),
    ("request_review", "declined", "under_review", "aside"),
    ("request_review", "liability_determined", "under_review", "aside"),
    ("request_review", "negotiating", "under_review", "aside"),
    ("resume_fulfilment", "breached", "fulfilling", "onward"),
    ("resume_fulfilment", "following_up", "fulfilling", "onward"),
    ("return_from_external", "external", "accepted", "back"),
    ("return_from_external", "external", "breached", "back"),
    ("return_from_external", "external", "investigating", "back"),
    ("return_from_external", "external", "liability_determined", "back"),
    ("return_from_external", "external", "mediating", "back"),
    ("return_from_external", "external", "negotiating", "back"),
    ("settle_directly", "accepted", "negotiating", "onward"),
    ("sign", "mediating", "agreed", "onward"),
    ("sign", "negotiating", "agreed", "onward"),
    ("start_fulfilment", "agreed", "fulfilling", "onward"),
    ("substitute", "under_review", "liability_determined", "onward"),
    ("suspend_for_external", "accepted", "external", "aside"),
    ("suspend_for_external", "breached", "external", "aside"),
    ("suspend_for_external", "investigating", "external", "aside"),
    ("suspend_for_external", "liability_determined", "external", "aside"),
    ("suspend_for_external", "mediating", "external", "aside"),
    ("suspend_for_external", "negotiating", "external", "aside"),
    ("unmerge", "merged", "accepted", "back"),
    ("unmerge", "merged", "investigating", "back"),
    ("unmerge", "merged", "received", "back"),
    ("uphold", "under_review", "closed", "back"),
    ("uphold", "under_review", "declined", "back"),
    ("uphold", "under_review", "liability_determined", "back"),
    ("uphold", "under_review", "negotiating", "back"),
    ("vary", "under_review", "negotiating", "onward"),
    ("withdraw", "accepted", "withdrawn", "aside"),
    ("withdraw", "external", "withdrawn", "aside"),
    ("withdraw", "investigating", "withdrawn", "aside"),
    ("withdraw", "liability_determined", "withdrawn", "aside"),
    ("withdraw", "mediating", "withdrawn", "aside"),
    ("withdraw", "negotiating", "withdrawn", "aside"),
    ("withdraw", "received", "withdrawn", "aside"),
    ("withdraw", "under_review", "withdrawn", "aside"),
    ("withdraw_review", "under_review", "closed", "back"),
    ("withdraw_review", "under_review", "declined", "back"),
    ("withdraw_review", "under_review", "liability_determined", "back"),
    ("withdraw_review", "under_review", "negotiating", "back"),
]

ELAPSED = [
    {"rung": "warn_50", "fraction": "0.5"},
    {"rung": "warn_75", "fraction": "0.75"},
    {"rung": "breach", "fraction": "1"},
    {"rung": "escalation_1", "after_hours": "4"},
    {"rung": "escalation_2", "after_hours": "24"},
]
EMERGENCY = [
    *ELAPSED[:3],
    {"rung": "escalation_1", "after_hours": "0.5"},
    {"rung": "escalation_2", "after_hours": "2"},
]
DAYS = [
    *ELAPSED[:3],
    {"rung": "escalation_1", "after_hours": "24"},
    {"rung": "escalation_2", "after_hours": "72"},
]
CONSUMERS_TURN = ELAPSED[:3]

POLICIES = [
    ("acknowledgement", "24", "elapsed_hours", ELAPSED, "服务承诺：24 小时内答复是否受理"),
    ("emergency", "2", "elapsed_hours", EMERGENCY, "服务承诺：2 小时内启动应急流程"),
    ("solution", "24", "elapsed_hours", ELAPSED, "服务承诺：一般问题 24 小时内给出解决方案"),
    ("investigation", "5", "working_days", DAYS, "内部规定"),
    ("offer", "2", "working_days", DAYS, "内部规定"),
    ("offer_reply", "0", "fixed", CONSUMERS_TURN, "方案载明的有效期"),
    ("agreement_draft", "1", "working_days", DAYS, "内部规定"),
    ("signature", "0", "fixed", CONSUMERS_TURN, "协议载明的签署期限"),
    ("entry_into_force", "1", "working_days", DAYS, "协议载明的生效日"),
    ("obligation", "0", "fixed", DAYS, "协议载明的履行期限"),
    ("breach_remedy", "2", "working_days", DAYS, "内部规定"),
    ("follow_up", "3", "working_days", DAYS, "内部规定"),
    ("review", "5", "working_days", DAYS, "内部规定"),
    ("mediation", "60", "calendar_days", DAYS, "市场监督管理投诉举报处理办法第二十三条（参照）"),
    ("external", "60", "calendar_days", DAYS, "内部规定"),
]


def fill(apps, schema_editor):
    edge = apps.get_model("complaints", "StageEdge")
    edge.objects.bulk_create(
        edge(verb=verb, source=source, target=target, kind=kind)
        for verb, source, target, kind in EDGES
    )
    policy = apps.get_model("complaints", "ClockPolicy")
    policy.objects.bulk_create(
        policy(
            kind=kind,
            version=1,
            amount=amount,
            unit=unit,
            ladder=ladder,
            source=source,
            effective_from=date(2000, 1, 1),
        )
        for kind, amount, unit, ladder, source in POLICIES
    )


def empty(apps, schema_editor):
    apps.get_model("complaints", "ClockPolicy").objects.all().delete()
    apps.get_model("complaints", "StageEdge").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_guards")]

    operations = [migrations.RunPython(fill, empty)]
