"""An agreement in a few rows, and its obligations as rows of a table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agreements.models import Agreement, Obligation
from agreements.money import shown, with_currency
from agreements.selectors.reserves import reserves_of
from agreements.states import Debtor, Handover, ObligationKind, ObligationStatus, PayoutState
from agreements.terms import AgreementTerms, Undertaking
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import Permission, has_permission
from complaints.states import Stage

PERFORMING = (Stage.FULFILLING, Stage.BREACHED, Stage.MEDIATING, Stage.EXTERNAL)
_TONES = {
    ObligationStatus.PERFORMED: "ok",
    ObligationStatus.CONFIRMED: "ok",
    ObligationStatus.PENDING: "",
    ObligationStatus.WAIVED: "",
}


def summary_rows(agreement: Agreement, *, for_staff: bool = False) -> list[dict[str, Any]]:
    """Return the rows of a summary list: items, total in figures and capitals, days, waiver."""
    terms, currency = agreement.text, agreement.currency
    rows = [{"label": _("协议编号"), "value": agreement.number}]
    rows += [
        {"label": line.label, "value": shown(line.amount, currency), "note": line.basis}
        for line in terms.lines
    ]
    rows += [
        {"label": _("减去：%(label)s") % {"label": row.label}, "value": shown(row.amount, currency)}
        for row in terms.credits
    ]
    rows += [_total_row(agreement), *(_duty_row(d, currency) for d in terms.undertakings)]
    rows += _text_rows(agreement, terms)
    if for_staff:
        rows += _staff_rows(agreement)
    return rows


def _total_row(agreement: Agreement) -> dict[str, Any]:
    note = with_currency(agreement.total_capitals, agreement.currency)
    amount = shown(agreement.total, agreement.currency)
    return {"label": _("合计"), "value": amount, "note": note, "total": True}


def _duty_row(duty: Undertaking, currency: str) -> dict[str, Any]:
    day = duty.due_on.isoformat() if duty.due_on else ""
    who = _("你要做的") if duty.debtor == Debtor.CONSUMER else _("我们要做的")
    text = duty.description
    if duty.kind == ObligationKind.PAYMENT and duty.amount is not None:
        text = _("%(text)s %(amount)s") % {"text": text, "amount": shown(duty.amount, currency)}
    return {"label": who, "value": text, "note": _("最晚 %(day)s") % {"day": day}}


def _text_rows(agreement: Agreement, terms: AgreementTerms) -> list[dict[str, Any]]:
    told = [
        (_("到账"), terms.method),
        (_("退回商品"), terms.goods_return),
        (_("发票"), terms.invoice),
        (_("责任（协议原文）"), terms.liability),
        (_("你放弃的权利"), terms.gives_up or _("无")),
        (_("生效日期"), agreement.effective_on.isoformat() if agreement.effective_on else ""),
        (_("我们逾期时"), _late_words(terms)),
        (_("余款一次付清"), _rest_words(terms)),
        (_("分期的担保"), terms.security),
        (_("争议交给仲裁"), terms.arbitration),
        (_("调解员"), " ".join(filter(None, [terms.mediator, terms.mediator_organisation]))),
        (_("低于法定标准"), agreement.minimum_waiver),
    ]
    rows = [{"label": label, "value": value} for label, value in told if value]
    return rows + [{"label": clause.title, "value": clause.text} for clause in terms.clauses]


def _late_words(terms: AgreementTerms) -> str:
    if not terms.penalty_rate:
        return ""
    rate = {"rate": f"{terms.penalty_rate}%"}
    words = [_("每天按未付金额的 %(rate)s 付违约金，并且继续履行") % rate]
    if terms.grace_days:
        words.append(_("%(days)d 天以内付清的不计") % {"days": terms.grace_days})
    if terms.penalty_cap:
        words.append(_("最多是逾期金额的 %(cap)s") % {"cap": f"{terms.penalty_cap}%"})
    return pgettext("list separator", "；").join(words)


def _rest_words(terms: AgreementTerms) -> str:
    if not terms.acceleration_days:
        return ""
    words = _("一期逾期超过 %(days)d 天，你可以要求把没付的一次付清")
    return words % {"days": terms.acceleration_days}


def _staff_rows(agreement: Agreement) -> list[dict[str, Any]]:
    party = agreement.party
    return [
        {"label": _("收款方式"), "value": masked(party.payee)},
    ]


def masked(payee: str) -> str:
    """Return an account with all but its last four digits hidden; other texts as they are."""
    digits = sum(char.isdigit() for char in payee)
    if digits < 8:
        return payee
    hidden, left = [], digits - 4
    for char in payee:
        hidden.append("*" if char.isdigit() and left > 0 else char)
        left -= char.isdigit()
    return "".join(hidden)


def obligation_rows(duties: list[Obligation], case: Case, actor: Actor) -> list[dict[str, Any]]:
    """Return obligations with their payments and the page on which the next thing is recorded."""
    reserves = reserves_of(case, duties)
    return [
        {
            "duty": duty,
            "amount": shown(duty.amount, duty.currency) if duty.amount is not None else "",
            "reserve": _reserve_words(*reserves[duty.pk], duty) if duty.pk in reserves else "",
            "tone": _TONES[ObligationStatus(duty.status)],
            "payments": list(duty.payments.all()),
            "payouts": [row for row in duty.payouts.all() if row.state != PayoutState.REMOVED],
            "link": _link(duty, case, actor),
            "goods": getattr(duty, "goods", None) if _is_goods(duty) else None,
            "more": _goods_links(duty, case, actor),
        }
        for duty in duties
    ]


def _reserve_words(by: Decimal, owed: Decimal, duty: Obligation) -> str:
    """Say how much of a payment stands by in the fund, and what is missing."""
    if by >= owed:
        return _("款已备好")
    said = {"by": shown(by, duty.currency), "missing": shown(owed - by, duty.currency)}
    return _("备了 %(by)s，还差 %(missing)s") % said


def _link(duty: Obligation, case: Case, actor: Actor) -> dict[str, str] | None:
    stages = PERFORMING if duty.debtor == Debtor.COMPANY else (*PERFORMING, Stage.FOLLOWING_UP)
    if duty.status != ObligationStatus.PENDING or case.stage not in stages:
        return None
    args = [case.reference, duty.pk]
    is_money = duty.kind == ObligationKind.PAYMENT and duty.debtor == Debtor.COMPANY
    if is_money:
        if not has_permission(actor, Permission.RECORD_PAYMENT):
            return None
        return {"label": _("登记付款"), "href": reverse("agreements:pay", args=args)}
    if not has_permission(actor, Permission.HANDLE_CASE):
        return None
    if _is_goods(duty):
        return {"label": _("验收"), "href": reverse("agreements:goods", args=args)}
    return {"label": _("登记履行"), "href": reverse("agreements:perform", args=args)}


def _is_goods(duty: Obligation) -> bool:
    theirs = duty.debtor == Debtor.CONSUMER
    return theirs and duty.kind == ObligationKind.RETURN_OF_GOODS


def _goods_links(duty: Obligation, case: Case, actor: Actor) -> list[dict[str, str]]:
    """Return what else can be done about goods that are still to come."""
    if not _is_goods(duty) or _link(duty, case, actor) is None:
        return []
    goods, args = getattr(duty, "goods", None), [case.reference, duty.pk]
    if goods is not None and goods.handed_over_at is not None:
        return []
    links = [{"label": _("已交给快递"), "href": reverse("agreements:goods_sent", args=args)}]
    if duty.pickup == Handover.PICKUP:
        again = goods is not None and goods.arranged_at is not None
        label = _("改约取件") if again else _("安排取件")
        links.insert(0, {"label": label, "href": reverse("agreements:pickup", args=args)})
    return links
