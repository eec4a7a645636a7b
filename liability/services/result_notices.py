"""News of a finding for the other side: the consumer is told by the step itself."""

from __future__ import annotations

from complaints.actors import Actor
from complaints.models import Case
from complaints.services.outbox import tell_address, tell_staff
from liability.models import LiabilityFinding


def tell_result(case: Case, finding: LiabilityFinding, *, by: Actor, address: str = "") -> None:
    """Tell the respondent: the case's people on the desk, and a mail to an outside respondent.

    Queued in the transaction of the finding, so that nobody hears of one that was not made.
    """
    lead = finding.investigation.lead if finding.investigation else None
    manager = case.team.manager if case.team else None
    people = {person.pk: person for person in (case.owner, lead, manager) if person is not None}
    if by.user is not None:
        people.pop(by.user.pk, None)
    key, data = f"finding:{finding.pk}", {"finding": finding.pk, "version": finding.version}
    tell_staff(case, "finding_issued", users=list(people.values()), key=key, data=data)
    if address.strip():
        secret = {
            "name": case.respondent,
            "outcome": str(finding.get_outcome_display()),
            "until": case.review_until.isoformat() if case.review_until else "",
        }
        tell_address(
            case,
            "finding_result",
            key=f"{key}:respondent",
            address=address.strip(),
            data=data,
            secret=secret,
        )
