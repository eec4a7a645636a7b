"""Investigations, statements, and the finding in force."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.selectors.policies import working_calendar
from liability.models import (
    BatchSupply,
    FindingDraft,
    Investigation,
    InvestigationNote,
    LiabilityFinding,
    LiabilityShare,
    Statement,
)
from liability.periods import NOTICE_DAYS, last_day
from liability.states import ConsultStatus, DraftStatus


def current_investigation(case: Case) -> Investigation | None:
    """Return the latest round, or None before the first."""
    return Investigation.objects.filter(case=case).select_related("lead").order_by("-round").first()


def round_in_work(case: Case) -> Investigation | None:
    """Return the latest round with `draft_status`, how far the finding in work is ("" for none)."""
    drafts = FindingDraft.objects.filter(case=OuterRef("case")).exclude(status=DraftStatus.ISSUED)
    return (
        Investigation.objects.filter(case=case)
        .annotate(draft_status=Coalesce(Subquery(drafts.values("status")[:1]), Value("")))
        .order_by("-round")
        .first()
    )


def current_finding(case: Case) -> LiabilityFinding | None:
    """Return the finding in force with its shares, or None before the first."""
    return findings_of(case).first()


def finding_in_force(case: Case) -> LiabilityFinding | None:
    """Return the bare finding in force, with one query, or None."""
    return LiabilityFinding.objects.filter(case=case).order_by("-version").first()


def findings_of(case: Case) -> QuerySet[LiabilityFinding]:
    """Return a case's findings with their shares and evidence, the one in force first."""
    shares = LiabilityShare.objects.order_by("table", "position").prefetch_related("evidence__file")
    return (
        LiabilityFinding.objects.filter(case=case)
        .select_related("decided_by", "approved_by", "approved_for", "letter__file")
        .prefetch_related(Prefetch("shares", queryset=shares))
        .order_by("-version")
    )


def statements_of(case: Case) -> QuerySet[Statement]:
    """Return what was said or asked for, the earliest first; not what was taken back unanswered."""
    return (
        Statement.objects.filter(case=case)
        .exclude(heard_at=None, asked_by_task__status=ConsultStatus.REVOKED)
        .select_related("recorded_by", "asked_by_task")
        .order_by("id")
    )


def notice_ends_on(finding: LiabilityFinding) -> date:
    """Return the last day of the notice period before a case ends without liability."""
    calendar = working_calendar()
    return last_day(calendar.local_date(finding.decided_at), NOTICE_DAYS, calendar)


def in_review_window(case: Case) -> bool:
    """Say whether a review of the result can still be asked for, by the date alone."""
    today = working_calendar().local_date(now())
    return case.review_until is not None and today <= case.review_until


def supplies_of(case: Case) -> QuerySet[BatchSupply]:
    """Return who supplied what for the case's batch; none when the batch is not known."""
    return (
        BatchSupply.objects.filter(batch=case.batch_id)
        .select_related("supplier")
        .order_by("part", "id")
    )


def letter_of(case: Case, version: int) -> LiabilityFinding | None:
    """Return the finding of a version with its letter, or None."""
    return findings_of(case).filter(version=version).first()


def investigations_of(case: Case) -> QuerySet[Investigation]:
    """Return the rounds with their notes, the latest first."""
    notes = InvestigationNote.objects.select_related("author").order_by("-id")
    return (
        Investigation.objects.filter(case=case)
        .select_related("lead", "opened_by")
        .prefetch_related(Prefetch("notes", queryset=notes))
        .order_by("-round")
    )


def possible_leads() -> QuerySet[User]:
    """Return the people who may lead an investigation."""
    roles = sorted(PERMISSION_ROLES[Permission.INVESTIGATE])
    return User.objects.filter(is_active=True, roles__overlap=roles).order_by("display_name", "id")


def evidence_of(case: Case) -> QuerySet[Evidence]:
    """Return a case's evidence, the earliest first."""
    return Evidence.objects.filter(case=case).select_related("file").order_by("id")
