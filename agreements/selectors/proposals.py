"""What an agreement would say, derived from the offer that the consumer accepted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agreements.days import today
from agreements.periods import SIGN_DAYS
from agreements.states import ObligationKind
from agreements.terms import AgreementTerms, PartyData, TermLine, Undertaking
from compensation.models import Offer, PlanLine, PlanOption
from compensation.selectors import accepted_offer
from compensation.states import LineKind
from complaints.models import Case, CaseEvent
from liability.models import LiabilityFinding
from liability.states import Outcome, ShareTable

LONGEST_STORY = 600
_KIND_OF_LINE = {
    LineKind.REPLACE: ObligationKind.REPLACEMENT,
    LineKind.REPAIR: ObligationKind.REPAIR,
    LineKind.VOUCHER: ObligationKind.VOUCHER,
}


def chosen_offer(case: Case) -> Offer | None:
    """Return the accepted offer with its option, or None."""
    offer = accepted_offer(case)
    return offer if offer is not None and offer.chosen_option is not None else None


def least_by_review(case: Case) -> Decimal:
    """Return the amount below which a review lets no agreement of this case go; 0 without one."""
    event = CaseEvent.objects.filter(case=case, kind="vary").order_by("-sequence").first()
    return Decimal(event.data.get("least_amount", "0")) if event else Decimal(0)


def proposed_terms(case: Case) -> AgreementTerms | None:
    """Return the terms that follow from the accepted offer, or None while there is none."""
    offer = chosen_offer(case)
    option = offer.chosen_option if offer else None
    if offer is None or option is None:
        return None
    with translation.override(case.language):
        lines, credits = money_lines(option)
        return AgreementTerms(
            lines=lines,
            credits=credits,
            undertakings=_undertakings(option, due_on=_due_on(option)),
            complaint=case.description[:LONGEST_STORY],
            findings=offer.plan.finding.reasons_consumer,
            liability=liability_statement(offer.plan.finding),
            admits_liability=offer.plan.finding.admits_liability,
            method=option.arrival_text,
            gives_up=default_waiver(),
            arbitration="",
        )


def proposed_party(case: Case) -> PartyData:
    """Return the consumer's particulars as far as they are known."""
    contact = case.consumer.contact
    return PartyData(
        name=contact.get("name", ""),
        phone=contact.get("phone", "") or contact.get("email", ""),
        address=contact.get("address", ""),
    )


def default_waiver() -> str:
    """Return what the consumer gives up by signing: nothing that the law protects."""
    return _("无。人身损害和以后才发现的损失，仍可以主张。")


def money_lines(option: PlanOption) -> tuple[tuple[TermLine, ...], tuple[TermLine, ...]]:
    """Return an option's lines of money, and what was paid already."""
    money = [line for line in option.lines.order_by("position") if line.is_cash]
    return (
        tuple(_term_line(line) for line in money if line.kind != LineKind.CREDIT),
        tuple(_term_line(line) for line in money if line.kind == LineKind.CREDIT),
    )


def _term_line(line: PlanLine) -> TermLine:
    formula = f"{line.quantity} {line.unit}".strip() if line.quantity > 1 else ""
    return TermLine(
        label=line.description, amount=line.amount, basis=line.legal_basis, formula=formula
    )


def _due_on(option: PlanOption) -> date:
    return today() + timedelta(days=SIGN_DAYS + option.performance_days)


def _undertakings(option: PlanOption, *, due_on: date) -> tuple[Undertaking, ...]:
    duties: list[Undertaking] = []
    if option.total > 0:
        duties.append(
            Undertaking(
                kind=ObligationKind.PAYMENT,
                description=_("支付补偿款"),
                due_on=due_on,
                amount=option.total,
            )
        )
    for line in option.lines.order_by("position"):
        if not line.is_cash:
            kind = _KIND_OF_LINE.get(LineKind(line.kind), ObligationKind.OTHER)
            duties.append(Undertaking(kind=kind, description=line.description, due_on=due_on))
    for text in option.non_cash_duties.splitlines():
        if text.strip():
            duties.append(_duty(text.strip(), due_on=due_on))
    return tuple(duties)


_KIND_BY_WORD = (
    (ObligationKind.APOLOGY, ("道歉", "apolog")),
    (ObligationKind.DONATION, ("捐", "donat")),
    (ObligationKind.POINTS, ("积分", "points")),
    (ObligationKind.VISIT, ("上门", "visit")),
)


def _duty(text: str, *, due_on: date) -> Undertaking:
    plain = text.lower()
    kind = next(
        (kind for kind, words in _KIND_BY_WORD if any(word in plain for word in words)),
        ObligationKind.OTHER,
    )
    proof = _("捐赠票据") if kind == ObligationKind.DONATION else ""
    return Undertaking(kind=kind, description=text[:300], due_on=due_on, proof=proof)


def liability_statement(finding: LiabilityFinding) -> str:
    """Return the finding as one sentence of an agreement."""
    if finding.outcome == Outcome.LIABLE:
        return _("甲方对上述问题承担责任。")
    if finding.outcome == Outcome.PARTLY:
        rows = finding.shares.filter(table=ShareTable.OUTWARD).order_by("position")
        shares = pgettext("list separator", "、").join(
            f"{row.get_party_display()} {row.share.normalize():f}%" for row in rows
        )
        return _("各方责任比例为：%(shares)s。甲方按本协议承担自己的部分。") % {"shares": shares}
    return _("责任没有查明，甲方自愿按本协议补偿。")
