"""Makers of agreements in every state, by the services."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

from PIL import Image

from accounts.states import Role
from agreements.models import Agreement, Obligation
from agreements.selectors import agreement_in_force, open_agreement
from agreements.services.drafting import draft_agreement
from agreements.services.factors import Factor, request_company_code
from agreements.services.offering import offer_for_signature
from agreements.services.performing import PaymentData, record_payment, record_performance
from agreements.services.signing import request_sign_code, sign_as_consumer, sign_for_company
from agreements.states import ObligationKind, PaymentMethod
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, OutboxMessage
from complaints.moments import now
from tests.compensation.makers import chosen_case
from tests.factories import staff

NAME = "周小华"
PASSWORD = "secret-pass-1"
PATH = "M10.0 20.0L30.0 40.0L50.0 60.0L70.0 40.0L90.0 20.0"


def picture() -> io.BytesIO:
    """A small photograph of a receipt."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "JPEG")
    stream.seek(0)
    return stream


def drafted(case: Case | None = None, **fields: Any) -> Agreement:
    """A draft of what the consumer chose."""
    return draft_agreement(case or chosen_case(), by=staff(Role.AGENT), **fields)


def offered(case: Case | None = None, **fields: Any) -> Agreement:
    """An agreement that waits for both signatures."""
    return offer_for_signature(drafted(case, **fields), by=staff(Role.AGENT))


def last_code(case: Case) -> str:
    """The digits of the code that is on its way to the consumer."""
    message = OutboxMessage.objects.filter(case=case, kind="code").latest("id")
    return str(sealing.unseal_for_installation(message.sealed)["code"])


def consumer_signs(agreement: Agreement, **fields: Any) -> Agreement:
    """The consumer signs with a typed name and a fresh code."""
    request_sign_code(agreement, by=Actor.consumer())
    if "signature_path" not in fields:
        fields.setdefault("typed_name", NAME)
    return sign_as_consumer(
        agreement,
        by=Actor.consumer(),
        consent=fields.pop("consent", True),
        code=fields.pop("code", None) or last_code(agreement.case),
        **fields,
    )


def company_factor(agreement: Agreement, by: Actor) -> Factor:
    """The password of `by`, and a fresh code from their mail."""
    code = request_company_code(agreement, by=by)
    message = OutboxMessage.objects.get(key=f"code:{code.pk}")
    secret = sealing.unseal_for_installation(message.sealed) or {}
    return Factor(code=str(secret["code"]), password=PASSWORD)


def company_signs(agreement: Agreement, *, by: Actor | None = None) -> Agreement:
    """An approver signs for the company."""
    signer = by or staff(Role.APPROVER)
    agreement = Agreement.objects.select_related("case").get(pk=agreement.pk)
    may = agreement.status == "offered" and signer.has_role(Role.APPROVER, Role.MANAGER)
    factor = company_factor(agreement, signer) if may else Factor()
    return sign_for_company(agreement, by=signer, factor=factor, position="客户服务主管")


def signed(case: Case | None = None, **fields: Any) -> Agreement:
    """An agreement that everybody signed."""
    return company_signs(consumer_signs(offered(case, **fields)))


def fulfilling_case(**fields: Any) -> Case:
    """A case whose agreement binds and is being performed."""
    return signed(chosen_case(**fields)).case


def only_obligation(case: Case) -> Obligation:
    """The payment of a case with one obligation."""
    agreement = agreement_in_force(case)
    assert agreement is not None
    return agreement.obligations.select_related("agreement__case__consumer").get()


def payment(amount: str = "299.00", **fields: Any) -> PaymentData:
    """What finance writes down."""
    return PaymentData(
        amount=Decimal(amount),
        method=PaymentMethod.ORIGINAL_ROUTE,
        paid_at=fields.pop("paid_at", None) or now() - timedelta(minutes=1),
        payee=fields.pop("payee", "6222021234567890"),
        **fields,
    )


def paid(obligation: Obligation, amount: str = "299.00", *, key: str = "", **fields: Any) -> Any:
    """A payment by finance, with proof."""
    return record_payment(
        obligation,
        by=staff(Role.FINANCE),
        payment=payment(amount, **fields),
        proof=picture(),
        proof_name="回单.jpg",
        key=key or f"pay-{obligation.pk}-{amount}-{obligation.times_reopened}",
    )


def perform_all(case: Case) -> Case:
    """Perform whatever the company owes."""
    agreement = agreement_in_force(case)
    assert agreement is not None
    for obligation in agreement.obligations.select_related("agreement__case").order_by("position"):
        if obligation.is_done or obligation.debtor == "consumer":
            continue
        if obligation.kind == ObligationKind.PAYMENT:
            paid(obligation, str(obligation.outstanding))
        else:
            record_performance(obligation, by=staff(Role.AGENT), note="已寄出，单号 SF123456")
    return Case.objects.get(pk=case.pk)


def following_case(**fields: Any) -> Case:
    """A case whose consumer is to be asked whether all arrived."""
    return perform_all(fulfilling_case(**fields))


def open_one(case: Case) -> Agreement:
    """The agreement that is open."""
    agreement = open_agreement(case)
    assert agreement is not None
    return agreement
