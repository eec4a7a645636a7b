"""The demonstration's plans: losses entered and verified, options as the rules propose them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from compensation.drafts import LineData, OptionData, PlanData
from compensation.models import LossItem
from compensation.selectors.losses import loss_facts
from compensation.selectors.proposals import proposal_for
from compensation.services.losses import LossData, enter_loss, verify_loss
from compensation.states import LineKind, LossKind, OptionKind
from compensation.totals import option_totals
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.states import Severity

ORDER = (OptionKind.REFUND, OptionKind.REPLACEMENT, OptionKind.REPAIR)
REASON = "消费者为取件和检测请了两次假，都有单位证明，另外补偿误工。"


def lose(case: Case, *, by: Actor) -> dict[str, str]:
    """Enter and verify what the consumer lost, once; return it as the facts of the floor."""
    day = (now() - timedelta(days=1)).date()
    known = LossItem.objects.filter(case=case)
    if not known.exists() and case.severity != Severity.MINOR:
        _lose(case, LossKind.FREIGHT, "寄回运费", Decimal("38.00"), day, by=by)
    if known.count() == 1 and case.severity == Severity.SEVERE:
        _lose(case, LossKind.PROPERTY, "台面修复", Decimal("100.00"), day, by=by)
    return {name: f"{amount:.2f}" for name, amount in loss_facts(case).items()}


def _lose(case: Case, kind: str, told: str, amount: Decimal, day: date, *, by: Actor) -> None:
    loss = LossData(kind, told, day, claimed=amount, evidence=case.evidence.first())
    verify_loss(enter_loss(case, by=by, loss=loss), by=by, amount=amount)


def plan_of_rules(case: Case, *, more: bool = False) -> PlanData:
    """Return what the rules propose, the refund first; `more` adds a fifth to the first option."""
    options = sorted(proposal_for(case).options, key=_place)
    if not more or not options:
        return PlanData(options=options)
    return PlanData(options=[_with_goodwill(options[0]), *options[1:]], deviation_reason=REASON)


def _place(option: OptionData) -> int:
    kind = OptionKind(option.kind)
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _with_goodwill(option: OptionData) -> OptionData:
    amount = (option_totals(option.lines).cost / 5).quantize(Decimal(1))
    line = LineData(LineKind.GOODWILL, "误工补偿", amount, layer="goodwill")
    return replace(option, lines=(*option.lines, line))
