"""Another text: every signature under the earlier one is void, and the difference is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.states import Role
from agreements.errors import SigningClosed
from agreements.models import Agreement
from agreements.selectors.differences import differences
from agreements.selectors.proposals import proposed_terms
from agreements.services.drafting import draft_agreement
from agreements.services.offering import offer_for_signature
from agreements.services.reading import note_opened
from agreements.services.signing import request_sign_code, sign_as_consumer
from agreements.states import AgreementStatus, SignerRole
from agreements.terms import Clause
from complaints.actors import Actor
from complaints.errors import CaseError, CodeRefused
from complaints.models import Case, CaseEvent, Clock, Notification, OutboxMessage
from complaints.states import ClockKind, ClockState
from tests.agreements.makers import NAME, company_signs, consumer_signs, last_code, offered
from tests.factories import staff
from tests.liability.doors import consumer_client

pytestmark = pytest.mark.django_db


def changed(agreement: Agreement, *, reason: str = "发票怎么开漏写了") -> Agreement:
    """The next version, with a line about the invoice and a clause more."""
    case = Case.objects.get(pk=agreement.case_id)
    terms = proposed_terms(case)
    assert terms is not None
    more = replace(terms, invoice="开电子发票", clauses=(Clause("取件", "我们上门取件。"),))
    return draft_agreement(case, by=staff(Role.AGENT), terms=more, change_reason=reason)


@pytest.mark.parametrize("signs", [consumer_signs, company_signs])
def test_change_takes_a_reason_once_somebody_signed(signs: object) -> None:
    agreement = offered()
    signs(agreement)  # type: ignore[operator]
    with pytest.raises(CaseError) as caught:
        changed(agreement, reason=" ")

    assert caught.value.field == "change_reason"
    assert Agreement.objects.get().status == AgreementStatus.OFFERED


def test_change_voids_all_signatures_and_tells_both_sides() -> None:
    agreement = offered()
    approver = staff(Role.APPROVER)
    company_signs(agreement, by=approver)
    new = changed(agreement)

    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.SUPERSEDED
    assert not new.signers.filter(signed_at__isnull=False).exists()
    event = CaseEvent.objects.get(kind="signatures_void")
    assert event.data["roles"] == ["company"]
    assert OutboxMessage.objects.filter(kind="signatures_void", recipient="consumer").exists()
    assert Notification.objects.filter(kind="signatures_void", user=approver.user).exists()
    running = Clock.objects.filter(case=new.case, state=ClockState.RUNNING)
    assert [clock.kind for clock in running] == [ClockKind.AGREEMENT_DRAFT]
    with pytest.raises(SigningClosed, match="新版本"):
        consumer_signs(agreement)


def test_difference_is_shown_before_one_signs_anew() -> None:
    agreement = offered()
    consumer_signs(agreement)
    new = offer_for_signature(changed(agreement), by=staff(Role.AGENT))

    rows = {row.label: (row.before, row.after) for row in differences(new)}
    assert rows == {"发票": ("", "开电子发票"), "取件": ("", "我们上门取件。")}
    page = consumer_client(new.case).get(reverse("agreements:sign", args=[new.case.reference]))
    text = page.content.decode()
    assert "这一版改了什么" in text and "开电子发票" in text and "发票怎么开漏写了" in text


def test_first_version_has_no_difference() -> None:
    assert differences(offered()) == []


def test_code_and_page_of_the_earlier_text_sign_nothing() -> None:
    agreement = offered()
    request_sign_code(agreement, by=Actor.consumer())
    code = last_code(agreement.case)
    new = offer_for_signature(changed(agreement, reason=""), by=staff(Role.AGENT))
    said = {"by": Actor.consumer(), "consent": True, "typed_name": NAME}

    with pytest.raises(CodeRefused):
        sign_as_consumer(new, code=code, **said)  # type: ignore[arg-type]
    request_sign_code(new, by=Actor.consumer())
    with pytest.raises(SigningClosed, match="新版本"):
        sign_as_consumer(
            new,
            code=last_code(new.case),
            read_number=agreement.number,
            **said,  # type: ignore[arg-type]
        )
    assert not new.signers.filter(signed_at__isnull=False).exists()
    note_opened(new, SignerRole.CONSUMER)
    sign_as_consumer(new, code=last_code(new.case), read_number=new.number, **said)  # type: ignore[arg-type]
    assert new.signers.filter(signed_at__isnull=False).count() == 1
