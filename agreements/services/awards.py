"""An award or judgment: nobody signs it here, and it binds as it was decided."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from agreements.capitals import NotCapitals, to_capitals
from agreements.days import today
from agreements.errors import AgreementBlocked
from agreements.models import Agreement
from agreements.selectors import proposed_party
from agreements.services.concluding import earmark, replace_earlier, write_obligations
from agreements.services.rights import require
from agreements.states import DECIDED_ELSEWHERE, AgreementStatus
from agreements.terms import AgreementTerms, as_json
from compensation.selectors.plans import authority_of
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.cases import touch
from documents.models import StoredFile


def write_award(
    case: Case,
    *,
    by: Actor,
    kind: str,
    terms: AgreementTerms,
    decided_on: date,
    source_file: StoredFile | None = None,
) -> Agreement:
    """Write down what an award or judgment orders, with its obligations; the caller holds the
    case's lock and takes the step.

    Raises AgreementBlocked when amounts or days don't fit, CaseError for another kind,
    StepForbidden for more than the person's authority covers.
    """
    require(by, Permission.HANDLE_CASE)
    if kind not in DECIDED_ELSEWHERE:
        raise CaseError(_("这里只登记裁决或者判决。"))
    _check(terms, decided_on)
    if not authority_of(by, currency=case.currency).covers(terms.total):
        raise StepForbidden(_("金额超过你的审批额度。"))
    replace_earlier_open(case)
    agreement = _as_decided(case, by=by, kind=kind, terms=terms)
    agreement.source_file = source_file
    replace_earlier(case, keep=agreement, by=by)
    agreement.save(force_insert=True)
    agreement.refresh_from_db(fields=["number"])
    write_obligations(agreement)
    earmark(agreement, by=by)
    agreement.case = touch(
        case,
        "amount_agreed",
        by=by,
        changes={"amount_agreed": terms.total},
        data={"agreement": agreement.pk},
    )
    return agreement


def _as_decided(case: Case, *, by: Actor, kind: str, terms: AgreementTerms) -> Agreement:
    last = Agreement.objects.filter(case=case).aggregate(last=Max("version"))["last"] or 0
    moment = now()
    return Agreement(
        case=case,
        kind=kind,
        version=last + 1,
        language="en" if case.language == "en" else "zh-hans",
        status=AgreementStatus.SIGNED,
        terms=as_json(terms),
        party_sealed=sealing.seal(case.consumer.key_sealed, asdict(proposed_party(case))),
        total=terms.total,
        currency=case.currency,
        total_capitals=to_capitals(terms.total),
        performance_due_on=max(duty.due_on for duty in terms.undertakings if duty.due_on),
        signed_at=moment,
        effective_at=moment,
        created_by=by.user,
        created_at=moment,
    )


def replace_earlier_open(case: Case) -> None:
    """Void what was still being drafted or signed: the matter is decided."""
    open_ones = Agreement.objects.filter(
        case=case, status__in=[AgreementStatus.DRAFT, AgreementStatus.OFFERED]
    )
    open_ones.update(status=AgreementStatus.VOID)


def _check(terms: AgreementTerms, decided_on: date) -> None:
    if decided_on > today():
        raise CaseError(_("裁决日期不能晚于今天。"), field="decided_on")
    ours = [duty for duty in terms.undertakings if duty.debtor == "company"]
    if not ours:
        raise AgreementBlocked([("undertakings", _("请写明我们要履行什么，至少一项。"))])
    if any(duty.due_on is None or duty.due_on < today() for duty in terms.undertakings):
        raise AgreementBlocked([("due_on", _("每一项都要写明履行日期，不能早于今天。"))])
    if terms.pledged_money != terms.total:
        raise AgreementBlocked([("undertakings", _("付款金额要和裁决的金额一致。"))])
    try:
        to_capitals(terms.total)
    except NotCapitals as error:
        raise AgreementBlocked([("lines", _("金额不能写成大写，请核对。"))]) from error
