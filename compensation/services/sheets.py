"""Reckoning what the law gives in a case, and keeping it with its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compensation.models import EntitlementSheet
from compensation.rules import FactError, Sheet, evaluate
from compensation.rules.schemas import FOUND_BY_PEOPLE
from compensation.selectors.plans import PLAN_STAGES
from compensation.selectors.rules import last_number, published_book
from compensation.services.planning import planner
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from liability.selectors import current_finding

KIND = "compensation"
MOST = Decimal("999999999999.99")


@transaction.atomic
def record_sheet(
    case: Case,
    *,
    by: Actor,
    facts: Mapping[str, Any],
    kind: str = KIND,
    confirmed: bool = False,
    seen: int | None = None,
) -> EntitlementSheet:
    """Reckon a case's legal floor from facts of a kind and keep it; later plans rest on it.

    Findings such as fraud or knowledge count only if the person who reckons has confirmed them.
    Raises CaseError naming the field for facts that can't be, and outside the stages of planning.
    """
    user = planner(by)
    findings = sorted(name for name in FOUND_BY_PEOPLE if facts.get(name) is True)
    if findings and not confirmed:
        raise CaseError(
            _("欺诈、明知这类认定要由人核对证据后确认，请勾选确认。"), field="confirmed"
        )
    case = locked_case(case, seen=seen)
    if case.stage not in PLAN_STAGES or current_finding(case) is None:
        raise CaseError(_("责任认定之后、签署协议之前才能核算法定金额。"))
    moment, calendar = now(), working_calendar()
    on_day = calendar.local_date(moment)
    reckoned = _reckoned(kind, facts, calendar=calendar, on=on_day)
    row = EntitlementSheet.objects.create(
        case=case,
        number=last_number(case) + 1,
        kind=kind,
        facts=dict(facts),
        result=reckoned.as_data(),
        total=reckoned.total or Decimal(0),
        beside_remedy=beside_remedy(reckoned),
        currency=case.currency,
        on_day=on_day,
        calendar_version=calendar.version,
        findings=findings,
        made_by=user,
        made_at=moment,
    )
    touch(case, "sheet_recorded", by=by, data={"sheet": row.pk, "number": row.number})
    return row


def _reckoned(kind: str, facts: Mapping[str, Any], **more: Any) -> Sheet:
    """Return the sheet; one that says what may be chosen, but no money, comes to nothing."""
    try:
        sheet = evaluate(kind, facts, book=published_book(), **more)
    except FactError as error:
        raise CaseError(_refusal(error), field=re.split(r"[.\[]", error.field)[0]) from error
    if (sheet.total or Decimal(0)) > MOST:
        raise CaseError(_("金额太大，请核对。"), field="price_paid")
    return sheet


def _refusal(error: FactError) -> str:
    if error.is_missing:
        return _("还要填这一项，才能算。")
    return _("这一项和其他事实对不上，请核对。")


def beside_remedy(sheet: Sheet) -> Decimal:
    """Return what is due beside a repair or an exchange: everything but the refund."""
    refunds = [line.amount for line in sheet.lines if line.chosen and line.kind == "refund"]
    return max((sheet.total or Decimal(0)) - sum(refunds, Decimal(0)), Decimal(0))
