"""What keeps an agreement from being issued: each block names its field and says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from agreements.capitals import NotCapitals, from_capitals, to_capitals
from agreements.clauses import INJURY, INTERPRETATION, void_clauses
from agreements.days import today
from agreements.errors import AgreementBlocked
from agreements.models import Wording
from agreements.money import BEFORE_CAPITALS
from agreements.selectors.proposals import money_lines
from agreements.states import AgreementKind
from agreements.terms import AgreementTerms, PartyData
from compensation.models import CompensationPlan, PlanOption

Reasons = list[tuple[str, Any]]


@dataclass(frozen=True)
class Proposed:
    """An agreement as it would be issued."""

    kind: str
    terms: AgreementTerms
    party: PartyData
    currency: str
    total_capitals: str
    plan: CompensationPlan | None = None
    option: PlanOption | None = None
    minimum_waiver: str = ""
    effective_on: date | None = None
    sign_by_day: date | None = None
    least: Decimal = Decimal(0)
    wording: Wording | None = None

    def texts(self) -> list[str]:
        """Return every text that the company words, for the check against void clauses."""
        texts = [*self.terms.texts(), self.minimum_waiver]
        return [*texts, self.wording.title, self.wording.body] if self.wording else texts


def check_issuable(proposed: Proposed) -> None:
    """Raise AgreementBlocked with every reason why this text may not be issued."""
    reasons = [
        *_parties(proposed.party),
        *_sums(proposed),
        *_days(proposed),
        *_wording(proposed.texts()),
        *_same_as_chosen(proposed),
        *_minimum(proposed),
        *_review(proposed),
    ]
    if reasons:
        raise AgreementBlocked(reasons)


def _parties(party: PartyData) -> Reasons:
    reasons: Reasons = []
    if not (settings.COMPANY_NAME and settings.COMPANY_CREDIT_CODE and settings.COMPANY_ADDRESS):
        reasons.append(("", _("公司的名称、统一社会信用代码和地址还没有设置，请联系管理员。")))
    if not party.name.strip():
        reasons.append(("name", _("请填写消费者的姓名，协议要写明当事人。")))
    if not (party.phone.strip() or party.address.strip()):
        reasons.append(("phone", _("请填写消费者的电话或地址，协议要写明联系方式。")))
    return reasons


def _sums(proposed: Proposed) -> Reasons:
    terms, reasons = proposed.terms, []
    if proposed.currency not in BEFORE_CAPITALS:
        reasons.append(("total", _("协议金额要写人民币大写，请把方案改成人民币。")))
    if terms.total < 0:
        reasons.append(("lines", _("抵扣的金额超过了补偿的合计，请核对。")))
    elif not _reads_as(proposed.total_capitals, terms.total):
        reasons.append(("total", _("大写金额和数字金额不一致，请重新生成协议。")))
    if terms.pledged_money != terms.total:
        reasons.append(
            (
                "undertakings",
                _("各笔付款合计 %(pledged)s，和协议合计 %(total)s 不一致。")
                % {"pledged": terms.pledged_money, "total": terms.total},
            )
        )
    return reasons


def _reads_as(capitals: str, total: Decimal) -> bool:
    try:
        return from_capitals(capitals) == total and to_capitals(total) == capitals
    except NotCapitals:
        return False


def _days(proposed: Proposed) -> Reasons:
    owed = [duty for duty in proposed.terms.undertakings if duty.debtor == "company"]
    if not owed:
        return [("undertakings", _("请写明公司要做什么，至少一项。"))]
    if any(duty.due_on is None for duty in proposed.terms.undertakings):
        return [("due_on", _("每一项都要写明最晚在哪一天完成，不能写「尽快」。"))]
    earliest = min(duty.due_on for duty in proposed.terms.undertakings if duty.due_on)
    if earliest < today():
        return [("due_on", _("履行日期不能早于今天。"))]
    if proposed.sign_by_day is not None and earliest < proposed.sign_by_day:
        return [("due_on", _("履行日期不能早于签署期限，否则一签就逾期。"))]
    if proposed.effective_on is not None and proposed.effective_on < today():
        return [("effective_on", _("生效日期不能早于今天；留空表示最后一方签署时生效。"))]
    if proposed.effective_on is not None and earliest < proposed.effective_on:
        return [("due_on", _("履行日期不能早于协议的生效日期。"))]
    return []


def _wording(texts: list[str]) -> Reasons:
    explained = {
        INJURY: _("免除人身损害责任的条款不能写：「%(wording)s」。"),
        INTERPRETATION: _("保留最终解释权的条款不能写：「%(wording)s」。"),
    }
    other = _("限制投诉、举报、起诉的条款不能写：「%(wording)s」。")
    return [
        ("clauses", explained.get(clause.ground, other) % {"wording": clause.wording})
        for text in texts
        for clause in void_clauses(text)
    ]


def _same_as_chosen(proposed: Proposed) -> Reasons:
    if proposed.kind != AgreementKind.SETTLEMENT or proposed.option is None:
        return []
    lines, credits = money_lines(proposed.option)
    kept = _amounts(proposed.terms.lines) == _amounts(lines)
    if kept and _amounts(proposed.terms.credits) == _amounts(credits):
        return []
    return [("lines", _("赔偿项目和消费者选定的方案不一致，请按方案写，或者重新发出方案。"))]


def _amounts(lines: Any) -> list[tuple[str, Decimal]]:
    return [(line.label, line.amount) for line in lines]


def _minimum(proposed: Proposed) -> Reasons:
    plan, option = proposed.plan, proposed.option
    if plan is None:
        return []
    floor, given = plan.legal_minimum, proposed.terms.total
    if option is not None:
        given = option.totals.statutory
        floor = plan.legal_minimum if option.legal_minimum is None else option.legal_minimum
    chosen = plan.informed_choice or bool(proposed.minimum_waiver.strip())
    if given >= floor or chosen:
        return []
    return [
        (
            "minimum_waiver",
            _("低于法定标准 %(floor)s。请记录消费者知情后仍然这样选择的原因，或者提高金额。")
            % {"floor": floor},
        )
    ]


def _review(proposed: Proposed) -> Reasons:
    if proposed.terms.total >= proposed.least:
        return []
    text = _("复议决定要求不低于 %(least)s，请按复议决定重新提出方案。")
    return [("lines", text % {"least": proposed.least})]
