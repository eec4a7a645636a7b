"""Signing with a power of attorney: checked first, by the agent's own code, while it holds."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.days import today
from agreements.errors import SigningClosed
from agreements.models import Representative
from agreements.services.representing import (
    Named,
    accept_representative,
    end_representative,
    name_representative,
    reject_representative,
)
from agreements.services.signing import request_sign_code, sign_as_consumer
from agreements.states import AgreementStatus, CheckStatus
from complaints.actors import Actor
from complaints.errors import CaseError, CodeRefused, StepForbidden
from complaints.models import OutboxMessage
from complaints.moments import shift_to
from documents.errors import FileRefused
from documents.services.rendering import document_html
from tests.agreements.makers import NAME, company_signs, drafted, last_code, offered, picture
from tests.agreements.signing_makers import (
    AGENT,
    accepted,
    agent_signs,
    code_to_agent,
    named,
)
from tests.compensation.makers import chosen_case
from tests.factories import make_user, staff

pytestmark = pytest.mark.django_db
CONSUMER = Actor.consumer()


def test_agent_signs_and_the_paper_says_so() -> None:
    case = chosen_case()
    agent = accepted(case)
    agreement = offered(agent.case)
    agent_signs(agreement, agent)
    done = company_signs(agreement)

    assert done.status == AgreementStatus.SIGNED
    signer = done.signers.get(role="consumer")
    assert signer.representative == agent
    assert done.sealed is not None
    html = document_html(done.sealed)
    assert f"{NAME}（代理人 {AGENT}）" in html
    assert "儿子" in html and agent.file.sha256 in html
    assert "乙方的代理人" in html


def test_agent_named_after_the_offer_stands_at_the_signature() -> None:
    """The parties' part is as it was read; the signature and its attachment name the agent."""
    agreement = offered()
    agent = accepted(agreement.case)
    agent_signs(agreement, agent)
    done = company_signs(agreement)

    assert done.sealed is not None and done.unsigned is not None
    assert done.sealed.context["agents"] == done.unsigned.context["agents"] == []
    hashes = [row["sha256"] for row in done.sealed.context["attachments"]]
    assert agent.file.sha256 in hashes


def test_code_goes_to_the_agent_and_no_other_code_signs() -> None:
    agreement = offered()
    agent = accepted(agreement.case)
    request_sign_code(agreement, by=CONSUMER)
    consumers = last_code(agreement.case)
    agents = code_to_agent(agreement, agent)
    message = OutboxMessage.objects.filter(recipient="address", kind="code").get()
    assert message.channel == "email"

    with pytest.raises(CodeRefused):
        agent_signs(agreement, agent, code=consumers if consumers != agents else "x")
    with pytest.raises(CodeRefused):
        sign_as_consumer(agreement, by=CONSUMER, consent=True, code=f"{agents}0", typed_name=NAME)


def test_agent_signs_with_their_own_name() -> None:
    agreement = offered()
    agent = accepted(agreement.case)

    with pytest.raises(CaseError, match="姓名"):
        agent_signs(agreement, agent, typed_name=NAME)


def test_power_counts_only_when_checked_in_this_case() -> None:
    agreement, other = offered(), offered()
    waiting, foreign = named(agreement.case), accepted(other.case)

    for agent in (waiting, foreign):
        with pytest.raises(SigningClosed, match="还没有核对"):
            request_sign_code(agreement, by=CONSUMER, representative=agent)
        with pytest.raises(SigningClosed, match="还没有核对"):
            agent_signs(agreement, agent, code="000000")


def test_expired_power_signs_nothing_even_with_a_code() -> None:
    agreement = offered()
    agent = accepted(agreement.case, valid_until=today())
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by - timedelta(hours=5))

    with pytest.raises(SigningClosed, match="到期"):
        agent_signs(agreement, agent)


def test_ended_power_signs_nothing_and_stays_ended() -> None:
    agreement = offered()
    agent = accepted(agreement.case)
    code = code_to_agent(agreement, agent)
    end_representative(agent, by=CONSUMER)

    with pytest.raises(SigningClosed, match="撤销"):
        agent_signs(agreement, Representative.objects.get(pk=agent.pk), code=code)
    assert end_representative(agent, by=staff(Role.AGENT)).ended_at is not None
    with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
        Representative.objects.filter(pk=agent.pk).update(ended_at=None)


def test_signature_of_a_stale_row_is_checked_again_under_the_lock() -> None:
    agreement = offered()
    agent = accepted(agreement.case)
    code = code_to_agent(agreement, agent)
    end_representative(Representative.objects.get(pk=agent.pk), by=CONSUMER)

    with pytest.raises(SigningClosed, match="撤销"):
        agent_signs(agreement, agent, code=code)


def test_rejection_takes_a_reason_and_is_told() -> None:
    agent = named(chosen_case())
    with pytest.raises(CaseError, match="为什么"):
        reject_representative(agent, by=staff(Role.AGENT), reason=" ")
    done = reject_representative(agent, by=staff(Role.AGENT), reason="没有签名")

    assert done.status == "rejected"
    assert OutboxMessage.objects.filter(kind="representative_rejected").exists()
    with pytest.raises(CaseError, match="核对过"):
        reject_representative(agent, by=staff(Role.AGENT), reason="再来")
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Representative.objects.filter(pk=agent.pk).update(status="accepted")


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REVIEWER])
def test_power_is_checked_by_the_desk(role: Role) -> None:
    agent = named(chosen_case())
    with pytest.raises(StepForbidden):
        reject_representative(agent, by=staff(role), reason="没有签名")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": ""}, "phone"),
        ({"email": "", "phone": "12"}, "phone"),
        ({"valid_until": today}, "valid_until"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_kept(
    fields: dict[str, object], field: str
) -> None:
    if "valid_until" in fields:
        fields = {"valid_until": today() - timedelta(days=1)}
    case = chosen_case()
    with pytest.raises(CaseError) as caught:
        named(case, **fields)

    assert caught.value.field == field
    assert not Representative.objects.exists()


def test_our_own_people_act_for_no_consumer() -> None:
    colleague = make_user(Role.AGENT)
    with pytest.raises(CaseError, match="员工"):
        named(chosen_case(), email=colleague.email.upper())


def test_other_kinds_of_file_are_refused() -> None:
    with pytest.raises(FileRefused):
        name_representative(
            chosen_case(),
            by=CONSUMER,
            named=Named(name=AGENT, relation="", phone="13900000000", valid_until=today()),
            file=io.BytesIO(b"#!/bin/sh"),
            file_name="委托书.pdf",
        )
    assert not Representative.objects.exists()


def test_particulars_are_sealed() -> None:
    agent = named(chosen_case())
    assert AGENT.encode() not in bytes(agent.particulars_sealed)
    assert agent.contact == "ming@example.test"
    assert drafted(agent.case).signers.count() == 2


def test_who_enters_a_power_of_attorney_does_not_check_it() -> None:
    case, agent = offered().case, staff(Role.AGENT)
    told = Named(
        name=AGENT,
        relation="儿子",
        email="ming@example.test",
        valid_until=today() + timedelta(days=30),
    )
    entered = name_representative(
        case, by=agent, named=told, file=picture(), file_name="委托书.jpg"
    )
    with pytest.raises(StepForbidden, match="另一位同事"):
        accept_representative(entered, by=agent)
    assert accept_representative(entered, by=staff(Role.AGENT)).status == CheckStatus.ACCEPTED
