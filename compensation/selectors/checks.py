"""Why a plan is looked at by another person: amount, severity, deviation, similar cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from compensation.models import CompensationPlan
from compensation.selectors.plans import Authority, highest_cost, needs_approver
from compensation.selectors.proposals import Proposal, proposal_for
from compensation.totals import option_totals
from complaints.models import Case
from complaints.states import Severity

TOLERANCE = Decimal("0.10")
"""How far an option may lie from the standard before that is a deviation."""
SMALL = Decimal("20.00")
"""A difference in money that is none, whatever its share."""

AMOUNT, SPECIAL, DEVIATION, OUTLIER, BELOW, BEFOREHAND = (
    "amount",
    "special",
    "deviation",
    "outlier",
    "below_floor",
    "beforehand",
)


def plan_checks(
    case: Case, plan: CompensationPlan, *, alone: Authority, proposal: Proposal | None = None
) -> list[dict[str, str]]:
    """Return every reason for another person's eyes, with its figures; none: the author decides."""
    proposal = proposal or proposal_for(case, plan.sheet)
    cost = highest_cost(plan)
    found: list[dict[str, str]] = []
    if not alone.covers(cost):
        limit = f"{alone.most or 0:.2f}"
        found.append(_check(AMOUNT, cost=cost, limit=limit, severity=case.severity))
    if needs_approver(plan):
        found.append(_check(SPECIAL))
    if plan.informed_choice:
        found.append(_check(BELOW))
    found += _deviations(plan, proposal)
    return found + _outliers(plan, proposal)


def _check(code: str, **figures: Any) -> dict[str, str]:
    return {"code": code, **{name: str(value) for name, value in figures.items()}}


def deviation_of(checks: Iterable[Mapping[str, str]]) -> Decimal | None:
    """Return the widest deviation among checks, as a share; None where nothing deviates."""
    shares = [Decimal(one["share"]) for one in checks if one["code"] == DEVIATION]
    return max(shares, key=abs, default=None)


def _deviations(plan: CompensationPlan, proposal: Proposal) -> list[dict[str, str]]:
    """Compare each option with the proposed one of its kind, or with the dearest of all."""
    standard = {one.kind: option_totals(one.lines).cost for one in proposal.options}
    if not standard:
        return []
    found, dearest = [], max(standard.values())
    for option in plan.options.all():
        cost = option.totals.cost
        should = standard.get(option.kind)
        if should is None and cost <= dearest:
            continue
        should = dearest if should is None else should
        share = ((cost - should) / max(should, Decimal(1))).quantize(
            Decimal("0.0001"), ROUND_HALF_UP
        )
        if abs(share) > TOLERANCE and abs(cost - should) > SMALL:
            found.append(
                _check(DEVIATION, option=option.title, cost=cost, standard=should, share=share)
            )
    return found


def _outliers(plan: CompensationPlan, proposal: Proposal) -> list[dict[str, str]]:
    """Compare each option with what similar consumers got by the same kind, where enough did."""
    found = []
    for option in plan.options.all():
        usual = proposal.similar.by_kind.get(option.kind)
        cost = option.totals.cost
        if usual is not None and not usual.holds(cost):
            figures = {"low": usual.low, "high": usual.high, "count": usual.count}
            found.append(_check(OUTLIER, option=option.title, cost=cost, **figures))
    return found


def check_words(check: Mapping[str, str]) -> str:
    """Return a check as people read it."""
    code = check["code"]
    if code == AMOUNT:
        severity = check.get("severity", "")
        told = {
            "cost": check["cost"],
            "limit": check["limit"],
            "severity": Severity(severity).label if severity else _("未定级"),
        }
        return _("金额 %(cost)s 超过拟定人的额度 %(limit)s（%(severity)s）") % told
    if code == SPECIAL:
        return _("含增加赔偿或精神损害抚慰金，要由审批人确认")
    if code == BELOW:
        return _("有低于法定最低金额的选项，依据是记录的知情选择")
    if code == BEFOREHAND:
        return _("即时方案，由预先批准 %(number)s 的人批准") % {"number": check["number"]}
    if code == DEVIATION:
        percent = f"{Decimal(check['share']) * 100:+.0f}%"
        told = {"option": check["option"], "cost": check["cost"], "standard": check["standard"]}
        words = _("「%(option)s」%(cost)s，公司标准是 %(standard)s（%(percent)s）")
        return words % {**told, "percent": percent}
    return _(
        "「%(option)s」%(cost)s，不在 %(count)s 起相似案件的常见范围 %(low)s 到 %(high)s 之内"
    ) % {name: check[name] for name in ("option", "cost", "count", "low", "high")}


def shown_checks(plan: CompensationPlan) -> list[str]:
    """Return the words of the checks that a plan was submitted with."""
    return [check_words(check) for check in plan.checks]
