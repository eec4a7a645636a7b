"""The promise to tell of a finding ends when its notice went out, or somebody told otherwise."""

from __future__ import annotations

import pytest

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Clock, OutboxMessage
from complaints.moments import now
from complaints.services.events import broken_link
from complaints.services.finding_notices import record_delivered_findings, record_finding_told
from complaints.services.intake import ContactData
from complaints.services.outbox import deliver_due
from complaints.states import ClockKind, ClockState, Stage
from complaints.tasks import deliver_outbox
from tests.complaints.walking import ANYONE, case_in, check_at_commit, follow, traces
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db


def notice(case: Case) -> Clock:
    return Clock.objects.get(case=case, kind=ClockKind.FINDING_NOTICE)


def unreachable_case() -> Case:
    """A finding whose consumer has neither mail nor telephone."""
    case = make_case(contact=ContactData(name="周小华", address="闵行区 1 号"))
    return follow(case, "accept open_investigation determine_liability")


def test_sent_notice_ends_the_promise_once_and_makes_no_form_stale() -> None:
    case = case_in(Stage.LIABILITY_DETERMINED)
    assert notice(case).state == ClockState.RUNNING
    assert record_delivered_findings() == 0

    deliver_outbox()
    deliver_outbox()

    clock = notice(case)
    assert (clock.state, clock.stop_cause) == (ClockState.STOPPED, "finding_notified")
    assert CaseEvent.objects.filter(case=case, kind="finding_notified").count() == 1
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.version == case.version
    assert broken_link(fresh) is None
    check_at_commit()


def test_notice_that_could_not_be_sent_ends_nothing() -> None:
    case = case_in(Stage.LIABILITY_DETERMINED)
    message = OutboxMessage.objects.filter(case=case, kind="determine_liability")
    message.update(status="dead", dead_at=now())

    deliver_due()

    assert record_delivered_findings() == 0
    assert notice(case).state == ClockState.RUNNING


def test_person_tells_who_has_no_address() -> None:
    case = unreachable_case()
    deliver_outbox()
    assert notice(case).state == ClockState.RUNNING

    record_finding_told(case, by=staff(Role.AGENT), way="letter", note="挂号信 XA1，11 月 22 日")

    assert notice(case).state == ClockState.STOPPED
    event = CaseEvent.objects.get(case=case, kind="finding_notified")
    assert (event.data["way"], event.for_consumer) == ("letter", False)
    assert "XA1" not in str(event.data) and event.payload.text["note"].startswith("挂号信")


def test_telling_is_refused_without_words_or_right_and_twice() -> None:
    case = unreachable_case()
    before = traces(case)
    with pytest.raises(CaseError) as empty:
        record_finding_told(case, by=ANYONE, way="phone", note=" ")
    with pytest.raises(StepForbidden):
        record_finding_told(case, by=staff(Role.FINANCE), way="phone", note="打过")
    assert empty.value.field == "note"
    assert traces(case) == before

    case = record_finding_told(case, by=staff(Role.INVESTIGATOR), way="phone", note="本人接听")
    with pytest.raises(CaseError):
        record_finding_told(case, by=staff(Role.AGENT), way="phone", note="再打一次")
