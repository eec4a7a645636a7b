"""Imported cases are read by the rules of triage in pieces; nothing but the proposal follows."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Clock, Notification, OutboxMessage, TriageProposal
from complaints.selectors.triage import floor_of
from complaints.services import proposing
from complaints.services.proposing import propose_imported
from complaints.services.triage import classify, withdraw
from complaints.services.triage_decisions import decide_triage
from complaints.states import Severity, Stage, TriageDecision, Urgency
from complaints.tasks import propose_imported as task
from tests.complaints.imported import imported_case
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db
FIRE = "The kettle caught fire and burned my hand."


def case(number: int, text: str = FIRE) -> Case:
    return imported_case(external_ref=f"X-{number}", description=text)


def test_an_imported_case_gets_a_proposal_and_nothing_else() -> None:
    hurt, quiet = case(1), case(2, "The parcel came two days late.")
    before = (Clock.objects.count(), OutboxMessage.objects.count(), Notification.objects.count())
    assert task() == 2 and task() == 0
    assert (hurt.triage_proposal.urgency, hurt.triage_proposal.safety) == ("emergency", True)
    assert quiet.triage_proposal.urgency == Urgency.NORMAL
    after = Case.objects.get(pk=hurt.pk)
    assert (after.urgency, after.severity, after.version) == ("normal", "", hurt.version)
    now = (Clock.objects.count(), OutboxMessage.objects.count(), Notification.objects.count())
    assert now == before
    assert floor_of(after).severity == Severity.SEVERE


def test_a_person_decides_on_it_as_on_any_other() -> None:
    hurt, by = case(1), staff(Role.AGENT)
    propose_imported()
    decide_triage(hurt, by=by, urgency="emergency", severity="severe", reason="")
    assert TriageProposal.objects.get(case=hurt).decision == TriageDecision.CONFIRMED


def test_others_and_what_is_read_or_ended_are_left_alone() -> None:
    mine = make_case()
    ended = withdraw(case(1), by=Actor.consumer(), reason="")
    assert ended.stage == Stage.WITHDRAWN
    had = TriageProposal.objects.filter(case=mine).count()
    assert propose_imported() == 0
    assert TriageProposal.objects.count() == had


def test_many_are_read_in_pieces_and_a_broken_one_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    cases = [case(number) for number in range(5)]
    plain = proposing.proposal_for

    def trip(one: Case) -> Any:
        if one.pk == cases[1].pk:
            raise ZeroDivisionError
        return plain(one)

    monkeypatch.setattr(proposing, "proposal_for", trip)
    with django_assert_max_num_queries(13):
        assert propose_imported(at_once=2) == 5
    reasons = TriageProposal.objects.get(case=cases[1]).findings
    assert [each["reason"] for each in reasons] == ["not_all_read"]
    assert propose_imported() == 0
    assert propose_imported(seconds=0) == 0
    classify(cases[0], by=staff(Role.AGENT), severity=Severity.SEVERE)
