"""Drafting: the accepted offer becomes text; what may not be issued is named and leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from accounts.states import Role
from agreements.days import today
from agreements.errors import AgreementBlocked
from agreements.models import Agreement
from agreements.selectors import proposed_party, proposed_terms
from agreements.selectors.summaries import summary_rows
from agreements.services.drafting import draft_agreement, void_agreement
from agreements.states import AgreementKind, AgreementStatus, SignerRole
from agreements.terms import AgreementTerms, Clause, PartyData, TermLine, Undertaking
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent
from complaints.services.intake import ContactData
from tests.agreements.makers import consumer_signs, drafted, offered
from tests.compensation.makers import chosen_case, offered_case
from tests.factories import staff

pytestmark = pytest.mark.django_db


def terms_of(case: Case) -> AgreementTerms:
    terms = proposed_terms(case)
    assert terms is not None
    return terms


def refused(case: Case, terms: AgreementTerms, field: str, **fields: object) -> AgreementBlocked:
    """The draft is refused at a field and leaves neither agreement nor event."""
    events = CaseEvent.objects.filter(case=case).count()
    with pytest.raises(AgreementBlocked) as caught:
        draft_agreement(case, by=staff(Role.AGENT), terms=terms, **fields)  # type: ignore[arg-type]
    assert field in [name for name, _ in caught.value.reasons]
    assert not Agreement.objects.filter(case=case).exists()
    assert CaseEvent.objects.filter(case=case).count() == events
    return caught.value


def test_amount_in_another_currency_says_so_in_capitals() -> None:
    case = chosen_case(currency="USD")
    rows = summary_rows(drafted(case))

    total = next(row for row in rows if row.get("total"))
    assert (total["value"], total["note"]) == ("US$299.00", "美元贰佰玖拾玖元整")
    assert not any("¥" in str(row["value"]) for row in rows)


def test_currency_without_words_for_it_is_refused() -> None:
    case = chosen_case(currency="XAF")
    refused(case, terms_of(case), "total")


def test_draft_follows_the_accepted_offer() -> None:
    case = chosen_case()
    agreement = drafted(case)

    assert agreement.number.startswith("AG-")
    assert agreement.status == AgreementStatus.DRAFT
    assert agreement.total == Decimal("299.00")
    assert agreement.total_capitals == "贰佰玖拾玖元整"
    assert [line.label for line in agreement.text.lines] == ["退还货款"]
    assert agreement.text.undertakings[0].due_on == today() + timedelta(days=6)
    assert agreement.party == PartyData(name="周小华", phone="+8613812345678")
    assert {s.role for s in agreement.signers.all()} == {SignerRole.CONSUMER, SignerRole.COMPANY}
    assert agreement.option is not None and agreement.plan is not None


def test_particulars_are_stored_sealed_only() -> None:
    agreement = drafted()

    assert "周小华" not in str(agreement.terms)
    assert "周小华".encode() not in bytes(agreement.party_sealed)


def test_duties_in_kind_become_undertakings() -> None:
    case = chosen_case(position=2)
    kinds = [duty.kind for duty in terms_of(case).undertakings]

    assert kinds == ["payment", "replacement"]
    assert drafted(case).total == Decimal("38.00")


def test_no_draft_before_the_consumer_chose() -> None:
    with pytest.raises(CaseError, match="还没有选定"):
        draft_agreement(offered_case(), by=staff(Role.AGENT))


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REVIEWER, Role.INVESTIGATOR])
def test_drafting_is_the_desks(role: Role) -> None:
    with pytest.raises(StepForbidden):
        draft_agreement(chosen_case(), by=staff(role))


def test_total_that_is_not_the_sum_of_payments_is_blocked() -> None:
    case = chosen_case()
    terms = terms_of(case)
    duty = replace(terms.undertakings[0], amount=Decimal("298.00"))

    refused(case, replace(terms, undertakings=(duty,)), "undertakings")


def test_lines_other_than_chosen_are_blocked() -> None:
    case = chosen_case()
    terms = terms_of(case)
    lines = (replace(terms.lines[0], amount=Decimal("199.00")),)
    duty = replace(terms.undertakings[0], amount=Decimal("199.00"))

    refused(case, replace(terms, lines=lines, undertakings=(duty,)), "lines")


@pytest.mark.parametrize("due_on", [None, "past"])
def test_no_day_or_a_past_day_is_blocked(due_on: str | None) -> None:
    case = chosen_case()
    terms = terms_of(case)
    day = today() - timedelta(days=1) if due_on else None

    refused(
        case, replace(terms, undertakings=(replace(terms.undertakings[0], due_on=day),)), "due_on"
    )


def test_nothing_promised_is_blocked() -> None:
    case = chosen_case()

    refused(case, replace(terms_of(case), undertakings=()), "undertakings")


def test_missing_particulars_are_blocked() -> None:
    case = chosen_case(contact=ContactData(email="zhou@example.test"))
    terms = terms_of(case)
    error = refused(case, terms, "name")

    assert "phone" not in [name for name, _ in error.reasons]
    refused(case, terms, "phone", party=PartyData(name="周小华"))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("乙方放弃一切人身损害赔偿的权利。", "人身损害"),
        ("乙方不得再向 12315 投诉。", "限制投诉"),
        ("本活动最终解释权归甲方所有。", "最终解释权"),
    ],
)
def test_void_clauses_are_blocked(text: str, ground: str) -> None:
    """网络消费司法解释一 art 1, 消法 art 26."""
    case = chosen_case()
    clauses = (Clause("补充", text),)

    error = refused(case, replace(terms_of(case), clauses=clauses), "clauses")
    assert ground in str(error)


def test_below_the_legal_minimum_needs_a_recorded_choice() -> None:
    case = chosen_case()
    option = case.plans.get().options.get(position=1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE compensation_compensationplan SET legal_minimum = 500")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert option.legal_minimum is None

    refused(case, terms_of(case), "minimum_waiver")
    agreement = drafted(case, minimum_waiver="消费者知道可以要 500 元，仍选快速退款。")
    assert agreement.minimum_waiver


def test_effective_day_after_the_due_day_is_blocked() -> None:
    case = chosen_case()

    refused(case, terms_of(case), "due_on", effective_on=today() + timedelta(days=30))


def test_new_draft_supersedes_the_old_one() -> None:
    first = drafted()
    second = drafted(first.case)
    first.refresh_from_db()

    assert (first.status, second.version) == (AgreementStatus.SUPERSEDED, 2)
    assert second.supersedes_id == first.pk


def test_signed_half_is_not_drafted_over() -> None:
    agreement = consumer_signs(offered())

    with pytest.raises(CaseError, match="已经有一方签了"):
        drafted(agreement.case)


def test_settlement_without_a_plan_is_refused_by_the_database() -> None:
    agreement = drafted()

    with pytest.raises(IntegrityError, match="agreements_settlement_has_plan"):
        Agreement.objects.filter(pk=agreement.pk).update(plan=None, option=None)


def test_mediation_agreement_belongs_to_a_mediation() -> None:
    case = chosen_case()
    terms = AgreementTerms(
        lines=(TermLine("补偿", Decimal("100.00")),),
        undertakings=(Undertaking("payment", "付款", today(), amount=Decimal("100.00")),),
    )

    with pytest.raises(CaseError, match="不能签这类协议"):
        draft_agreement(case, by=staff(Role.AGENT), kind=AgreementKind.MEDIATION, terms=terms)


def test_void_needs_a_reason_and_comes_before_the_consumers_signature() -> None:
    agreement = offered()
    with pytest.raises(CaseError, match="原因"):
        void_agreement(agreement, by=staff(Role.AGENT), reason=" ")
    consumer_signs(agreement)

    with pytest.raises(CaseError, match="消费者已经签了"):
        void_agreement(agreement, by=staff(Role.AGENT), reason="金额写错")
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.OFFERED


def test_party_is_proposed_from_the_contact() -> None:
    case = chosen_case(contact=ContactData(name="李雷", email="li@example.test", address="上海"))

    assert proposed_party(case) == PartyData(name="李雷", phone="li@example.test", address="上海")


def test_consumer_does_not_draft() -> None:
    with pytest.raises(StepForbidden):
        draft_agreement(chosen_case(), by=Actor.consumer())
