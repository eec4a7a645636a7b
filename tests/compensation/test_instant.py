"""Instant offers: who gets one, what taking it does, that nothing is lost without it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.states import Role
from compensation.models import (
    AuthorityLimit,
    CompensationPlan,
    EntitlementSheet,
    FundHold,
    InstantOffer,
    ScreeningResult,
    StandingApproval,
)
from compensation.selectors.instant import instant_panel, may_ask, sample_figures
from compensation.services.instant import (
    end_instants,
    go_ordinary,
    offer_instantly,
    review_instant,
    take_instant,
)
from compensation.services.standing import approve_standing, end_standing, propose_standing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Clock, Notification
from complaints.moments import now, shift_to
from complaints.services.triage import accept, classify, raise_emergency
from tests.compensation.instant_makers import (
    approved,
    fitting_case,
    proposed,
    shown,
    standing_data,
)
from tests.compensation.money_makers import fund_of
from tests.factories import make_team, make_user, staff

pytestmark = pytest.mark.django_db
CONSUMER = Actor.consumer()


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)


def running(case: Case) -> list[tuple[str, Any]]:
    return sorted(Clock.objects.filter(case=case, state="running").values_list("kind", "due_at"))


def test_no_offer_without_an_approval() -> None:
    case = fitting_case()

    assert not may_ask(case)
    assert offer_instantly(case) is None


def test_proposal_alone_offers_nothing() -> None:
    proposed()

    assert offer_instantly(fitting_case()) is None


def test_offer_shows_the_floor_and_two_options_and_changes_nothing() -> None:
    approved()
    case = fitting_case()
    before = running(case)

    made = offer_instantly(case)

    assert made is not None and made.floor == Decimal("299.00")
    panel = instant_panel(Case.objects.get(pk=case.pk))
    assert panel is not None
    assert [card.payable for card in panel["cards"]] == [Decimal("319.00"), Decimal("20.00")]
    assert all(card.bases for card in panel["cards"])
    case.refresh_from_db()
    assert case.stage == "received" and running(case) == before
    assert FundHold.objects.get(case=case).reserved == Decimal("319.00")
    assert not CompensationPlan.objects.exists()


def test_asking_again_gives_the_same_offer() -> None:
    made = shown()

    assert offer_instantly(made.case) == made
    assert InstantOffer.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"documented": False},
        {"order_number": ""},
        {"purchased_on": None},
        {"amount_paid": None},
        {"amount_paid": Decimal("0.00")},
        {"channel": "phone"},
        {"category": "SERVICE", "issue": "ATTITUDE"},
        {"danger": True},
        {"description": "水壶漏电，孩子的手烫伤了，去了医院。"},
        {"amount_paid": Decimal("480.01")},
        {"currency": "USD"},
    ],
)
def test_a_case_that_does_not_fit_gets_none(fields: dict[str, Any]) -> None:
    approved()

    assert offer_instantly(fitting_case(**fields)) is None
    assert not InstantOffer.objects.exists()


def test_an_order_that_is_known_goes_to_a_person() -> None:
    approved()
    fitting_case()

    assert offer_instantly(fitting_case()) is None


def test_odd_claims_go_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    approved()
    case = fitting_case()
    assert offer_instantly(case) is not None
    other = fitting_case(order_number="A-7002")
    monkeypatch.setattr("compensation.services.instant.screen_case", lambda _pk: True)
    ScreeningResult.objects.create(case=other, made_at=now(), score=60, band="second_review")

    assert offer_instantly(other) is None


def test_limits_hold_together_and_the_fund_too() -> None:
    approved(most_together="600.00")
    assert offer_instantly(fitting_case()) is not None

    assert offer_instantly(fitting_case(order_number="A-7002")) is None


def test_a_fund_with_less_offers_nothing_and_keeps_nothing() -> None:
    approved(fund=fund_of("318.99"))

    assert offer_instantly(fitting_case()) is None
    assert not InstantOffer.objects.exists() and not FundHold.objects.exists()


def test_taken_offer_is_admitted_planned_approved_and_accepted() -> None:
    made = shown()

    case, instant = take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    plan = CompensationPlan.objects.get(case=case)
    assert case.stage == "negotiating" and case.severity == "minor"
    assert plan.decided_by == instant.approval.approved_by != plan.created_by
    assert not plan.created_by.is_active and not plan.within_authority
    assert plan.legal_minimum == EntitlementSheet.objects.get(case=case).total == made.floor
    assert instant.status == "taken" and instant.offer is not None
    assert instant.offer.chosen_option is not None
    assert instant.offer.chosen_option.total == Decimal("319.00")
    assert FundHold.objects.get(case=case).reserved == Decimal("319.00")
    assert case.owner is not None


def test_taking_again_changes_nothing_and_another_option_is_refused() -> None:
    made = shown()
    case, _first = take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    again, _second = take_instant(case, by=CONSUMER, position=1, seen_digest=made.digest)
    with pytest.raises(CaseError):
        take_instant(case, by=CONSUMER, position=2, seen_digest=made.digest)

    assert again.version == case.version
    assert CompensationPlan.objects.count() == 1


@pytest.mark.parametrize("position", [0, 3, -1])
def test_only_listed_options_are_taken(position: int) -> None:
    made = shown()

    with pytest.raises(CaseError):
        take_instant(made.case, by=CONSUMER, position=position, seen_digest=made.digest)

    assert not CompensationPlan.objects.exists()


def test_what_was_not_seen_is_not_taken() -> None:
    made = shown()

    with pytest.raises(CaseError):
        take_instant(made.case, by=CONSUMER, position=1, seen_digest="0" * 64)


def test_only_the_consumer_takes_or_leaves() -> None:
    made = shown()

    with pytest.raises(StepForbidden):
        take_instant(made.case, by=staff(Role.AGENT), position=1, seen_digest=made.digest)
    with pytest.raises(StepForbidden):
        go_ordinary(made.case, by=staff(Role.MANAGER))


def test_ordinary_way_gives_nothing_up() -> None:
    made = shown()
    before = running(made.case)

    case = go_ordinary(made.case, by=CONSUMER)
    go_ordinary(case, by=CONSUMER)

    made.refresh_from_db()
    assert made.status == "ordinary" and case.stage == "received"
    assert running(case) == before
    assert FundHold.objects.get(case=case).reserved == 0
    with pytest.raises(CaseError):
        take_instant(case, by=CONSUMER, position=1, seen_digest=made.digest)


def test_offer_ends_with_its_time_and_the_money_is_free() -> None:
    made = shown()
    shift_to(made.expires_at + timedelta(seconds=1))

    with pytest.raises(CaseError):
        take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)
    assert (end_instants(), end_instants()) == (1, 0)

    made.refresh_from_db()
    assert made.status == "expired"
    assert FundHold.objects.get(case=made.case).reserved == 0


def test_a_case_that_became_an_emergency_is_for_people() -> None:
    made = shown()
    raise_emergency(made.case, by=staff(Role.AGENT), reason="电话里说插座冒烟")

    with pytest.raises(CaseError):
        take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)


def test_an_accepted_case_can_still_take_it() -> None:
    made = shown()
    agent = staff(Role.AGENT)
    case = made.case
    case = classify(case, by=agent, severity="minor")
    today = now().date()
    case = accept(case, by=agent, next_steps="三天内答复", expected_on=today + timedelta(days=5))

    case, instant = take_instant(case, by=CONSUMER, position=2, seen_digest=made.digest)

    assert instant.status == "taken" and case.owner == agent.user


def test_who_approved_and_may_not_any_more_is_no_checker() -> None:
    made = shown()
    made.approved_by.roles = [Role.AGENT]
    made.approved_by.save()

    with pytest.raises(StepForbidden):
        take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    assert not CompensationPlan.objects.exists()


def test_ended_approval_offers_nothing_new_and_keeps_its_word() -> None:
    made = shown()
    end_standing(made.approval, by=staff(Role.MANAGER), reason="抽查发现给少了")

    assert offer_instantly(fitting_case(order_number="A-7009")) is None
    _case, instant = take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)
    assert instant.status == "taken"


def test_nobody_approves_their_own_proposal() -> None:
    manager = staff(Role.MANAGER)
    approval = propose_standing(standing_data(), by=manager)

    with pytest.raises(StepForbidden):
        approve_standing(approval, by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingApproval.objects.filter(pk=approval.pk).update(
            approved_by=manager.user, approved_at=now()
        )


@pytest.mark.parametrize("role", [Role.AGENT, Role.APPROVER, Role.FINANCE, Role.INVESTIGATOR])
def test_only_managers_approve_beforehand(role: Role) -> None:
    with pytest.raises(StepForbidden):
        approve_standing(proposed(), by=staff(role))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("categories", []),
        ("categories", ["NOWHERE"]),
        ("most_each", "0"),
        ("most_each", "-5"),
        ("most_each", "10.001"),
        ("most_each", "99999999999"),
        ("most_together", "499.99"),
        ("extra", "500"),
        ("extra", "-0.01"),
        ("band", "lead_legal_review"),
        ("reason", " "),
    ],
)
def test_limits_that_cannot_be_are_refused(field: str, value: Any) -> None:
    with pytest.raises(CaseError) as refused:
        propose_standing(standing_data(**{field: value}), by=staff(Role.AGENT))

    assert refused.value.field in (field, "most_together")
    assert not StandingApproval.objects.exists()


def test_terms_never_change_in_the_database() -> None:
    made = shown()
    for table, change in (
        ("compensation_standingapproval", "most_each = 9999"),
        ("compensation_instantoffer", "digest = 'x'"),
        ("compensation_instantoffer", "content = '{}'"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic():
        made.delete()


def test_every_offer_is_looked_at_by_another_than_its_approver() -> None:
    made = shown()
    with pytest.raises(StepForbidden):
        review_instant(made, by=Actor.staff(made.approved_by), verdict="right")
    with pytest.raises(CaseError):
        review_instant(made, by=staff(Role.APPROVER), verdict="too_low")
    with pytest.raises(StepForbidden):
        review_instant(made, by=staff(Role.AGENT), verdict="right")

    seen = review_instant(made, by=staff(Role.APPROVER), verdict="too_low", note="漏了运费")

    assert seen.verdict == "too_low"
    told = Notification.objects.filter(kind="instant_doubted", case=made.case)
    assert {note.user for note in told} == {made.approval.caretaker, made.approved_by}
    with pytest.raises(CaseError):
        review_instant(made, by=staff(Role.MANAGER), verdict="right")
    figures = sample_figures()
    assert (figures.shown, figures.seen, figures.right, figures.percent) == (1, 1, 0, 0)


def test_the_plan_goes_through_the_checks_of_any_other_and_keeps_them() -> None:
    made = shown()

    case, _instant = take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    plan = CompensationPlan.objects.get(case=case)
    assert plan.checks[0] == {"code": "beforehand", "number": str(made.approval.number)}
    assert plan.cost == made.cost and plan.alone_limit is not None
    assert plan.submitted_at is not None and not plan.deviation_reason
    assert plan.created_by_id in plan.makers and plan.decided_by_id not in plan.makers
    kinds = list(
        CaseEvent.objects.filter(case=case, kind__startswith="plan_")
        .order_by("sequence")
        .values_list("kind", "actor__username")
    )
    assert kinds == [
        (kind, plan.created_by.username)
        for kind in ("plan_saved", "plan_submitted", "plan_approved")
    ]


def test_a_generous_extra_is_a_deviation_with_the_approval_as_its_reason() -> None:
    approval = approved(extra="150.00")
    made = offer_instantly(fitting_case())
    assert made is not None

    case, _instant = take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    plan = CompensationPlan.objects.get(case=case)
    assert plan.deviation is not None and plan.deviation > Decimal("0.10")
    assert str(approval.number) in plan.deviation_reason
    assert {"deviation", "beforehand"} <= {check["code"] for check in plan.checks}


def test_whoever_may_no_longer_approve_such_a_plan_lets_none_through() -> None:
    made = shown()
    AuthorityLimit.objects.filter(role=Role.MANAGER).update(amount=Decimal("300.00"))

    with pytest.raises(StepForbidden, match="不再有这个权限"):
        take_instant(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    assert not CompensationPlan.objects.exists()
