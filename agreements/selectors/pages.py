"""What this app shows on a case's pages: the next step, the desk's tab, the consumer's part."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.days import today
from agreements.models import Agreement, Obligation, PaperCopy, Signer
from agreements.periods import TRIES_NEEDED
from agreements.selectors.agreements import (
    agreement_in_force,
    agreements_of,
    company_has_signed,
    open_agreement,
    representatives_of,
    running_kinds,
    waiting_paper,
)
from agreements.selectors.differences import differences
from agreements.selectors.lateness import (
    items_of,
    late_charges_of,
    open_lapses,
    running_lateness,
)
from agreements.selectors.performance import (
    calls_of,
    obligations_in_force,
    open_breaches,
    pending_obligations,
)
from agreements.selectors.proposals import chosen_offer
from agreements.selectors.schedule import rest_to_demand, schedule_of
from agreements.selectors.summaries import obligation_rows, summary_rows
from agreements.states import (
    OPEN_STATUSES,
    AgreementKind,
    AgreementStatus,
    CheckStatus,
    Debtor,
    ObligationKind,
    ObligationStatus,
    SignerRole,
)
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.next_action import NextAction
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.selectors.steps import CaseAction, who_can
from complaints.states import ClockKind, Stage

MAKING = (Stage.NEGOTIATING, Stage.MEDIATING)
_WITH_AGREEMENT = frozenset(
    {
        Stage.NEGOTIATING,
        Stage.MEDIATING,
        Stage.AGREED,
        Stage.FULFILLING,
        Stage.BREACHED,
        Stage.FOLLOWING_UP,
        Stage.UNDER_REVIEW,
        Stage.EXTERNAL,
        Stage.CLOSED,
    }
)


def page_of(name: str, case: Case, *args: Any) -> str:
    """Return the address of one of this app's pages of a case."""
    return reverse(f"agreements:{name}", args=[case.reference, *args])


def right_obstacle(actor: Actor, permission: str) -> str:
    """Say which roles may do a thing, for somebody who may not; "" for one who may."""
    roles = PERMISSION_ROLES[permission]
    return "" if actor.has_role(*roles) else who_can(roles)


def next_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the primary action in the stages that this app owns."""
    if case.stage in MAKING:
        return _making(case, actor)
    if case.stage == Stage.AGREED:
        return _waiting(case)
    if case.stage == Stage.FULFILLING:
        return _performing(case, actor)
    if case.stage == Stage.BREACHED:
        obstacle = right_obstacle(actor, Permission.HANDLE_CASE)
        return NextAction(_("安排补救"), page_of("remedy", case), obstacle)
    if case.stage == Stage.FOLLOWING_UP:
        obstacle = right_obstacle(actor, Permission.HANDLE_CASE)
        return NextAction(_("登记回访"), page_of("follow_up", case), obstacle)
    return None


def _making(case: Case, actor: Actor) -> NextAction | None:
    """Two questions to the database at most: what runs, and how far that is."""
    if case.stage == Stage.MEDIATING:
        return _mediated(case, actor)
    running = running_kinds(case)
    handle = right_obstacle(actor, Permission.HANDLE_CASE)
    if ClockKind.AGREEMENT_DRAFT in running:
        if Agreement.objects.filter(case=case, status=AgreementStatus.DRAFT).exists():
            return NextAction(_("提交签署"), page_of("offer", case), handle)
        return NextAction(_("起草协议"), page_of("draft", case), handle)
    if ClockKind.ENTRY_INTO_FORCE in running:
        return _paper_to_check(case, actor) or _company_signs(case, actor)
    if ClockKind.SIGNATURE in running:
        if company_has_signed(case):
            return NextAction(_("登记纸质签署"), page_of("paper", case), handle)
        return _company_signs(case, actor)
    return None


def _mediated(case: Case, actor: Actor) -> NextAction | None:
    found = Agreement.objects.filter(
        case=case, kind=AgreementKind.MEDIATION, status__in=OPEN_STATUSES
    ).values_list("status", flat=True)
    status = found.first()
    if status == AgreementStatus.DRAFT:
        handle = right_obstacle(actor, Permission.HANDLE_CASE)
        return NextAction(_("提交签署"), page_of("offer", case), handle)
    if status is None:
        return None
    paper = _paper_to_check(case, actor)
    return paper or (None if company_has_signed(case) else _company_signs(case, actor))


def _paper_to_check(case: Case, actor: Actor) -> NextAction | None:
    waiting = PaperCopy.objects.filter(
        agreement__case=case,
        agreement__status=AgreementStatus.OFFERED,
        status=CheckStatus.WAITING,
    )
    paper = waiting.values_list("pk", flat=True).first()
    if paper is None:
        return None
    handle = right_obstacle(actor, Permission.HANDLE_CASE)
    return NextAction(_("核对纸质签署"), page_of("check_paper", case, paper), handle)


def _company_signs(case: Case, actor: Actor) -> NextAction:
    obstacle = right_obstacle(actor, Permission.SIGN_FOR_COMPANY)
    return NextAction(_("代表公司签署"), page_of("sign_company", case), obstacle)


def signer_of(agreement: Agreement, role: str) -> Signer | None:
    """Return a side's signer (from prefetched signers)."""
    return next((signer for signer in agreement.signers.all() if signer.role == role), None)


