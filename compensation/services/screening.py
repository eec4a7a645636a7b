"""Screening of claims in the background, and what people decide about it.

A result never moves a case, stops no clock and hides nothing from anybody: it only asks a person
to look. What weighs on the consumer is decided by a person, with a reason that the consumer is
told, and the consumer may appeal to another person.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from compensation.models import (
    ScreeningBand,
    ScreeningDecision,
    ScreeningResult,
    ScreeningSign,
)
from compensation.screening import FoundSigns, score, signs_of
from compensation.selectors.claims import (
    ESTABLISHED,
    bands_today,
    connected_cases,
    screeners,
    screening_claims,
)
from compensation.services.marking import refresh_marks
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import ActorKind

logger = logging.getLogger(__name__)
LOOKS_BACK = timedelta(days=365)
NEW_FILES = timedelta(days=2)
LONGEST_WORDS = 3000


def screen_waiting(*, limit: int = 50) -> int:
    """Screen cases that were not yet, or have new marks; returns how many. Safe to run at once.

    A case that trips the rules is logged and holds up no other.
    """
    return sum(_screened(pk) for pk in _waiting(limit))


def _screened(pk: int) -> bool:
    try:
        return screen_case(pk)
    except Exception:
        # What one claim trips over must not keep the others from being looked at.
        logger.exception("claim_not_screened", extra={"case": pk})
        return False


def _waiting(limit: int) -> list[int]:
    since = now() - LOOKS_BACK
    screened = ScreeningResult.objects.filter(is_current=True)
    stale = list(screened.filter(is_stale=True).values_list("case_id", flat=True)[:limit])
    last = screened.filter(case=OuterRef("case")).values("made_at")[:1]
    grown = Evidence.objects.filter(
        at__gte=now() - NEW_FILES, case__isnull=False, prepared_at__gt=Subquery(last)
    ).values_list("case_id", flat=True)
    fresh = (
        Case.objects.filter(received_at__gte=since)
        .exclude(pk__in=screened.values("case"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return list(dict.fromkeys([*stale, *grown[:limit], *fresh[:limit]]))[:limit]


def screen_case(pk: int) -> bool:
    """Screen a case and whatever it is connected with; says whether there was such a case.

    Cases of the group whose result changes get a new one; those who decided about the earlier one
    need not again while the score has not grown.
    """
    case = Case.objects.select_related("consumer").filter(pk=pk).first()
    if case is None:
        return False
    with transaction.atomic():
        refresh_marks(case)
    found = signs_of(screening_claims(connected_cases(case)))
    group = found.groups.get(pk)
    near = {number for number, other in found.groups.items() if other == group}
    _record_all(sorted({pk, *near}), found)
    return True


@transaction.atomic
def _record_all(pks: list[int], found: FoundSigns) -> None:
    """Write what changed. Cases are locked in the order in which everybody locks them."""
    locked = Case.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
    bands = bands_today()
    for pk in locked.values_list("pk", flat=True):
        _record(pk, found, bands)


def _record(pk: int, found: FoundSigns, bands: Mapping[str, int]) -> None:
    result = score(found.signals.get(pk, ()), **bands)
    new = ScreeningResult(
        case_id=pk,
        made_at=now(),
        score=result.score,
        band=str(result.band),
        reasons=[[str(reason.signal), reason.points] for reason in result.reasons],
        links=[[link.kind, link.accounts, link.places] for link in found.links.get(pk, ())],
        group=found.groups.get(pk),
    )
    held = (
        ScreeningResult.objects.filter(case_id=pk, is_current=True)
        .select_related("decision")
        .first()
    )
    if held is not None and _is_same(held, new):
        ScreeningResult.objects.filter(pk=held.pk).update(is_stale=False, made_at=new.made_at)
        return
    if held is not None:
        ScreeningResult.objects.filter(pk=held.pk).update(is_current=False)
    new.save(force_insert=True)


def _is_same(held: ScreeningResult, new: ScreeningResult) -> bool:
    if hasattr(held, "decision") and new.score <= held.score:
        return True
    told = ("score", "band", "reasons", "links", "group")
    return all(getattr(held, name) == getattr(new, name) for name in told)


def require_screener(by: Actor) -> None:
    """Raise StepForbidden unless the actor may look at odd claims."""
    if by.user is None or not has_permission(by, Permission.SCREEN_CLAIMS):
        raise StepForbidden(_("你的角色不能做这件事。"))


def establish_sign(case: Case, *, by: Actor, signal: str, reason: str) -> ScreeningSign:
    """Record a sign that a person established (a forgery, a threat, a serial number that can't be).

    The same sign again changes nothing. Raises CaseError for another sign or without a reason.
    """
    require_screener(by)
    if signal not in ESTABLISHED:
        raise CaseError(_("请选择一种情况。"), field="signal")
    words = _said(reason, field="sign_reason")
    sign = _establish(case, by=by, signal=signal, words=words)
    screen_case(case.pk)
    return sign


@transaction.atomic
def _establish(case: Case, *, by: Actor, signal: str, words: str) -> ScreeningSign:
    case = locked_case(case)
    sign, is_new = ScreeningSign.objects.get_or_create(
        case=case, signal=signal, defaults={"reason": words, "by": by.person, "at": now()}
    )
    if is_new:
        touch(case, "screening_sign", by=by, data={"signal": signal})
    return sign


@transaction.atomic
def decide_screening(
    result: ScreeningResult, *, by: Actor, outcome: str, reason: str, words: str = ""
) -> ScreeningDecision:
    """Decide about a result, with a reason; what weighs on the consumer is told to them in `words`.

    Raises CaseError without a reason, without words for the consumer where it is adverse, and when
    it was decided or has a newer result.
    """
    require_screener(by)
    if outcome not in ScreeningDecision.Outcome.values:
        raise CaseError(_("请选择一个决定。"), field="outcome")
    adverse = outcome != ScreeningDecision.Outcome.CLEARED
    reason = _said(reason, field="reason")
    words = _said(words, field="words") if adverse else ""
    case = locked_case(result.case)
    fresh = ScreeningResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if hasattr(fresh, "decision"):
        raise CaseError(_("这条筛查结果已经有人决定了。"))
    if not fresh.is_current or fresh.band == ScreeningBand.NORMAL:
        raise CaseError(_("筛查结果有变化，请看最新的一条。"))
    decision = ScreeningDecision.objects.create(
        result=fresh,
        outcome=outcome,
        reason=reason,
        words=words,
        decided_by=by.person,
        decided_at=now(),
    )
    data = {"result": fresh.pk, "outcome": outcome}
    case = touch(case, _event(adverse), by=by, data=data, for_consumer=adverse)
    if adverse:
        _tell(case, "screening_decided", decision)
    return decision


def _event(adverse: bool) -> str:
    return "screening_decided" if adverse else "screening_cleared"


@transaction.atomic
def appeal_screening(decision: ScreeningDecision, *, by: Actor, text: str) -> ScreeningDecision:
    """Take the consumer's appeal; the first one counts, and others than who decided are told.

    Raises CaseError for an empty one.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("申诉由消费者自己提出。"))
    said = _said(text, field="text")
    case = locked_case(decision.result.case)
    fresh = ScreeningDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if not fresh.is_adverse:
        raise CaseError(_("这条决定对你没有不利，不用申诉。"))
    if fresh.appealed_at is not None:
        return fresh
    fresh.appeal, fresh.appealed_at = said, now()
    fresh.save(update_fields=["appeal", "appealed_at"])
    data = {"result": fresh.result_id}
    case = touch(case, "screening_appealed", by=by, data=data, for_consumer=True)
    others = screeners(case, but=fresh.decided_by)
    tell_staff(case, "screening_appealed", users=others, key=f"appealed:{fresh.pk}", data=data)
    return fresh


