"""Proposing urgency and severity: in the transaction that receives a complaint, or after an import.

What was imported is history: its proposal stands there for a person to decide on, and sets neither
urgency nor a clock.
"""

from __future__ import annotations

import logging
import time

from complaints.models import Case, TriageProposal
from complaints.moments import now
from complaints.selectors.triage import similar_on_batch, triage_text
from complaints.states import OPEN_STAGES, Severity, Urgency
from complaints.triage_rules import Facts, Proposal, propose
from complaints.triage_rules.proposing import VERSION, Finding

logger = logging.getLogger(__name__)
AT_ONCE, SECONDS = 250, 8.0


def proposal_for(case: Case) -> Proposal:
    """Return what the rules propose for a Case that need not be saved yet."""
    facts = Facts(
        danger_reported=case.danger_reported,
        issue=case.issue,
        channel=case.channel,
        needs_care=case.consumer.needs_care,
        similar_on_batch=similar_on_batch(case),
    )
    return propose(triage_text(case), facts)


def proposal_row(case: Case, proposal: Proposal) -> TriageProposal:
    """Return a proposal to be kept beside its saved Case: codes and places of words, no words."""
    return TriageProposal(
        case=case,
        urgency=proposal.urgency,
        severity=proposal.severity,
        safety=proposal.safety,
        findings=[
            {"reason": f.reason, "rule": f.rule, "start": f.start, "end": f.end}
            for f in proposal.findings
        ],
        text_length=len(triage_text(case)),
        rules_version=VERSION,
        made_at=now(),
    )


def propose_imported(*, at_once: int = AT_ONCE, seconds: float = SECONDS) -> int:
    """Read open imported cases that have no proposal, for some seconds; return how many were read.

    Each piece is written at once; a worker that dies loses a piece, which the next one reads again.
    Safe to run many times at once: of two proposals for a case the first counts. A case that trips
    the rules is logged, holds up no other, and asks for a person to read it.
    """
    until, done, last = time.monotonic() + seconds, 0, 0
    unread = Case.objects.filter(imported_at__isnull=False, triage_proposal=None)
    unread = unread.filter(stage__in=OPEN_STAGES).select_related("consumer").order_by("pk")
    while time.monotonic() < until:
        cases = list(unread.filter(pk__gt=last)[:at_once])
        if not cases:
            break
        TriageProposal.objects.bulk_create(map(_read, cases), ignore_conflicts=True)
        done, last = done + len(cases), cases[-1].pk
    return done


def _read(case: Case) -> TriageProposal:
    try:
        return proposal_row(case, proposal_for(case))
    except Exception:
        # What one text trips over must not keep the others from being read.
        logger.exception("imported_case_not_read", extra={"case": case.pk})
        unread = Finding("not_all_read", "text.length")
        return proposal_row(case, Proposal(Urgency.NORMAL, Severity.MINOR, False, (unread,)))
