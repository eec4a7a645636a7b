"""One plan over many cases: by two people, by each consumer's own word, never below the law."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from compensation.models import AuthorityLimit, CommonRemedy, CompensationPlan, Offer, RemedyOffer
from compensation.remedies import (
    PriceTooHigh,
    PriceUnknown,
    RemedyTerms,
    as_json,
    from_json,
    plan_for,
)
from compensation.selectors.remedies import progress_of
from compensation.services.answering import accept_option, counter
from compensation.services.planning import save_plan
from compensation.services.remedies import decide_remedy, send_remedy, write_remedy
from compensation.states import OfferStatus, PlanStatus, RemedyStatus
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import Case, Notification
from complaints.states import Stage
from liability.models import Incident, IncidentCase
from liability.services.incidents import (
    close_incident,
    decide_incident,
    record_incident_consent,
)
from liability.states import Outcome
from tests.compensation.makers import line, new_kettle, option, plan_data
from tests.factories import make_product, make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import accepted_case, determined_case

pytestmark = pytest.mark.django_db

PRICE = Decimal("299.00")


def incident_of(*cases: Case) -> Incident:
    """A confirmed incident of these cases, as the alarm writes it."""
    batch = make_product().batches.create(code="B-0722")
    raised = Incident.objects.create(
        batch=batch,
        fault="DEFECT",
        alarm_on="2026-11-01",
        since="2026-10-20",
        count=9,
        expected=0.5,
        statistic=40.0,
        season_source="none",
        season_factor=1.0,
        by_units=False,
        raised_at=cases[0].received_at,
    )
    for case in cases:
        IncidentCase.objects.create(incident=raised, case=case)
    return decide_incident(raised, confirmed=True, reason="同一班组", by=staff(Role.MANAGER))


def bought(price: Decimal | None = PRICE, **fields) -> Case:
    case = determined_case(**fields)
    Case.objects.filter(pk=case.pk).update(amount_paid=price)
    return Case.objects.get(pk=case.pk)


def priced(most: str = "500.00") -> RemedyTerms:
    refund = option("全额退款", line(most, of_price=True))
    plan = plan_data(refund, new_kettle(), legal_minimum=Decimal(0))
    return RemedyTerms(plan, floor_of_price=True)


def in_force(incident: Incident, terms: RemedyTerms | None = None) -> CommonRemedy:
    terms = terms or RemedyTerms(plan_data())
    written = write_remedy(incident, terms, by=staff(Role.AGENT))
    return decide_remedy(written, approve=True, note="", by=staff(Role.APPROVER))


def states(incident: Incident) -> dict[int, str]:
    rows = progress_of(incident, staff(Role.MANAGER))
    return {row.member.case_id: row.state for row in rows}


def sent_offer(case: Case) -> Offer:
    return Offer.objects.get(plan__case=case)


def choose(case: Case) -> None:
    offer = sent_offer(case)
    first = offer.plan.options.order_by("position").first()
    seen = offer.content_digest
    accept_option(case, by=Actor.consumer(), offer=offer, option=first, seen_digest=seen)


def test_each_consumer_gets_an_offer_and_says_yes_or_something_else():
    cases = [bought() for _ in range(3)]
    incident = incident_of(*cases)
    sent = send_remedy(in_force(incident), by=staff(Role.AGENT))
    assert ({case.pk for case in sent.cases}, sent.refused) == ({case.pk for case in cases}, [])
    assert set(states(incident).values()) == {"offered"}
    assert set(Offer.objects.values_list("status", flat=True)) == {OfferStatus.OPEN}
    yes, no, quiet = (Case.objects.get(pk=case.pk) for case in cases)
    choose(yes)
    counter(no, by=Actor.consumer(), offer=sent_offer(no), text="我想要现金。")
    assert states(incident) == {yes.pk: "accepted", no.pk: "other_idea", quiet.pk: "offered"}
    assert Case.objects.get(pk=quiet.pk).stage == Stage.NEGOTIATING


def test_sent_twice_nobody_gets_it_twice_and_new_cases_follow():
    incident = incident_of(bought())
    remedy = in_force(incident)
    assert len(send_remedy(remedy, by=staff(Role.AGENT)).cases) == 1
    assert send_remedy(remedy, by=staff(Role.AGENT)).cases == []
    late = bought()
    IncidentCase.objects.create(incident=incident, case=late)
    assert [case.pk for case in send_remedy(remedy, by=staff(Role.AGENT)).cases] == [late.pk]
    assert RemedyOffer.objects.count() == CompensationPlan.objects.count() == 2


def test_nothing_happens_to_a_case_that_is_not_ready_or_declined_or_has_its_own_plan():
    early, free, declined, own = (
        accepted_case(),
        determined_case(outcome=Outcome.NOT_LIABLE),
        bought(),
        bought(),
    )
    incident = incident_of(early, free, declined, own)
    member = incident.members.get(case=declined)
    record_incident_consent(member, given=False, source="电话", by=staff(Role.MANAGER))
    kept = save_plan(Case.objects.get(pk=own.pk), by=staff(Role.AGENT), plan=plan_data())
    sent = send_remedy(in_force(incident), by=staff(Role.AGENT))
    assert (sent.cases, sent.refused) == ([], [])
    assert CompensationPlan.objects.get() == kept
    assert states(incident) == {
        early.pk: "early",
        free.pk: "over",
        declined.pk: "declined",
        own.pk: "own",
    }


def test_refund_follows_each_ones_price_and_so_does_the_floor():
    cheap, dear, unknown = bought(Decimal("120.00")), bought(Decimal("800.00")), bought(None)
    incident = incident_of(cheap, dear, unknown)
    sent = send_remedy(in_force(incident, priced()), by=staff(Role.AGENT))
    assert [case.pk for case in sent.cases] == [cheap.pk]
    assert {case.pk for case, _why in sent.refused} == {dear.pk, unknown.pk}
    plan = CompensationPlan.objects.get()
    assert plan.legal_minimum == Decimal("120.00")
    assert plan.options.get(position=1).lines.get().amount == Decimal("120.00")
    assert states(incident)[dear.pk] == "ready"


def test_case_whose_floor_is_higher_is_left_as_it_was():
    case = bought()
    incident = incident_of(case)
    low = plan_data(option("退一半", line("100.00")), new_kettle())
    version = Case.objects.get(pk=case.pk).version
    sent = send_remedy(in_force(incident, RemedyTerms(low)), by=staff(Role.AGENT))
    assert [who.pk for who, _why in sent.refused] == [case.pk]
    assert "法定最低金额" in sent.refused[0][1]
    assert Case.objects.get(pk=case.pk).version == version
    assert not CompensationPlan.objects.exists()


def test_dear_plan_is_approved_once_by_the_approver_and_not_announced_case_by_case():
    cases = [bought(Decimal("1437.00")) for _ in range(2)]
    incident = incident_of(*cases)
    approver = make_user(Role.APPROVER)
    dear = plan_data(option("全额退款", line("1437.00")), new_kettle())
    written = write_remedy(incident, RemedyTerms(dear), by=staff(Role.AGENT))
    remedy = decide_remedy(written, approve=True, note="", by=Actor.staff(approver))
    send_remedy(remedy, by=staff(Role.AGENT))
    plans = CompensationPlan.objects.all()
    assert {(plan.status, plan.decided_by) for plan in plans} == {(PlanStatus.APPROVED, approver)}
    assert not Notification.objects.filter(kind="plan_to_approve").exists()
    assert Notification.objects.filter(user=approver, kind="remedy_to_approve").count() == 1


def test_writer_never_approves_and_approver_never_sends():
    incident = incident_of(bought())
    manager = staff(Role.MANAGER)
    written = write_remedy(incident, RemedyTerms(plan_data()), by=manager)
    with pytest.raises(StepForbidden):
        decide_remedy(written, approve=True, note="", by=manager)
    other = staff(Role.MANAGER)
    remedy = decide_remedy(written, approve=True, note="", by=other)
    with pytest.raises(StepForbidden):
        send_remedy(remedy, by=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommonRemedy.objects.filter(pk=remedy.pk).update(decided_by=manager.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommonRemedy.objects.filter(pk=remedy.pk).update(terms={})


def test_only_an_approved_version_of_a_running_incident_is_sent():
    incident = incident_of(bought())
    written = write_remedy(incident, RemedyTerms(plan_data()), by=staff(Role.AGENT))
    with pytest.raises(CaseError):
        send_remedy(written, by=staff(Role.AGENT))
    with pytest.raises(CaseError):
        decide_remedy(written, approve=False, note=" ", by=staff(Role.APPROVER))
    decide_remedy(written, approve=False, note="再低一点", by=staff(Role.APPROVER))
    with pytest.raises(CaseError):
        decide_remedy(written, approve=True, note="", by=staff(Role.APPROVER))
    newer = write_remedy(incident, RemedyTerms(plan_data()), by=staff(Role.AGENT), seen=1)
    remedy = decide_remedy(newer, approve=True, note="", by=staff(Role.APPROVER))
    close_incident(incident, reason="结束", by=staff(Role.MANAGER))
    with pytest.raises(CaseError):
        send_remedy(remedy, by=staff(Role.AGENT))
    with pytest.raises(CaseError):
        write_remedy(incident, RemedyTerms(plan_data()), by=staff(Role.AGENT), seen=2)


def test_new_version_takes_over_when_it_is_approved():
    incident = incident_of(bought())
    first = in_force(incident)
    with pytest.raises(DraftChanged):
        write_remedy(incident, RemedyTerms(plan_data()), by=staff(Role.AGENT))
    second = write_remedy(incident, RemedyTerms(plan_data()), by=staff(Role.AGENT), seen=1)
    first.refresh_from_db()
    assert first.status == RemedyStatus.APPROVED
    decide_remedy(second, approve=True, note="", by=staff(Role.APPROVER))
    first.refresh_from_db()
    assert first.status == RemedyStatus.SUPERSEDED


def test_approver_without_the_authority_is_refused():
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=Decimal("298.99"))
    written = write_remedy(incident_of(bought()), RemedyTerms(plan_data()), by=staff(Role.AGENT))
    with pytest.raises(StepForbidden):
        decide_remedy(written, approve=True, note="", by=staff(Role.APPROVER))


@pytest.mark.parametrize(
    "terms",
    [
        RemedyTerms(plan_data(option())),
        RemedyTerms(replace(plan_data(), informed_choice=True, informed_choice_reason="x")),
        RemedyTerms(plan_data(legal_basis="", legal_minimum=Decimal(0)), floor_of_price=True),
    ],
)
def test_impossible_terms_are_refused(terms):
    with pytest.raises(CaseError):
        write_remedy(incident_of(bought()), terms, by=staff(Role.AGENT))
    assert not CommonRemedy.objects.exists()


_AMOUNTS = st.decimals(min_value="0.01", max_value="99999.99", places=2)


@given(_AMOUNTS, _AMOUNTS, st.booleans())
def test_terms_come_back_as_they_were_and_never_exceed_the_cap(cap, price, floor):
    terms = RemedyTerms(
        plan_data(option("退款", line(str(cap), of_price=True)), new_kettle()), floor_of_price=floor
    )
    again = from_json(as_json(terms))
    assert as_json(again) == as_json(terms)
    try:
        plan = plan_for(again, price)
    except PriceTooHigh:
        assert price > cap
    else:
        assert plan.options[0].lines[0].amount == price <= cap
        assert plan.legal_minimum == (price if floor else terms.plan.legal_minimum)
    with pytest.raises(PriceUnknown):
        plan_for(again, None)


def posted(price: str = "299.00") -> dict[str, str]:
    data = {"blocks": "3", "legal_minimum": "299", "legal_basis": "消法第五十二条", "seen": "0"}
    for number, (title, amount) in enumerate([("全额退款", price), ("先退款再取件", "299.00")]):
        data |= {
            f"o{number}-title": title,
            f"o{number}-kind": "refund",
            f"o{number}-arrival_text": "签署后 3 个工作日",
            f"o{number}-performance_days": "3",
            f"o{number}-lines-TOTAL_FORMS": "1",
            f"o{number}-lines-INITIAL_FORMS": "0",
            f"o{number}-lines-0-kind": "refund",
            f"o{number}-lines-0-description": "退还货款",
            f"o{number}-lines-0-amount": amount,
            f"o{number}-lines-0-quantity": "1",
            f"o{number}-lines-0-layer": "floor",
            f"o{number}-lines-0-legal_basis": "消法第五十二条",
        }
    empty = {"kind": "refund", "performance_days": "3"}
    empty |= {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    data |= {f"o2-{name}": value for name, value in empty.items()}
    return data


def test_pages_write_approve_send_and_show_the_progress():
    case = bought()
    incident = incident_of(case)
    page = reverse("compensation:remedy", args=[incident.pk])
    edit = reverse("compensation:remedy_edit", args=[incident.pk])
    agent, approver = staff_client(Role.AGENT), staff_client(Role.APPROVER)
    assert agent.get(edit).status_code == 200
    assert staff_client(Role.FINANCE).get(edit).status_code == 403
    assert agent.post(edit, {**posted(), "o0-title": ""}).status_code == 422
    assert agent.post(edit, posted()).status_code == 303
    assert agent.post(edit, posted()).status_code == 409
    assert "先退款再取件" in agent.get(edit).content.decode()
    decision = {"what": "decide", "decision": "approve", "version": "1"}
    assert agent.post(page, decision).status_code == 403
    assert approver.post(page, {**decision, "version": "7"}).status_code == 422
    assert approver.post(page, decision).status_code == 303
    send = {"what": "send", "valid_days": "7", "version": "1"}
    assert agent.post(page, {**send, "valid_days": "0"}).status_code == 422
    assert agent.post(page, send).status_code == 303
    assert "已发给 1 位消费者" in agent.get(page).content.decode()
    choose(Case.objects.get(pk=case.pk))
    shown = agent.get(page).content.decode()
    assert "消费者接受了" in shown and case.reference in shown
    assert agent.post(page, {"what": "other"}).status_code == 404
    assert agent.get(reverse("compensation:remedy", args=[0])).status_code == 404
