"""What an instant offer says: facts that the form stated, the law's sheet, options."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from compensation.drafts import LineData, OptionData
from compensation.models import StandingApproval
from compensation.rules import FactError, evaluate
from compensation.selectors.rules import published_book
from compensation.services.sheets import KIND
from compensation.states import Layer, LineKind, OptionKind
from compensation.totals import option_totals
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar

PAY_DAYS, GOODS_DAYS = 3, 7
ZERO = Decimal(0)


@dataclass(frozen=True)
class Proposal:
    """An offer that could be made at once."""

    facts: Mapping[str, Any]
    sheet: Mapping[str, Any]
    floor: Decimal
    options: tuple[OptionData, ...]

    @property
    def cost(self) -> Decimal:
        """What the dearest option costs us in all."""
        return max(option_totals(option.lines).cost for option in self.options)

    @property
    def most(self) -> Decimal:
        """The most that is paid in money."""
        return max(option_totals(option.lines).payable for option in self.options)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        options = json.loads(json.dumps([asdict(one) for one in self.options], default=str))
        return {"facts": dict(self.facts), "sheet": dict(self.sheet), "options": options}


def facts_of(case: Case) -> dict[str, Any]:
    """Return the facts that the form stated. A finding such as fraud is never among them."""
    facts: dict[str, Any] = {
        "price_paid": f"{case.amount_paid or ZERO:.2f}",
        "consumption_purpose": "household",
        "role": "seller",
        "return_and_refund": True,
    }
    if case.purchased_on is not None:
        facts["contract_date"] = case.purchased_on.isoformat()
    return facts


def propose_at_once(case: Case, approval: StandingApproval) -> Proposal | None:
    """Return two options by the engine; None where it gives nothing to refund, or uses a rule whose
    text nobody has checked: then a person plans.
    """
    calendar, facts = working_calendar(), facts_of(case)
    try:
        sheet = evaluate(
            KIND, facts, book=published_book(), calendar=calendar, on=calendar.local_date(now())
        )
    except FactError:
        return None
    stored = sheet.as_data()
    lines = [line for line in stored["lines"] if line["chosen"]]
    if sheet.unchecked or not any(line["kind"] == LineKind.REFUND for line in lines):
        return None
    with translation.override(case.language):
        options = _options(case, lines, extra=approval.extra)
    return Proposal(facts=facts, sheet=stored, floor=sheet.total or ZERO, options=options)


def _options(
    case: Case, lines: list[dict[str, Any]], *, extra: Decimal
) -> tuple[OptionData, OptionData]:
    basis = next(str(line["article"]) for line in lines if line["kind"] == LineKind.REFUND)
    added = [_extra(extra)] if extra > 0 else []
    given = [_given(line) for line in lines]
    refund = OptionData(
        kind=OptionKind.REFUND,
        title=_("退货退款"),
        arrival_text=_("签署后 %(days)d 天内退款；退货的运费由我们付") % {"days": PAY_DAYS},
        performance_days=PAY_DAYS,
        lines=(*given, *added),
    )
    goods = LineData(
        kind=LineKind.REPLACE,
        description=_("换一件同款新的"),
        amount=case.amount_paid or ZERO,
        is_cash=False,
        legal_basis=basis,
    )
    beside = [line for line in given if line.kind not in (LineKind.REFUND, LineKind.CREDIT)]
    replacement = OptionData(
        kind=OptionKind.REPLACEMENT,
        title=_("换新"),
        arrival_text=_("签署后 %(days)d 天内寄出新的；寄回的运费由我们付") % {"days": GOODS_DAYS},
        performance_days=GOODS_DAYS,
        lines=(goods, *beside, *added),
    )
    return refund, replacement


def _given(line: Mapping[str, Any]) -> LineData:
    kind = LineKind(line["kind"])
    return LineData(
        kind=kind,
        description=str(kind.label),
        amount=Decimal(line["amount"]),
        legal_basis=str(line["article"])[:200],
    )


def _extra(amount: Decimal) -> LineData:
    return LineData(
        kind=LineKind.GOODWILL,
        description=_("给你添麻烦的补偿"),
        amount=amount,
        layer=Layer.GOODWILL,
    )


def instant_digest(case: Case, content: Mapping[str, Any], *, expires_at: datetime) -> str:
    """Return the SHA-256 over all that the consumer was shown."""
    told = {
        "case": case.pk,
        "content": content,
        "expires_at": expires_at.astimezone(UTC).isoformat(),
    }
    raw = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
