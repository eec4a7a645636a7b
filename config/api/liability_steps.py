"""Steps of the API that belong to the liability app."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.actors import Actor
from complaints.api.fields import StrictSerializer, TextField, choice
from complaints.api.steps import ReasonFacts, SeenStepSerializer, Step, StepSerializer, through
from complaints.errors import CaseError
from complaints.models import Case
from liability.decisions import FindingData, ShareData
from liability.models import FindingDraft
from liability.selectors.approval import open_draft
from liability.selectors.facts import possible_leads
from liability.services import approving, findings, investigating
from liability.states import (
    GroundKind,
    LiabilityKind,
    Outcome,
    Party,
    ShareTable,
    StandardOfProof,
    StatementParty,
)


class OpenInvestigationFacts(SeenStepSerializer):
    """Begin the investigation."""

    lead = serializers.SlugRelatedField(slug_field="username", queryset=possible_leads())
    questions = TextField()
    due_on = serializers.DateField(allow_null=True, default=None)


class ReinvestigateFacts(ReasonFacts):
    """Send a case back for new evidence; the lead stays where none is named."""

    lead = serializers.SlugRelatedField(
        slug_field="username", queryset=possible_leads(), allow_null=True, default=None
    )


class InvestigationNoteFacts(StepSerializer):
    """A note of the investigation; stays inside."""

    text = TextField()


class StatementFacts(StepSerializer):
    """What a side said (`text`, `heard_at`), or that it was asked (`served_at`, `answer_by`)."""

    party = choice(StatementParty.choices, required=True)
    name = TextField(max_length=80)
    text = TextField(required=False)
    heard_at = serializers.DateTimeField(allow_null=True, default=None)
    served_at = serializers.DateTimeField(allow_null=True, default=None)
    answer_by = serializers.DateTimeField(allow_null=True, default=None)


class ShareSerializer(StrictSerializer):
    """One party's share."""

    table = choice(ShareTable.choices, required=True)
    party = choice(Party.choices, required=True)
    share = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)
    ground = TextField(max_length=500)
    name = TextField(max_length=80, required=False)
    kind = choice(LiabilityKind.choices)
    ground_kind = choice(GroundKind.choices)
    evidence = serializers.ListField(
        child=serializers.IntegerField(min_value=1), default=list, max_length=50
    )


class FindingFacts(SeenStepSerializer):
    """The finding; shares of each table sum to exactly 100. Over the limits it then waits for
    another person's approval, and the case stays where it is.
    """

    outcome = choice(Outcome.choices, required=True)
    reasons_consumer = TextField(help_text="Goes into the letter to the consumer.")
    reasons_internal = TextField(required=False, help_text="The full reasons, for the file.")
    standard_of_proof = choice(StandardOfProof.choices)
    expected_amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, allow_null=True, default=None
    )
    dissenter = TextField(max_length=80, required=False)
    dissent = TextField(required=False)
    respondent_email = serializers.EmailField(required=False, allow_blank=True, default="")
    shares = ShareSerializer(many=True, default=list)


class ApproveFindingFacts(SeenStepSerializer):
    """Approve the finding that waits; it is issued at once."""

    note = TextField(required=False)


class ReturnFindingFacts(ReasonFacts):
    """Give the finding that waits back to whoever submitted it."""


class SettleFacts(SeenStepSerializer):
    """Admit a minor case without an investigation."""

    reasons = TextField()
    reasons_internal = TextField(required=False)


def _note(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    return investigating.add_note(case, by=by, **facts)


def _statement(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    return investigating.record_statement(case, by=by, **facts)


def _determine(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    shares = [ShareData(**_given(share)) for share in facts.pop("shares")]
    finding = FindingData(shares=shares, **_given(facts))
    return approving.submit_finding(case, by=by, finding=finding, seen=seen).case


def _given(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts without the choices left open: those keep what a finding takes for them."""
    left_open = ("standard_of_proof", "ground_kind")
    return {name: value for name, value in facts.items() if value or name not in left_open}


def _waiting(case: Case) -> FindingDraft:
    draft = open_draft(case)
    if draft is None:
        raise CaseError(_("这份认定不在等待批准。"))
    return draft


def _approve(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    return approving.approve_finding(case, by=by, draft=_waiting(case), seen=seen, **facts)


def _return(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    return approving.return_finding(case, by=by, draft=_waiting(case), seen=seen, **facts)


STEPS: dict[str, Step] = {
    "open_investigation": Step(
        OpenInvestigationFacts,
        through(investigating.open_investigation),
        verb="open_investigation",
    ),
    "reinvestigate": Step(
        ReinvestigateFacts, through(investigating.reinvestigate), verb="reinvestigate"
    ),
    "investigation_note": Step(InvestigationNoteFacts, _note),
    "record_statement": Step(StatementFacts, _statement),
    "determine_liability": Step(FindingFacts, _determine, verb="determine_liability"),
    "approve_finding": Step(ApproveFindingFacts, _approve),
    "return_finding": Step(ReturnFindingFacts, _return),
    "settle_directly": Step(SettleFacts, through(findings.settle_directly), verb="settle_directly"),
    "close_without_liability": Step(
        SeenStepSerializer,
        through(findings.close_without_liability),
        verb="close_without_liability",
    ),
}
