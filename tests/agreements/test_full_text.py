"""Whoever signs has the whole text before them; the paper names only what was there to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from agreements.days import today
from agreements.errors import AgreementBlocked
from agreements.models import Agreement
from agreements.selectors import consumer_panel
from agreements.selectors.full_text import full_text
from agreements.selectors.proposals import proposed_terms
from agreements.services.offering import offer_for_signature
from agreements.services.printing import agreement_context
from agreements.services.pursuing import pursue
from agreements.services.signing import request_sign_code
from agreements.terms import AgreementTerms, Clause, PartyData, Undertaking
from complaints.actors import Actor
from complaints.errors import CaseError, TooManyAttempts
from complaints.models import Case, Notification
from complaints.moments import now, shift_to
from complaints.services.cases import move
from documents.models import Document
from tests.agreements.makers import (
    NAME,
    company_signs,
    consumer_signs,
    drafted,
    fulfilling_case,
    last_code,
    offered,
    only_obligation,
    signed,
)
from tests.agreements.signing_makers import printed
from tests.compensation.makers import chosen_case
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client

pytestmark = pytest.mark.django_db


def terms_of(agreement_case: object, **changes: object) -> AgreementTerms:
    found = proposed_terms(agreement_case)  # type: ignore[arg-type]
    assert found is not None
    return replace(found, **changes)


def test_whole_text_stands_on_the_page_before_its_pdf_is_there() -> None:
    agreement = offered()
    assert agreement.unsigned is not None and not agreement.unsigned.is_ready
    address = reverse("agreements:sign", args=[agreement.case.reference])
    page = consumer_client(agreement.case).get(address).content.decode()

    for words in ("一次性了结", "签署时尚未发现的人身损害", "贰佰玖拾玖元整", "签署本协议出于自愿"):
        assert words in page


def test_page_and_print_are_of_the_same_frozen_data() -> None:
    case = chosen_case()
    hostile = Clause("<script>alert(1)</script>", "{{ total }} {% now 'Y' %} <img src=x>")
    agreement = offered(case, terms=terms_of(case, clauses=(hostile,)))
    text = full_text(agreement)

    assert "<script>" not in text and "&lt;script&gt;" in text
    assert "{{ total }} {% now" in text and "<img" not in text
    document = agreement.unsigned
    assert document is not None
    for section in document.context["sections"]:
        assert section["heading"] in text


def test_english_agreement_is_shown_in_english() -> None:
    agreement = offered(chosen_case(language="en"))
    assert "one dispute described above is settled for good" in full_text(agreement)
    assert full_text(drafted()) == ""


def test_company_reads_the_same_text() -> None:
    agreement = offered()
    desk = Client()
    desk.force_login(make_user(Role.APPROVER))
    page = desk.get(reverse("agreements:sign_company", args=[agreement.case.reference]))
    assert "一次性了结" in page.content.decode()


@pytest.mark.parametrize("in_time", [True, False])
def test_paper_names_the_pdf_only_if_it_was_there_to_read(in_time: bool) -> None:
    agreement = printed(offered()) if in_time else offered()
    consumer_signs(agreement)
    company_signs(agreement if in_time else printed(agreement))
    done = Agreement.objects.select_related("sealed", "unsigned").get(pk=agreement.pk)

    assert done.sealed is not None and done.unsigned is not None and done.unsigned.is_ready
    told = str(done.sealed.context["proofs"]) + str(done.sealed.context["attachments"])
    assert (done.unsigned.sha256 in told) is in_time


def test_nobody_signs_what_they_never_opened() -> None:
    agreement = offered()
    request_sign_code(agreement, by=Actor.consumer())
    said = {
        "number": agreement.number,
        "code": last_code(agreement.case),
        "typed_name": NAME,
        "consent": "on",
    }
    client = consumer_client(agreement.case)
    address = reverse("agreements:sign", args=[agreement.case.reference])
    refused = client.post(address, said)
    without = client.post(address, {**said, "number": ""})

    assert (refused.status_code, without.status_code) == (422, 422)
    assert "读一遍" in refused.content.decode()
    assert not agreement.signers.filter(signed_at__isnull=False).exists()
    client.get(address)
    assert client.post(address, said).status_code == 303
    assert "read_seconds" in agreement.signers.get(role="consumer").evidence


def test_codes_of_a_day_are_counted() -> None:
    agreement = offered()
    began = now()
    for turn in range(20):
        shift_to(began + timedelta(minutes=16 * turn))
        request_sign_code(agreement, by=Actor.consumer())
    shift_to(began + timedelta(minutes=16 * 20))
    with pytest.raises(TooManyAttempts, match="明天"):
        request_sign_code(agreement, by=Actor.consumer())

    shift_to(began + timedelta(hours=25))
    assert request_sign_code(agreement, by=Actor.consumer()).pk


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("阿凡提·买买提", "阿凡提•买买提"),
        ("阿凡提·买买提", "阿凡提 . 买买提"),
        ("周\u200b小华", "周小华"),
        ("𠮷田㙓", "𠮷田㙓"),
        ("Zoë Smith", "Zoe\u0308 smith"),
    ],
)
def test_same_name_in_other_strokes_is_the_same_name(name: str, typed: str) -> None:
    agreement = offered(party=PartyData(name=name, phone="13812345678"))
    assert consumer_signs(agreement, typed_name=typed).signers.get(role="consumer").signed_at


def test_payments_own_day_is_printed_whatever_else_is_due_later() -> None:
    case = chosen_case()
    terms = terms_of(case)
    later = today() + timedelta(days=40)
    back = Undertaking(
        kind="return_of_goods", description="寄回水壶", due_on=later, debtor="consumer"
    )
    repair = Undertaking(kind="repair", description="修好台面", due_on=later)
    agreement = drafted(
        case, terms=replace(terms, undertakings=(*terms.undertakings, back, repair))
    )
    paid_on = terms.undertakings[0].due_on
    assert paid_on is not None and paid_on < later

    context = agreement_context(agreement, draft=True)
    assert context["performance"]["due_on"] == paid_on.isoformat()
    assert [duty["due_on"] for duty in context["duties"]] == [later.isoformat()] * 2


def test_consumers_day_is_not_printed_as_ours() -> None:
    case = chosen_case()
    first = terms_of(case).undertakings[0]
    ours = Undertaking(kind="repair", description="修好台面", due_on=first.due_on)
    later = today() + timedelta(days=40)
    back = Undertaking(
        kind="return_of_goods", description="寄回水壶", due_on=later, debtor="consumer"
    )
    agreement = drafted(case)
    agreement.terms["undertakings"] = [_row(ours), _row(back)]
    assert first.due_on is not None
    context = agreement_context(agreement, draft=True)
    assert context["performance"]["due_on"] == first.due_on.isoformat()


def test_consumers_payment_is_no_instalment_of_ours() -> None:
    case = chosen_case()
    terms = terms_of(case)
    share = Undertaking(
        kind="payment",
        description="退还多收的差价",
        due_on=terms.undertakings[0].due_on,
        debtor="consumer",
        amount=Decimal("20.00"),
    )
    agreement = offered(case, terms=replace(terms, undertakings=(*terms.undertakings, share)))
    assert agreement.unsigned is not None
    context = agreement.unsigned.context
    assert context["performance"]["instalments"] == []
    assert [duty["text"] for duty in context["duties"]] == ["乙方：退还多收的差价 ¥20.00"]


@pytest.mark.parametrize(("hours", "told"), [(25, "1 天"), (72, "3 天"), (24 * 10, "10 天")])
def test_time_to_read_is_what_there_is(hours: int, told: str) -> None:
    case = chosen_case()
    due = today() + timedelta(days=15)
    terms = terms_of(case)
    duties = tuple(replace(duty, due_on=due) for duty in terms.undertakings)
    draft = drafted(case, terms=replace(terms, undertakings=duties))
    sign_by = now() + timedelta(hours=hours, minutes=1)
    agreement = offer_for_signature(draft, by=staff(Role.AGENT), sign_by=sign_by)
    assert agreement.unsigned is not None
    assert agreement.unsigned.context["reading_time"] == told


@pytest.mark.parametrize("name", ["\u202e\u2066", "\u200b"])
def test_name_without_a_visible_character_is_refused_while_drafting(name: str) -> None:
    with pytest.raises(AgreementBlocked) as caught:
        drafted(party=PartyData(name=name, phone="13812345678"))
    assert caught.value.field == "name"
    assert not Agreement.objects.exists()


def test_clause_that_prints_nothing_or_too_much_is_refused_while_drafting() -> None:
    case = chosen_case()
    for clause in (Clause("\u200b", "上门取件"), Clause("取件", "长" * 20_001)):
        with pytest.raises(CaseError, match="印不出来"):
            drafted(case, terms=terms_of(case, clauses=(clause,)))
    assert not Agreement.objects.exists()


def test_pdf_that_could_not_be_printed_is_told_once_and_shown() -> None:
    done = signed()
    assert done.sealed is not None
    assert pursue()["unprinted"] == 0
    Document.objects.filter(pk=done.sealed.pk).update(status="failed", last_error="seal_key")
    manager = make_user(Role.MANAGER)

    assert [pursue()["unprinted"], pursue()["unprinted"]] == [1, 0]
    notice = Notification.objects.get(user=manager, kind="agreement_unprinted")
    assert notice.data == {"agreement": done.pk}
    desk = Client()
    desk.force_login(manager)
    tab = desk.get(reverse("desk:case_tab", args=[done.case.reference, "agreement"]))
    assert "没有生成" in tab.content.decode()
    mine = consumer_client(done.case).get(reverse("track:case", args=[done.case.reference]))
    assert "好了就放在这里" in mine.content.decode()


def test_signed_copy_stays_at_hand_while_a_mediator_has_the_case() -> None:
    case = fulfilling_case()
    shift_to(only_obligation(case).due_at + timedelta(hours=1))
    pursue()
    case = move(Case.objects.get(pk=case.pk), "refer_to_mediation", by=Actor.consumer())
    panel = consumer_panel(case)
    assert panel is not None
    assert (panel["state"], panel["agreement"].status) == ("in_force", "signed")


def _row(duty: Undertaking) -> dict[str, object]:
    return {**vars(duty), "due_on": duty.due_on.isoformat() if duty.due_on else None}