def _waiting(case: Case) -> NextAction | None:
    day = (
        Agreement.objects.filter(case=case, status=AgreementStatus.SIGNED)
        .values_list("effective_on", flat=True)
        .first()
    )
    if day is None:
        return None
    reason = _("协议 %(day)s 起自动生效，到时开始履行") % {"day": day.isoformat()}
    return NextAction(_("等待协议生效"), reverse("desk:case", args=[case.reference]), reason)


def _performing(case: Case, actor: Actor) -> NextAction | None:
    pending = list(pending_obligations(case))
    if not pending:
        return None
    handle = right_obstacle(actor, Permission.HANDLE_CASE)
    if any(duty.due_on < today() for duty in pending):
        return NextAction(_("认定逾期"), page_of("breach", case), handle)
    finance = actor.has_role(*PERMISSION_ROLES[Permission.RECORD_PAYMENT])
    duty = _first_for(pending, finance=finance)
    if duty.kind == ObligationKind.PAYMENT:
        obstacle = right_obstacle(actor, Permission.RECORD_PAYMENT)
        return NextAction(_("登记付款"), page_of("pay", case, duty.pk), obstacle)
    return NextAction(_("登记履行"), page_of("perform", case, duty.pk), handle)


def _first_for(pending: list[Obligation], *, finance: bool) -> Obligation:
    own = [duty for duty in pending if (duty.kind == ObligationKind.PAYMENT) == finance]
    return (own or pending)[0]


def case_actions(case: Case, actor: Actor) -> list[CaseAction]:
    """Return what else this app lets people do in a stage; asks the database nothing."""
    handle = right_obstacle(actor, Permission.HANDLE_CASE)
    if case.stage == Stage.FOLLOWING_UP:
        return [
            CaseAction(_("登记没有接通"), page_of("try", case), "phone-missed", handle),
            CaseAction(_("联系不上，结案"), page_of("close", case), "circle-check", handle),
        ]
    return []


