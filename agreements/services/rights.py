"""Who may do what with an agreement, and loading one under its case's lock."""

from __future__ import annotations

from django.utils.translation import gettext as _

from agreements.errors import SigningClosed
from agreements.models import Agreement, Obligation
from agreements.states import AgreementKind, AgreementStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.permissions import Permission, has_permission
from complaints.services.locking import locked_case
from complaints.states import ActorKind, Stage

STAGE_OF_KIND = {
    AgreementKind.SETTLEMENT: Stage.NEGOTIATING,
    AgreementKind.MEDIATION: Stage.MEDIATING,
}


def require(by: Actor, permission: str) -> None:
    """Raise StepForbidden unless the actor holds the right."""
    if not has_permission(by, permission):
        raise StepForbidden(_("你的角色不能做这件事。"))


def require_drafter(by: Actor, kind: str) -> None:
    """Raise StepForbidden unless the actor may draft: the desk, or whoever mediates."""
    guest = by.kind == ActorKind.MEDIATOR
    may_mediate = guest or has_permission(by, Permission.MEDIATE)
    if kind == AgreementKind.MEDIATION and may_mediate:
        return
    require(by, Permission.HANDLE_CASE)


def locked_agreement(agreement: Agreement, *, seen: int | None = None) -> Agreement:
    """Return the agreement freshly read, with its case locked first (`.case` is that row)."""
    case = locked_case(agreement.case, seen=seen)
    fresh = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    fresh.case = case
    return fresh


def locked_obligation(obligation: Obligation, *, seen: int | None = None) -> Obligation:
    """Return the obligation freshly read, with its case locked first.

    Raises CaseError when its agreement was replaced, or the case is not at performing it.
    """
    case = locked_case(obligation.agreement.case, seen=seen)
    fresh = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    fresh.agreement = Agreement.objects.get(pk=fresh.agreement_id)
    fresh.agreement.case = case
    if fresh.agreement.status != AgreementStatus.SIGNED:
        raise CaseError(_("这份协议已经不再执行。"))
    return fresh


def check_stage(case: Case, kind: str) -> None:
    """Raise CaseError unless the case is where an agreement of this kind is made."""
    if case.stage != STAGE_OF_KIND.get(AgreementKind(kind)):
        raise CaseError(
            _("案件现在的阶段是「%(stage)s」，不能签这类协议。")
            % {"stage": case.get_stage_display()}
        )


def check_offered(agreement: Agreement) -> None:
    """Raise SigningClosed unless the agreement waits for signatures."""
    refusals = {
        AgreementStatus.DRAFT: _("协议还没有定稿，暂时不能签。"),
        AgreementStatus.SIGNED: _("协议各方都已经签好了。"),
        AgreementStatus.REFUSED: _("这份协议已经有一方决定不签。"),
        AgreementStatus.VOID: _("这份协议已经作废，不能再签。"),
        AgreementStatus.SUPERSEDED: _("协议有了新版本，请看最新的那份。"),
    }
    refusal = refusals.get(AgreementStatus(agreement.status))
    if refusal is not None:
        raise SigningClosed(refusal)
    check_stage(agreement.case, agreement.kind)
