"""Proposing urgency and severity in the transaction that receives a complaint."""

from __future__ import annotations

from complaints.models import Case, TriageProposal
from complaints.moments import now
from complaints.selectors.triage import similar_on_batch, triage_text
from complaints.triage_rules import Facts, Proposal, propose
from complaints.triage_rules.proposing import VERSION


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
