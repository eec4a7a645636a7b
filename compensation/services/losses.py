"""The loss sheet: entering what was lost, and a person's verification of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from compensation.incoterms import may_be_claimed
from compensation.models import LossItem
from compensation.selectors.plans import PLAN_STAGES
from compensation.services.planning import planner
from compensation.states import Incoterm, Leg, LossKind
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.states import Stage

MOST = Decimal("99999999.99")
MOST_ITEMS = 60
CENT = Decimal("0.01")
DAYS_A_YEAR = 365
STAGES = PLAN_STAGES | {Stage.ACCEPTED, Stage.INVESTIGATING}


@dataclass(frozen=True)
class LossData:
    """A loss as it is entered. Interest has a principal, a rate and a last day and no amount."""

    kind: str
    description: str
    incurred_on: date
    claimed: Decimal | None = None
    currency: str = "CNY"
    evidence: Evidence | None = None
    rate: Decimal | None = None
    rate_source: str = ""
    rate_on: date | None = None
    incoterm: str = ""
    leg: str = ""
    principal: Decimal | None = None
    yearly_rate: Decimal | None = None
    until: date | None = None


@transaction.atomic
def enter_loss(case: Case, *, by: Actor, loss: LossData, seen: int | None = None) -> LossItem:
    """Enter a loss as the consumer claims it; it counts for nothing before it is verified.

    Raises CaseError naming the field: an amount or day that can't be, a currency without its
    rate, a leg that the seller carried, evidence of another case.
    """
    user = planner(by)
    case = locked_case(case, seen=seen)
    if case.stage not in STAGES:
        raise CaseError(_("受理之后、签署协议之前才能登记损失。"))
    claimed = _claimed(loss)
    _check_facts(case, loss)
    _check_rate(case, loss)
    number = LossItem.objects.filter(case=case).count() + 1
    if number > MOST_ITEMS:
        raise CaseError(_("损失太多了，请合并同类的。"))
    due = claimed if loss.rate is None else (claimed * loss.rate).quantize(CENT, ROUND_HALF_UP)
    if not 0 < due <= MOST:
        raise CaseError(_("折合以后的金额不对，请核对汇率。"), field="rate")
    item = LossItem.objects.create(
        case=case,
        number=number,
        kind=loss.kind,
        description=loss.description.strip(),
        incurred_on=loss.incurred_on,
        evidence=loss.evidence,
        claimed=claimed,
        currency=loss.currency,
        rate=loss.rate,
        rate_source=loss.rate_source.strip(),
        rate_on=loss.rate_on,
        due=due,
        incoterm=loss.incoterm,
        leg=loss.leg,
        principal=loss.principal,
        yearly_rate=loss.yearly_rate,
        until=loss.until,
        entered_by=user,
        entered_at=now(),
    )
    touch(case, "loss_entered", by=by, data={"loss": item.pk, "number": number})
    return item


def interest(principal: Decimal, yearly_rate: Decimal, first: date, last: date) -> Decimal:
    """Return simple interest to the fen, for the days after the first up to the last."""
    days = (last - first).days
    return (principal * yearly_rate * days / DAYS_A_YEAR).quantize(CENT, ROUND_HALF_UP)


def _claimed(loss: LossData) -> Decimal:
    if loss.kind != LossKind.INTEREST:
        if loss.claimed is None:
            raise CaseError(_("请填写金额"), field="claimed")
        return _checked(loss.claimed, "claimed")
    if loss.principal is None or loss.yearly_rate is None or loss.until is None:
        raise CaseError(_("利息要填本金、年利率和计息到哪天。"), field="principal")
    _checked(loss.principal, "principal")
    if not loss.yearly_rate.is_finite() or not 0 < loss.yearly_rate <= Decimal("0.36"):
        raise CaseError(_("年利率要大于 0，不超过 36%。"), field="yearly_rate")
    if loss.until <= loss.incurred_on:
        raise CaseError(_("计息的最后一天要在起算日之后。"), field="until")
    return _checked(
        interest(loss.principal, loss.yearly_rate, loss.incurred_on, loss.until), "principal"
    )


def _checked(amount: Decimal, field: str) -> Decimal:
    if not amount.is_finite() or not 0 < amount <= MOST:
        raise CaseError(_("金额要大于 0，也不能太大。"), field=field)
    if amount != amount.quantize(CENT):
        raise CaseError(_("金额最多两位小数。"), field=field)
    return amount


def _check_facts(case: Case, loss: LossData) -> None:
    if loss.kind not in LossKind.values or not loss.description.strip():
        raise CaseError(_("请写明是什么损失。"), field="description")
    today = working_calendar().local_date(now())
    if loss.incurred_on > today:
        raise CaseError(_("还没有发生的损失不能登记。"), field="incurred_on")
    if case.purchased_on is not None and loss.incurred_on < case.purchased_on:
        raise CaseError(_("损失发生的日期早于购买日期，请核对。"), field="incurred_on")
    if loss.evidence is not None and loss.evidence.case_id != case.pk:
        raise CaseError(_("请选择本案的证据。"), field="evidence")
    if bool(loss.incoterm) != bool(loss.leg):
        raise CaseError(_("贸易术语和哪一段要一起填。"), field="leg")
    if not loss.incoterm:
        return
    if loss.kind != LossKind.FREIGHT:
        raise CaseError(_("只有运费要填贸易术语。"), field="incoterm")
    if loss.incoterm not in Incoterm.values or loss.leg not in Leg.values:
        raise CaseError(_("请选一项"), field="incoterm")
    if not may_be_claimed(loss.incoterm, loss.leg):
        raise CaseError(
            _("按 %(term)s，「%(leg)s」由卖方承担，费用已经在价款里，不另算损失。")
            % {"term": loss.incoterm, "leg": Leg(loss.leg).label},
            field="leg",
        )


def _check_rate(case: Case, loss: LossData) -> None:
    if len(loss.currency) != 3 or not loss.currency.isascii() or not loss.currency.isupper():
        raise CaseError(_("币种写三个大写字母，例如 USD。"), field="currency")
    told = loss.rate is not None or loss.rate_on is not None or bool(loss.rate_source.strip())
    if loss.currency == case.currency:
        if told:
            raise CaseError(_("和本案币种相同，不用填汇率。"), field="rate")
        return
    if loss.rate is None or loss.rate_on is None or not loss.rate_source.strip():
        raise CaseError(_("和本案币种不同，请写明汇率、来源和日期；不会自动折算。"), field="rate")
    if not loss.rate.is_finite() or not 0 < loss.rate <= 1_000_000:
        raise CaseError(_("汇率要大于 0。"), field="rate")
    if loss.rate_on > working_calendar().local_date(now()):
        raise CaseError(_("汇率日期不能在今天之后。"), field="rate_on")


@transaction.atomic
def verify_loss(
    item: LossItem, *, by: Actor, amount: Decimal, reason: str = "", seen: int | None = None
) -> LossItem:
    """Say how much of a loss is shown; less than was claimed needs its reason.

    It may be said again until the agreement is signed. Raises CaseError naming the field.
    """
    user = planner(by)
    case = locked_case(item.case, seen=seen)
    if case.stage not in STAGES:
        raise CaseError(_("受理之后、签署协议之前才能核定损失。"))
    item = LossItem.objects.get(pk=item.pk)
    if not amount.is_finite() or not 0 <= amount <= item.due:
        raise CaseError(_("核定金额不能小于 0，也不能超过主张的金额。"), field="amount")
    if amount != amount.quantize(CENT):
        raise CaseError(_("金额最多两位小数。"), field="amount")
    if amount < item.due and not reason.strip():
        raise CaseError(_("核定的比主张的少，请写明理由。"), field="reason")
    item.verified, item.reason = amount, reason.strip()
    item.verified_by, item.verified_at = user, now()
    item.save(update_fields=["verified", "reason", "verified_by", "verified_at"])
    touch(case, "loss_verified", by=by, data={"loss": item.pk, "amount": str(amount)})
    return item
