"""Findings in work: which need another person, and who may be that person today."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.policy_words import joined
from complaints.selectors.owners import absences_on, today
from complaints.states import Severity, Stage
from liability.decisions import FindingData
from liability.models import FindingDraft, FindingLimit, FindingLimitChange
from liability.states import DraftStatus, Outcome


def open_draft(case: Case) -> FindingDraft | None:
    """Return the finding in work of a case, or None."""
    return (
        FindingDraft.objects.filter(case=case)
        .exclude(status=DraftStatus.ISSUED)
        .select_related("saved_by", "submitted_by", "decided_by", "decided_for")
        .first()
    )


def drafts_to_approve() -> QuerySet[FindingDraft]:
    """Return the findings that wait for another person, the longest waiting first."""
    return (
        FindingDraft.objects.filter(status=DraftStatus.SUBMITTED, case__stage=Stage.INVESTIGATING)
        .select_related("case", "submitted_by")
        .order_by("submitted_at", "pk")
    )


def expected_amount(case: Case, finding: FindingData) -> Decimal:
    """Return what redress is likely to cost: as estimated, else as wished for, else the price."""
    for amount in (finding.expected_amount, case.wished_amount, case.amount_paid):
        if amount is not None:
            return amount
    return Decimal(0)


def over_limits(case: Case, finding: FindingData) -> list[dict[str, str]]:
    """Return why a finding needs another person's approval; none when it doesn't.

    Each reason is the limit that it is over, with the amount; `reason_words` says it.
    """
    amount = expected_amount(case, finding)
    return [
        _reason(limit, amount)
        for limit in FindingLimit.objects.filter(is_active=True).order_by("pk")
        if limit.severity in ("", case.severity)
        and limit.outcome in ("", finding.outcome)
        and (limit.amount_over is None or amount > limit.amount_over)
    ]


def limits() -> QuerySet[FindingLimit]:
    """Return the limits with their changes, those in use first."""
    changes = FindingLimitChange.objects.select_related("changed_by").order_by("-id")
    return FindingLimit.objects.prefetch_related(Prefetch("changes", queryset=changes)).order_by(
        "-is_active", "pk"
    )


def limit_words(limit: FindingLimit | FindingLimitChange) -> str:
    """Say which findings a limit concerns."""
    parts = _scope(limit.severity, limit.outcome)
    if limit.amount_over is not None:
        parts.append(_("预计金额超过 %(limit)s") % {"limit": f"{limit.amount_over:,.2f}"})
    return joined(parts) if parts else _("所有认定都要批准")


def _reason(limit: FindingLimit, amount: Decimal) -> dict[str, str]:
    found = {"severity": limit.severity, "outcome": limit.outcome}
    if limit.amount_over is not None:
        found |= {"amount": f"{amount:.2f}", "limit": f"{limit.amount_over:.2f}"}
    return {name: value for name, value in found.items() if value}


def reason_words(reason: Mapping[str, str] | str) -> str:
    """Say why a finding needs approval, in the reader's language; words that were kept stay."""
    if isinstance(reason, str):
        return reason
    parts = _scope(reason.get("severity", ""), reason.get("outcome", ""))
    if "limit" in reason:
        parts.append(_("预计金额 %(amount)s 超过 %(limit)s") % reason)
    return joined(parts) if parts else _("所有认定都要批准")


def why_approved(draft: FindingDraft) -> list[str]:
    """Return why a finding in work needs approval, in words."""
    return [reason_words(reason) for reason in draft.over_limits]


def _scope(severity: str, outcome: str) -> list[str]:
    parts = []
    if severity:
        parts.append(_("严重程度是「%(severity)s」") % {"severity": Severity(severity).label})
    if outcome:
        parts.append(_("结论是「%(outcome)s」") % {"outcome": Outcome(outcome).label})
    return parts


def holders() -> list[User]:
    """Return those whose role lets them approve findings."""
    roles = sorted(PERMISSION_ROLES[Permission.APPROVE_FINDING])
    return list(User.objects.filter(is_active=True, roles__overlap=roles).order_by("pk"))


def approvers_today(draft: FindingDraft) -> list[tuple[User, User | None]]:
    """Return who may approve a draft today, with the person in whose place they stand.

    Who is away is replaced by their stand-in. Nobody who wrote in the draft is among them, nor
    anybody who stands in for one of them.
    """
    people, away = holders(), absences_on(today())
    known = {person.pk for person in people}
    found: list[tuple[User, User | None]] = []
    for person in people:
        if person.pk in draft.authors:
            continue
        absence = away.get(person.pk)
        if absence is None:
            found.append((person, None))
            continue
        other = absence.stand_in
        if other and other.is_active and other.pk not in known and other.pk not in draft.authors:
            found.append((other, person))
    return found


def place_of(user: User, draft: FindingDraft) -> tuple[bool, User | None]:
    """Say whether somebody may approve a draft today, and in whose place."""
    if user.pk in draft.authors or not user.is_active:
        return False, None
    if any(user.pk == person.pk for person in holders()):
        return True, None
    for person, principal in approvers_today(draft):
        if person.pk == user.pk:
            return True, principal
    return False, None


def approval_obstacle(actor: Actor, draft: FindingDraft) -> str:
    """Say why somebody can't approve a draft; "" when they can."""
    if actor.user is None:
        return _("你的角色不能批准责任认定。")
    if actor.user.pk in draft.authors:
        return _("你参与了拟定，要由另一位同事批准。")
    return "" if place_of(actor.user, draft)[0] else _("你的角色不能批准责任认定。")