@transaction.atomic
def answer_appeal(
    decision: ScreeningDecision, *, by: Actor, outcome: str, words: str
) -> ScreeningDecision:
    """Decide about an appeal, by somebody else than who decided first; the consumer is told why.

    Raises StepForbidden for one's own decision, CaseError without an appeal or a reason.
    """
    require_screener(by)
    if outcome not in ScreeningDecision.AppealOutcome.values:
        raise CaseError(_("请选择维持或者撤销。"), field="appeal_outcome")
    said = _said(words, field="appeal_words")
    case = locked_case(decision.result.case)
    fresh = ScreeningDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if fresh.decided_by_id == by.person.pk:
        raise StepForbidden(_("不能答复对自己决定的申诉，请另一位同事来看。"))
    if not fresh.awaits_appeal:
        raise CaseError(_("这条决定没有待答复的申诉。"))
    fresh.appeal_outcome, fresh.appeal_words = outcome, said
    fresh.appeal_by, fresh.appeal_decided_at = by.person, now()
    fresh.save(update_fields=["appeal_outcome", "appeal_words", "appeal_by", "appeal_decided_at"])
    data = {"result": fresh.result_id, "outcome": outcome}
    case = touch(case, "screening_answered", by=by, data=data, for_consumer=True)
    _tell(case, "screening_answered", fresh)
    return fresh


def _said(text: str, *, field: str) -> str:
    if not text.strip():
        raise CaseError(_("请写明理由。"), field=field)
    if len(text) > LONGEST_WORDS:
        raise CaseError(_("内容太长，最多 %(most)d 字。") % {"most": LONGEST_WORDS}, field=field)
    return text.strip()


def _tell(case: Case, kind: str, decision: ScreeningDecision) -> None:
    if case.imported_at is None:
        tell_consumer(case, kind, key=f"{kind}:{decision.pk}")
