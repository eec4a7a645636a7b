"""Whose hands sign: nobody signs, or vouches, for two sides."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.states import AgreementKind, SignerRole
from compensation.selectors.plans import authority_of
from complaints.actors import Actor
from complaints.errors import StepForbidden


def check_hands(agreement: Agreement, role: str, *, by: Actor) -> None:
    """Let nobody sign for two sides; a mediation's money has no approved plan behind it.

    It is promised by the company's signer alone, and so within that person's authority.
    """
    if by.user is None:
        return
    _check_paper_hands(agreement, role, by=by)
    if role == SignerRole.CONSUMER:
        return
    company = role == SignerRole.COMPANY
    if agreement.signers.filter(user=by.user, signed_at__isnull=False).exclude(role=role).exists():
        refusal = _("公司这一方要由一位有权的同事签署。")
        raise StepForbidden(refusal if company else _("调解员这一方只能由调解员签署。"))
    promised_here = company and agreement.kind == AgreementKind.MEDIATION
    if promised_here and not authority_of(by, currency=agreement.currency).covers(agreement.total):
        raise StepForbidden(_("金额超过你的审批额度。"))


def _check_paper_hands(agreement: Agreement, role: str, *, by: Actor) -> None:
    """Let whoever vouches for the consumer's signature on paper not sign for the company."""
    if role not in (SignerRole.CONSUMER, SignerRole.COMPANY) or by.user is None:
        return
    consumer = role == SignerRole.CONSUMER
    same = Q(user=by.user) if consumer else Q(evidence__recorded_by=by.user.pk)
    other = SignerRole.COMPANY if consumer else SignerRole.CONSUMER
    if agreement.signers.filter(same, role=other, signed_at__isnull=False).exists():
        raise StepForbidden(_("核对消费者纸质签名的人和代表公司签署的人，不能是同一个人。"))
