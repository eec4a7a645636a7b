"""Who signs for the company proves twice that it is they; a code holds once, for one text."""

from __future__ import annotations

import pytest

from accounts.services import app_code_holds
from accounts.states import Role
from agreements.errors import SigningClosed
from agreements.models import Agreement
from agreements.services.factors import MOST_TRIES, Factor, request_company_code
from agreements.services.signing import sign_for_company
from agreements.states import SignMethod
from complaints.actors import Actor
from complaints.errors import CaseError, CodeRefused, StepForbidden, TooManyAttempts
from complaints.models import OutboxMessage
from complaints.moments import shift_to
from complaints.services.entrance import CODE_LIFE
from tests.agreements.makers import PASSWORD, company_factor, company_signs, consumer_signs, offered
from tests.agreements.signing_makers import app_code, with_app
from tests.factories import make_user, staff

pytestmark = pytest.mark.django_db


def unsigned(agreement: Agreement) -> bool:
    return not agreement.signers.filter(signed_at__isnull=False).exists()


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_related("case").get(pk=agreement.pk)


def test_app_proves_the_signer() -> None:
    user = make_user(Role.APPROVER)
    secret = with_app(user)
    agreement = offered()

    sign_for_company(agreement, by=Actor.staff(user), factor=Factor(code=app_code(secret)))

    signer = agreement.signers.get(role="company")
    assert (signer.method, signer.evidence["factor"]) == (SignMethod.ACCOUNT_APP, "app")


def test_code_of_the_app_holds_once() -> None:
    """Not for a second agreement either, for as long as the clocks may lie apart."""
    user = make_user(Role.APPROVER)
    secret = with_app(user)
    code = app_code(secret)
    sign_for_company(offered(), by=Actor.staff(user), factor=Factor(code=code))
    other = offered()

    with pytest.raises(CodeRefused):
        sign_for_company(other, by=Actor.staff(user), factor=Factor(code=code))
    assert unsigned(other)
    assert not app_code_holds(user, f" {code[:3]} {code[3:]}")


def test_who_has_an_app_does_not_sign_by_mail() -> None:
    user = make_user(Role.APPROVER)
    with_app(user)
    agreement = offered()

    with pytest.raises(CaseError, match="验证器"):
        request_company_code(agreement, by=Actor.staff(user))
    with pytest.raises(CodeRefused):
        sign_for_company(
            agreement, by=Actor.staff(user), factor=Factor(code="000000", password=PASSWORD)
        )
    assert unsigned(agreement)


def test_password_and_mailed_code_prove_the_signer_without_an_app() -> None:
    agreement = company_signs(offered())
    signer = agreement.signers.get(role="company")

    assert signer.method == SignMethod.ACCOUNT_CODE
    assert signer.evidence["code"] and signer.evidence["code_sent_at"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"password": "wrong"}, "password"), ({"password": ""}, "password"), ({"code": "1"}, "code")],
)
def test_both_halves_are_needed(change: dict[str, str], field: str) -> None:
    agreement, signer = fresh(offered()), staff(Role.APPROVER)
    factor = company_factor(agreement, signer)
    given = {"code": factor.code, "password": factor.password, **change}

    with pytest.raises(CaseError) as caught:
        sign_for_company(agreement, by=signer, factor=Factor(**given))
    assert caught.value.field == field
    assert unsigned(agreement)


def test_mailed_code_is_for_one_person_one_agreement_one_time() -> None:
    one, other = fresh(offered()), fresh(offered())
    mine, theirs = staff(Role.APPROVER), staff(Role.APPROVER)
    factor = company_factor(one, mine)

    with pytest.raises(CodeRefused):
        sign_for_company(one, by=theirs, factor=factor)
    with pytest.raises(CodeRefused):
        sign_for_company(other, by=mine, factor=factor)
    sign_for_company(one, by=mine, factor=factor)
    with pytest.raises(CodeRefused):
        sign_for_company(other, by=mine, factor=factor)
    assert unsigned(other)


def test_mailed_code_runs_out() -> None:
    agreement, signer = fresh(offered()), staff(Role.APPROVER)
    factor = company_factor(agreement, signer)
    message = OutboxMessage.objects.get(kind="company_code")
    shift_to(message.created_at + CODE_LIFE)

    with pytest.raises(CodeRefused):
        sign_for_company(agreement, by=signer, factor=factor)


def test_tries_are_limited_before_the_password_is_looked_at() -> None:
    agreement, signer = fresh(offered()), staff(Role.APPROVER)
    factor = company_factor(agreement, signer)
    for _time in range(MOST_TRIES):
        with pytest.raises(CaseError):
            sign_for_company(agreement, by=signer, factor=Factor(factor.code, "guess"))

    with pytest.raises(TooManyAttempts):
        sign_for_company(agreement, by=signer, factor=factor)
    assert unsigned(agreement)


def test_code_is_mailed_only_to_those_who_may_sign_what_waits() -> None:
    agreement = fresh(offered())
    with pytest.raises(StepForbidden):
        request_company_code(agreement, by=staff(Role.AGENT))
    with pytest.raises(CaseError, match="工作邮箱"):
        request_company_code(agreement, by=Actor.staff(make_user(Role.APPROVER, email="")))
    company_signs(consumer_signs(agreement))

    with pytest.raises(SigningClosed):
        request_company_code(fresh(agreement), by=staff(Role.APPROVER))


def test_refused_signature_uses_no_code_up() -> None:
    """Another text on the screen: the code still holds for the text that is there now."""
    agreement, signer = fresh(offered()), staff(Role.APPROVER)
    factor = company_factor(agreement, signer)

    with pytest.raises(SigningClosed, match="新版本"):
        sign_for_company(agreement, by=signer, factor=factor, read_number="AG-2020-000001")
    sign_for_company(agreement, by=signer, factor=factor, read_number=agreement.number)
    assert agreement.signers.filter(role="company", signed_at__isnull=False).exists()
