"""Time limits in words: how long, for which cases, what happens on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from complaints.models import ClockPolicy
from complaints.states import BudgetUnit, Channel, CustomerTier, PauseCause, Severity, Urgency

FACT_LABELS: dict[str, Any] = {
    "severity": gettext_lazy("严重程度"),
    "urgency": gettext_lazy("紧急程度"),
    "channel": gettext_lazy("渠道"),
    "customer_tier": gettext_lazy("客户类别"),
    "product_line": gettext_lazy("品类"),
    "market": gettext_lazy("市场"),
}
FACT_CHOICES: dict[str, list[tuple[str, Any]]] = {
    "severity": list(Severity.choices),
    "urgency": list(Urgency.choices),
    "channel": list(Channel.choices),
    "customer_tier": list(CustomerTier.choices),
}
POLICY_EVENTS: dict[str, Any] = {
    "received": gettext_lazy("收到投诉"),
    "acknowledged": gettext_lazy("答复消费者"),
    "accept": gettext_lazy("受理"),
    "open_investigation": gettext_lazy("开始调查"),
    "settle_directly": gettext_lazy("直接承认责任"),
    "determine_liability": gettext_lazy("认定责任"),
    "finding_notified": gettext_lazy("把认定结果送达消费者"),
    "reinvestigate": gettext_lazy("重新调查"),
    "open_negotiation": gettext_lazy("把方案发给消费者"),
    "sign": gettext_lazy("双方签完协议"),
    "start_fulfilment": gettext_lazy("开始履行"),
    "complete_fulfilment": gettext_lazy("履行完毕"),
    "refer_to_mediation": gettext_lazy("提请调解"),
    "end_mediation": gettext_lazy("调解结束"),
    "request_review": gettext_lazy("申请复议"),
    "data_requested": gettext_lazy("收到个人信息请求"),
    "data_request_answered": gettext_lazy("答复个人信息请求"),
    "callback_done": gettext_lazy("登记回电结果"),
    "external_answered": gettext_lazy("答复转来投诉的机构"),
    "close": gettext_lazy("结案"),
    "close_without_liability": gettext_lazy("因没有责任结案"),
    "close_unanswered": gettext_lazy("因消费者没有回复结案"),
    "decline": gettext_lazy("不予受理"),
    "withdraw": gettext_lazy("撤回投诉"),
    "merge": gettext_lazy("并入另一案件"),
}
"""The events that a policy may start or stop with."""

RECIPIENT_WORDS: dict[str, Any] = {
    "owner": gettext_lazy("案件负责人"),
    "team_manager": gettext_lazy("小组主管"),
    "manager": gettext_lazy("所有主管"),
    "approver": gettext_lazy("审批人"),
    "investigator": gettext_lazy("调查员"),
}
EFFECT_WORDS: dict[str, Any] = {
    "": gettext_lazy("不改变案件"),
    "assign_manager": gettext_lazy("案件转给小组主管"),
    "resume": gettext_lazy("暂停的期限继续计时"),
}


def joined(words: Iterable[Any]) -> str:
    """Write a list with its comma."""
    return pgettext("list separator", "、").join(str(word) for word in words)


def budget_words(policy: ClockPolicy) -> str:
    """Say how much time a policy gives."""
    amount = policy.amount.normalize()
    if policy.unit == BudgetUnit.FIXED:
        return _("到约定的那天")
    texts = {
        BudgetUnit.ELAPSED_HOURS: ngettext(
            "%(amount)s 小时（不分昼夜）", "%(amount)s 小时（不分昼夜）", int(amount)
        ),
        BudgetUnit.WORKING_HOURS: ngettext(
            "%(amount)s 个工作小时", "%(amount)s 个工作小时", int(amount)
        ),
        BudgetUnit.WORKING_DAYS: ngettext(
            "%(amount)s 个工作日", "%(amount)s 个工作日", int(amount)
        ),
        BudgetUnit.CALENDAR_DAYS: ngettext(
            "%(amount)s 个自然日", "%(amount)s 个自然日", int(amount)
        ),
        BudgetUnit.WEEKS: ngettext("%(amount)s 周", "%(amount)s 周", int(amount)),
        BudgetUnit.MONTHS: ngettext("%(amount)s 个月", "%(amount)s 个月", int(amount)),
        BudgetUnit.YEARS: ngettext("%(amount)s 年", "%(amount)s 年", int(amount)),
    }
    return texts[BudgetUnit(policy.unit)] % {"amount": f"{amount:f}"}


def condition_rows(policy: ClockPolicy) -> list[dict[str, Any]]:
    """Say for which cases a policy counts, a row for each condition; none means all."""
    rows = []
    for name, label in FACT_LABELS.items():
        accepted = policy.conditions.get(name)
        if accepted:
            known = dict(FACT_CHOICES.get(name, ()))
            rows.append({"label": label, "value": joined(known.get(v, v) for v in accepted)})
    return rows


def event_words(kind: str) -> str:
    """Name an event that a clock starts or stops with."""
    return str(POLICY_EVENTS.get(kind, kind))


def rung_when(row: Mapping[str, Any]) -> str:
    """Say when a rung is reached."""
    if row["rung"] == "breach":
        return _("到期时")
    if "fraction" in row:
        percent = f"{(Decimal(row['fraction']) * 100).normalize():f}"
        return _("用去 %(percent)s%%") % {"percent": percent}
    hours = Decimal(row["after_hours"]).normalize()
    text = ngettext("到期后 %(hours)s 小时", "到期后 %(hours)s 小时", int(hours))
    return text % {"hours": f"{hours:f}"}


def ladder_rows(policy: ClockPolicy) -> list[dict[str, str]]:
    """Say what happens on the way: when, who is told, what changes."""
    usual = _("案件负责人，到期起还有小组主管")
    return [
        {
            "when": rung_when(row),
            "tell": joined(RECIPIENT_WORDS[who] for who in row.get("tell", ())) or usual,
            "effect": str(EFFECT_WORDS[row.get("effect", "")]),
        }
        for row in policy.ladder
    ]


def pause_rows(policy: ClockPolicy) -> list[dict[str, Any]]:
    """Say for which causes a person may pause, for how long, and whether proof is needed."""
    return [
        {
            "cause": PauseCause(rule["cause"]).label,
            "days": int(rule["cap_days"]),
            "proof": bool(rule.get("proof", True)),
        }
        for rule in policy.pause_rules
    ]
