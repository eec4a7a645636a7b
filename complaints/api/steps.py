"""Taking a step: one address, a step's name, the version that was seen, and the step's facts.

Each app adds its own steps to the registry that `StepsView` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.api.cases import case_body
from complaints.api.fields import (
    StrictSerializer,
    TextField,
    category_field,
    choice,
    issue_field,
)
from complaints.api.intake import check_issue
from complaints.errors import CaseError
from complaints.models import Case
from complaints.permissions import Permission, check_step
from complaints.selectors.people import possible_owners
from complaints.selectors.products import batch_called, products
from complaints.selectors.search import case_called
from complaints.services import assigning, triage
from complaints.services.conversation import write_message, write_note
from complaints.services.desk import accept_classified
from complaints.services.linking import link_cases, unlink_cases
from complaints.services.lowering import decide_lowering, request_lowering
from complaints.services.merging import MOST, merge_cases
from complaints.services.triage_decisions import decide_triage
from complaints.states import (
    DeclineGround,
    LinkKind,
    MergeCause,
    Scope,
    Severity,
    Urgency,
)


class StepSerializer(StrictSerializer):
    """A step that only adds to a case."""

    step = serializers.CharField(help_text="The step's name.")


class SeenStepSerializer(StepSerializer):
    """A step that is refused (409) when somebody changed the case after `version`."""

    version = serializers.IntegerField(min_value=1, help_text="The case's version that you saw.")


@dataclass(frozen=True)
class Step:
    """A step of the API: its facts, the right it needs, and the one service that takes it.

    `take` is given the case, the actor, the facts and the version seen.
    """

    facts: type[StepSerializer]
    take: Callable[[Case, Actor, dict[str, Any], int | None], Any]
    permission: str = Permission.VIEW_CASE
    verb: str = ""


class StepsView(APIView):
    """Takes a step and answers with the case as it then is."""

    throttle_scope = "staff"
    steps: Mapping[str, Step] = {}

    def post(self, request: Request, reference: str) -> Response:
        user = current_user(request)
        case, step = get_case(user, reference), self._step(request)
        actor = Actor.staff(user)
        get_case(user, reference, step.permission)
        if step.verb:
            check_step(actor, step.verb)
        given = step.facts(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        facts.pop("step")
        step.take(case, actor, facts, facts.pop("version", None))
        return Response(case_body(get_case(user, reference), actor))

    def _step(self, request: Request) -> Step:
        name = request.data.get("step") if isinstance(request.data, dict) else None
        if isinstance(name, str) and name in self.steps:
            return self.steps[name]
        raise serializers.ValidationError(
            {"step": [_("没有这一步。可用的步骤见接口说明。")]}, code="invalid_choice"
        )


class AcceptFacts(SeenStepSerializer):
    """Accept; with a classification, or with the one that the case has."""

    next_steps = TextField(help_text="Sent to the consumer as it is.")
    expected_on = serializers.DateField()
    category = category_field()
    issue = issue_field()
    severity = choice(Severity.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in ("category", "issue", "severity") if attrs[name]]
        if given and len(given) < 3:
            raise serializers.ValidationError(
                {"category": [_("类别、问题和严重程度要一起填。")]}, code="incomplete"
            )
        check_issue(attrs["category"], attrs["issue"])
        return attrs


def _accept(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    if facts["category"]:
        return accept_classified(case, by=by, seen=seen, **facts)
    notice = {name: facts[name] for name in ("next_steps", "expected_on")}
    return triage.accept(case, by=by, seen=seen, **notice)


class DeclineFacts(SeenStepSerializer):
    """Refuse on a listed ground."""

    ground = choice(DeclineGround.choices, required=True)
    advice = TextField(help_text="Sent to the consumer as it is.")
    review_until = serializers.DateField()


class ReasonFacts(SeenStepSerializer):
    """A step with its reason."""

    reason = TextField()


class AssignFacts(SeenStepSerializer):
    """Make one person responsible."""

    owner = serializers.SlugRelatedField(slug_field="username", queryset=possible_owners())


class ClaimFacts(StepSerializer):
    """Take the case oneself, from whom one saw it with; from nobody when left out."""

    held_by = serializers.SlugRelatedField(
        slug_field="username", queryset=possible_owners(), required=False, allow_null=True
    )


def _claim(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    held_by = facts.get("held_by")
    return assigning.claim(case, by=by, held_by=held_by.pk if held_by else None)


class ClassifyFacts(SeenStepSerializer):
    """Only the fields that are given change."""

    category = category_field(required=False)
    issue = issue_field(required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    scope = serializers.ChoiceField(choices=Scope.choices, required=False)
    product = serializers.SlugRelatedField(
        slug_field="model", queryset=products(), required=False, allow_null=True
    )
    batch = TextField(max_length=40, required=False, help_text="A batch code of the product.")


def _classify(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    code = facts.pop("batch")
    if "issue" in facts or "category" in facts:
        check_issue(facts.get("category", case.category), facts.get("issue", case.issue))
    if "product" in facts:
        facts["batch"] = None
    if code:
        facts["batch"] = batch_called(facts.get("product", case.product), code)
        if facts["batch"] is None:
            raise CaseError(_("这个商品没有这个批次。"), field="batch")
    return triage.classify(case, by=by, seen=seen, **facts)


class MessageFacts(StepSerializer):
    """A text; the same `nonce` again is the same text."""

    body = TextField()
    nonce = TextField(max_length=100, required=False)


def _nonce(facts: dict[str, Any]) -> str | None:
    return f"api:{facts['nonce']}" if facts["nonce"] else None


def _message(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    return write_message(case, by=by, body=facts["body"], nonce=_nonce(facts))


def _note(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    return write_note(case, by=by, body=facts["body"], nonce=_nonce(facts))


class SafetyFacts(SeenStepSerializer):
    """What was done about a danger; stops the two-hour clock."""

    action = TextField()
    consumer_reached = serializers.BooleanField()


def _safety(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    if case.urgency != Urgency.EMERGENCY:
        raise CaseError(_("这不是紧急案件，需要时先升为紧急案件。"))
    return triage.record_safety_action(case, by=by, seen=seen, **facts)


class TriageFacts(SeenStepSerializer):
    """Urgency and severity; a reason where they differ from what was proposed."""

    urgency = choice(Urgency.choices, required=True)
    severity = choice(Severity.choices, required=True)
    reason = TextField(required=False)


class LoweringFacts(SeenStepSerializer):
    """Ask that a safety case be put lower; another person decides."""

    urgency = choice(Urgency.choices, required=True)
    severity = choice(Severity.choices, required=True)
    reason = TextField()


class LoweringDecisionFacts(SeenStepSerializer):
    """Approve or refuse what another person asked."""

    approve = serializers.BooleanField()
    reason = TextField()


class MergeFacts(SeenStepSerializer):
    """Which case carries this one on."""

    into = TextField(max_length=20, help_text="Its reference.")
    cause = choice(MergeCause.choices, required=True)


def _merge(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    into = case_called(by, facts["into"])
    if into is None:
        raise CaseError(_("没有找到这个编号的案件，核对一下。"), field="into")
    return triage.merge(case, into=into, cause=facts["cause"], by=by, seen=seen)


class MergeHereFacts(SeenStepSerializer):
    """Which cases this one carries on from now on: all of them or none."""

    cases = serializers.ListField(
        child=TextField(max_length=20), max_length=MOST, help_text="Their references."
    )
    cause = choice(MergeCause.choices, required=True)


def _called(by: Actor, reference: str, field: str) -> Case:
    found = case_called(by, reference)
    if found is None:
        words = {"reference": reference}
        raise CaseError(_("没有找到编号 %(reference)s，核对一下。") % words, field=field)
    return found


def _merge_here(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    chosen = [_called(by, each, "cases") for each in facts["cases"]]
    versions = {case.pk: seen} if seen is not None else {}
    return merge_cases(chosen, into=case, cause=facts["cause"], by=by, seen=versions)


class UnlinkFacts(StepSerializer):
    """Which other case no longer belongs to this one."""

    other = TextField(max_length=20, help_text="Its reference.")


class LinkFacts(UnlinkFacts):
    """How another case belongs to this one; follow_up: this one came after it."""

    kind = choice(LinkKind.choices, required=True)


def _link(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    other = _called(by, facts["other"], "other")
    return link_cases(case, other, kind=facts["kind"], by=by)


def _unlink(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    return unlink_cases(case, _called(by, facts["other"], "other"), by=by)


def through(
    service: Callable[..., Any],
) -> Callable[[Case, Actor, dict[str, Any], int | None], Any]:
    """Return a step's `take` for a service that is given the facts as they are."""

    def take(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
        return service(case, by=by, seen=seen, **facts)

    return take


_HANDLE = Permission.HANDLE_CASE
STEPS: dict[str, Step] = {
    "accept": Step(AcceptFacts, _accept, verb="accept"),
    "decline": Step(DeclineFacts, through(triage.decline), verb="decline"),
    "withdraw": Step(ReasonFacts, through(triage.withdraw), verb="withdraw"),
    "reopen": Step(ReasonFacts, through(triage.reopen), verb="reopen"),
    "merge": Step(MergeFacts, _merge, verb="merge"),
    "unmerge": Step(SeenStepSerializer, through(triage.unmerge), verb="unmerge"),
    "assign": Step(AssignFacts, through(triage.assign), permission=_HANDLE),
    "claim": Step(ClaimFacts, _claim, permission=_HANDLE),
    "release": Step(ReasonFacts, through(assigning.release), permission=_HANDLE),
    "merge_here": Step(MergeHereFacts, _merge_here, verb="merge"),
    "link": Step(LinkFacts, _link, permission=_HANDLE),
    "unlink": Step(UnlinkFacts, _unlink, permission=_HANDLE),
    "classify": Step(ClassifyFacts, _classify, permission=_HANDLE),
    "raise_emergency": Step(ReasonFacts, through(triage.raise_emergency), permission=_HANDLE),
    "triage": Step(TriageFacts, through(decide_triage), permission=_HANDLE),
    "request_lowering": Step(LoweringFacts, through(request_lowering), permission=_HANDLE),
    "decide_lowering": Step(LoweringDecisionFacts, through(decide_lowering), permission=_HANDLE),
    "safety_action": Step(SafetyFacts, _safety),
    "message": Step(MessageFacts, _message, permission=_HANDLE),
    "note": Step(MessageFacts, _note),
}