def case_panel(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the desk's tab on the agreement shows, with links to what can be done now."""
    agreements = agreements_of(case)
    current = open_agreement(case) or agreement_in_force(case)
    shown = current or (agreements[0] if agreements else None)
    duties = list(
        obligations_in_force(case)
        .select_related("goods")
        .prefetch_related("payments__recorded_by", "payouts__batch", "breaches")
    )
    return {
        "heading": gettext_lazy("协议"),
        "agreement": shown,
        "rows": summary_rows(shown, for_staff=True) if shown else [],
        "signers": _signers(shown) if shown else [],
        "changed": differences(current) if current is not None and current.is_open else [],
        "papers": list(shown.paper_copies.order_by("-pk")) if shown else [],
        "agents": representatives_of(case),
        "can_handle": actor.has_role(*PERMISSION_ROLES[Permission.HANDLE_CASE]),
        "links": _links(case, actor, current),
        "obligations": obligation_rows(duties, case, actor),
        **_aftermath(case, duties),
        "earlier": [row for row in agreements if shown is None or row.pk != shown.pk],
        "follow_ups": list(case.follow_ups.select_related("case__consumer").order_by("round")),
        "tries": list(calls_of(case)) if case.stage == Stage.FOLLOWING_UP else [],
        "tries_needed": TRIES_NEEDED,
    }


def _signers(agreement: Agreement) -> list[Signer]:
    found = agreement.signers.select_related("user", "representative__case__consumer")
    return list(found.order_by("pk"))


def _aftermath(case: Case, duties: list[Obligation]) -> dict[str, Any]:
    """Return what lateness of either side led to; next to nothing is asked where nobody was."""
    breaches = list(open_breaches(case))
    lapsed = any(duty.debtor == Debtor.CONSUMER and not duty.is_done for duty in duties)
    items = items_of(case) if breaches else {}
    return {
        "breaches": [(row, items.get(row.obligation.subject)) for row in breaches],
        "lateness": running_lateness(duties),
        "late_charges": late_charges_of(case) if duties else [],
        "lapses": open_lapses(case) if lapsed else [],
        "rest": rest_to_demand(case, duties),
    }


def _links(case: Case, actor: Actor, current: Agreement | None) -> list[CaseAction]:
    handle = right_obstacle(actor, Permission.HANDLE_CASE)
    if case.stage not in MAKING:
        return case_actions(case, actor)
    links = []
    if case.stage == Stage.NEGOTIATING and chosen_offer(case) is not None:
        label = _("重新起草") if current is not None else _("起草协议")
        links.append(CaseAction(label, page_of("draft", case), "file-pen", handle))
    if current is None or not current.is_open:
        return links
    if current.status == AgreementStatus.DRAFT:
        links.append(CaseAction(_("提交签署"), page_of("offer", case), "send", handle))
    else:
        sign = right_obstacle(actor, Permission.SIGN_FOR_COMPANY)
        links += [
            CaseAction(_("代表公司签署"), page_of("sign_company", case), "file-check", sign),
            CaseAction(_("公司不签"), page_of("refuse_company", case), "file-x", sign),
            CaseAction(_("登记纸质签署"), page_of("paper", case), "scan-line", handle),
            CaseAction(_("登记代理人"), page_of("attorney_new", case), "user-plus", handle),
        ]
    return [*links, CaseAction(_("作废"), page_of("void", case), "trash-2", handle)]


def consumer_panel(case: Case) -> dict[str, Any] | None:
    """Return what the consumer can read, sign, confirm or answer now; None when nothing is."""
    if case.stage not in _WITH_AGREEMENT:
        return None
    if case.stage in MAKING and (waiting := _to_sign(case)) is not None:
        return waiting
    agreement = agreement_in_force(case)
    if agreement is None:
        return None
    duties = [_of(duty, agreement) for duty in agreement.obligations.all()]
    schedule = schedule_of(duties)
    in_plan = {part.duty.pk for part in schedule.parts} if schedule else set()
    shown = [duty for duty in duties if duty.status != ObligationStatus.WAIVED]
    return {
        "state": "follow_up" if case.stage == Stage.FOLLOWING_UP else "in_force",
        "agreement": agreement,
        "obligations": [duty for duty in shown if duty.pk not in in_plan],
        "schedule": schedule,
        "rest": rest_to_demand(case, duties),
        "can_confirm": case.stage == Stage.FULFILLING and any(_to_confirm(duty) for duty in duties),
        "sealed_ready": agreement.sealed is not None and agreement.sealed.is_ready,
        "from_outside": agreement.sealed is None,
        "lateness": running_lateness(duties),
        "lapses": open_lapses(case) if any(_is_consumers_late(duty) for duty in duties) else [],
    }


def _of(duty: Obligation, agreement: Agreement) -> Obligation:
    duty.agreement = agreement
    return duty


def _is_consumers_late(duty: Obligation) -> bool:
    pending = duty.debtor == Debtor.CONSUMER and duty.status == ObligationStatus.PENDING
    return pending and duty.due_on < today()


def _to_confirm(duty: Obligation) -> bool:
    return duty.status == ObligationStatus.PERFORMED and duty.debtor == Debtor.COMPANY


def _to_sign(case: Case) -> dict[str, Any] | None:
    agreement = open_agreement(case)
    if agreement is None or agreement.status != AgreementStatus.OFFERED:
        return None
    if case.stage == Stage.MEDIATING and agreement.kind != AgreementKind.MEDIATION:
        return None
    signer = signer_of(agreement, SignerRole.CONSUMER)
    signed = signer is not None and signer.signed_at is not None
    late = agreement.sign_by is not None and agreement.sign_by <= now()
    paper = None if signed else waiting_paper(agreement)
    if paper is not None:
        state = "paper"
    else:
        state = "signed" if signed else ("lapsed" if late else "to_sign")
    return {
        "state": state,
        "agreement": agreement,
        "obligations": [],
        "sealed_ready": False,
    }
