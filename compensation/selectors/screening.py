"""Odd claims for those who look: the list, one result in words, and how often it is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from compensation.models import MarkKind, ScreeningBand, ScreeningDecision, ScreeningResult
from compensation.screening import Signal
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now

SIGNAL_WORDS = {
    Signal.FREQUENT: _("90 天内 5 起以上"),
    Signal.OVER_THREE_TIMES: _("索赔超过订单的 3 倍，没有损失凭证"),
    Signal.PICTURE_REUSED: _("同一张图片用在不同的订单上"),
    Signal.SHARED_PAYEE: _("3 处以上的账户共用收款账户"),
    Signal.SHARED_DEVICE: _("3 处以上的账户共用设备"),
    Signal.SHARED_ADDRESS: _("同一地址的 3 个账户用同一张图片"),
    Signal.SERIAL_MISMATCH: _("序列号或批次对不上"),
    Signal.METADATA_EARLIER: _("图片信息早于购买日期"),
    Signal.TEMPLATE_TEXT: _("文字和别处的投诉几乎相同"),
    Signal.BOUGHT_AGAIN: _("发现问题后 7 天内又买 3 次以上"),
    Signal.THREAT: _("以曝光相威胁要求付款"),
    Signal.FORGED: _("已确认材料虚构"),
}
MOST_NEIGHBOURS = 20
YEAR = timedelta(days=365)


def results_to_see(actor: Actor, *, decided: bool = False) -> QuerySet[ScreeningResult]:
    """Return the results that ask for a person, the highest score first; or those decided."""
    rows = ScreeningResult.objects.filter(case__in=visible_cases(actor)).select_related(
        "case__owner", "decision__decided_by"
    )
    if decided:
        return rows.filter(decision__isnull=False).order_by("-decision__decided_at", "-pk")
    waiting = Q(decision__isnull=True) & ~Q(band=ScreeningBand.NORMAL) & Q(is_current=True)
    appealed = Q(decision__appealed_at__isnull=False, decision__appeal_outcome="")
    return rows.filter(waiting | appealed).order_by("-score", "pk")


def current_result(case: Case) -> ScreeningResult | None:
    """Return the screening of a case that counts, with its decision; None before the first."""
    return (
        ScreeningResult.objects.filter(case=case, is_current=True)
        .select_related("decision")
        .first()
    )


def reasons_of(result: ScreeningResult) -> list[dict[str, Any]]:
    """Return the signs of a result in words, with their points."""
    return [
        {"words": SIGNAL_WORDS[Signal(code)], "points": points} for code, points in result.reasons
    ]


def links_of_result(result: ScreeningResult) -> list[dict[str, Any]]:
    """Return what the claim shares, in words, and how many accounts and homes share it."""
    return [
        {"kind": MarkKind(kind).label, "accounts": accounts, "places": places}
        for kind, accounts, places in result.links
    ]


def neighbours(result: ScreeningResult, actor: Actor) -> list[Case]:
    """Return other cases of the same group that the person may see, the newest first."""
    if result.group is None:
        return []
    group = ScreeningResult.objects.filter(group=result.group, is_current=True)
    cases = visible_cases(actor).filter(pk__in=group.values("case")).exclude(pk=result.case_id)
    return list(cases.order_by("-pk")[:MOST_NEIGHBOURS])


@dataclass(frozen=True)
class Precision:
    """How often a person who looked found the doubt right, of so many decided in a year."""

    decided: int
    confirmed: int

    @property
    def percent(self) -> int | None:
        """The share in per cent; None before anything was decided."""
        return round(100 * self.confirmed / self.decided) if self.decided else None


def precision_of_screening() -> Precision:
    """Return how right screening was: a doubt counts unless cleared, or lifted on appeal."""
    outcome, lifted = ScreeningDecision.Outcome, ScreeningDecision.AppealOutcome.LIFTED
    adverse = ~Q(outcome=outcome.CLEARED) & ~Q(appeal_outcome=lifted)
    counts = ScreeningDecision.objects.filter(decided_at__gte=now() - YEAR).aggregate(
        decided=Count("pk"), confirmed=Count("pk", filter=adverse)
    )
    return Precision(**counts)


def adverse_decision(case: Case) -> ScreeningDecision | None:
    """Return the latest decision that weighs on the consumer of a case, or None."""
    return (
        ScreeningDecision.objects.filter(result__case=case)
        .exclude(outcome=ScreeningDecision.Outcome.CLEARED)
        .select_related("result__case")
        .order_by("-decided_at", "-pk")
        .first()
    )


def appeal_panel(case: Case) -> dict[str, Any] | None:
    """Return what the consumer's page says of a doubt about their material; None without one."""
    decision = adverse_decision(case)
    return None if decision is None else {"decision": decision}
