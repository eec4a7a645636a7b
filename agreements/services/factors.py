"""The second proof of who signs for the company: the app's code, or password and mailed code.

Whoever has an authenticator app proves it with the code that the app shows. Whoever has none types
the password once more, with a code that goes to their work address for this agreement alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import app_code_holds, uses_app
from agreements.models import Agreement
from agreements.selectors.agreements import sent_code
from agreements.services.rights import check_offered, require
from agreements.states import SignMethod
from complaints.actors import Actor
from complaints.errors import CaseError, CodeRefused
from complaints.models import OneTimeCode
from complaints.permissions import Permission
from complaints.services import entrance
from complaints.services.queueing import enqueue
from complaints.states import CodePurpose, OutboxChannel

MOST_TRIES = 8
"""So often a person may try in a quarter of an hour, whatever they try."""


@dataclass(frozen=True)
class Factor:
    """What somebody gives to prove that it is they: a code, and a password where there is no app"""

    code: str = ""
    password: str = ""


def code_subject(agreement: Agreement, user: User) -> str:
    """Return what a staff code is for: this agreement, signed by this person."""
    return f"{agreement.pk}:u{user.pk}"


@transaction.atomic
def request_company_code(agreement: Agreement, *, by: Actor) -> OneTimeCode:
    """Mail the code for signing this agreement to the signer's work address.

    Raises StepForbidden for somebody who may not sign, SigningClosed when nothing waits for
    signatures, CaseError for somebody who has an app or no address, TooManyAttempts.
    """
    require(by, Permission.SIGN_FOR_COMPANY)
    check_offered(agreement)
    user = by.person
    if uses_app(user):
        raise CaseError(_("你开启了两步验证，请填验证器里的动态码。"), field="code")
    if not user.email:
        raise CaseError(
            _("你的账号没有工作邮箱。请先在设置里开启两步验证，或者请管理员登记。"),
            field="code",
        )
    code, digits = entrance.new_code(
        agreement.case, purpose=CodePurpose.SIGN, subject=code_subject(agreement, user)
    )
    enqueue(
        agreement.case,
        "company_code",
        key=f"code:{code.pk}",
        recipient=f"user:{user.pk}",
        channel=OutboxChannel.EMAIL,
        data={"number": agreement.number},
        secret={"code": digits},
    )
    return code


def prove(agreement: Agreement, *, user: User, factor: Factor) -> tuple[str, dict[str, Any]]:
    """Return how a person proved who they are, and what is kept of it; the code is used up.

    Every try counts before it is looked at. Raises CaseError or CodeRefused naming the field.
    """
    entrance.count_attempt(f"company-signs:{user.pk}", most=MOST_TRIES)
    if uses_app(user):
        if not app_code_holds(user, factor.code):
            raise CodeRefused(
                _("动态码不对，或者已经用过。等验证器换了新的一组再填。"), field="code"
            )
        return SignMethod.ACCOUNT_APP, {"factor": "app"}
    if not user.check_password(factor.password):
        raise CaseError(_("密码不对，再看一下。"), field="password")
    subject = code_subject(agreement, user)
    sent = sent_code(agreement, subject)
    entrance.try_code(
        sent.pk if sent else None, factor.code, purpose=CodePurpose.SIGN, subject=subject
    )
    return SignMethod.ACCOUNT_CODE, {"factor": "password_code", **told_of(sent)}


def told_of(code: OneTimeCode | None) -> dict[str, str]:
    """Return what is kept of a code that was used."""
    if code is None:
        return {}
    return {"code": str(code.pk), "code_sent_at": code.created_at.isoformat()}
