"""Makers of powers of attorney, signed papers and second proofs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

from accounts.models import User
from accounts.states import Role
from agreements.days import today
from agreements.models import Agreement, PaperCopy, Representative
from agreements.services.papering import send_paper_copy
from agreements.services.representing import Named, accept_representative, name_representative
from agreements.services.signing import request_sign_code, sign_as_consumer
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, OutboxMessage
from documents.services.rendering import render_document
from tests.agreements.makers import picture
from tests.factories import staff

AGENT = "周小明"


def with_app(user: User) -> str:
    """Give somebody an authenticator app; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def app_code(secret: str) -> str:
    """What the app shows now."""
    _before, present, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, present))


def printed(agreement: Agreement) -> Agreement:
    """The agreement with its text to read ready as a PDF."""
    assert agreement.unsigned is not None
    assert render_document(agreement.unsigned.pk).is_ready
    return Agreement.objects.select_related("case__consumer", "unsigned").get(pk=agreement.pk)


def named(case: Case, **fields: Any) -> Representative:
    """A power of attorney that the consumer handed in, not checked yet."""
    told = {
        "name": AGENT,
        "relation": "儿子",
        "email": "ming@example.test",
        "valid_until": today() + timedelta(days=30),
        **fields,
    }
    return name_representative(
        case, by=Actor.consumer(), named=Named(**told), file=picture(), file_name="委托书.jpg"
    )


def accepted(case: Case, **fields: Any) -> Representative:
    """Somebody who may sign for the consumer."""
    return accept_representative(named(case, **fields), by=staff(Role.AGENT))


def code_to_agent(agreement: Agreement, agent: Representative) -> str:
    """The digits that went to the representative."""
    code = request_sign_code(agreement, by=Actor.consumer(), representative=agent)
    message = OutboxMessage.objects.get(key=f"code:{code.pk}")
    return str((sealing.unseal_for_installation(message.sealed) or {})["code"])


def agent_signs(agreement: Agreement, agent: Representative, **fields: Any) -> Agreement:
    """The representative signs with a typed name and a code of their own."""
    code = fields.pop("code", "") or code_to_agent(agreement, agent)
    return sign_as_consumer(
        agreement,
        by=Actor.consumer(),
        consent=True,
        code=code,
        typed_name=fields.pop("typed_name", AGENT),
        representative=agent,
        **fields,
    )


def paper_sent(agreement: Agreement) -> PaperCopy:
    """A signed paper that waits to be compared."""
    return send_paper_copy(
        printed(agreement),
        by=Actor.consumer(),
        scan=picture(),
        scan_name="签好的协议.jpg",
        signed_on=today(),
    )
