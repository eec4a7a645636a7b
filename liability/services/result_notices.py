"""News of a finding for the other side: the consumer is told by the step itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.outbox import tell_address, tell_staff
from documents.models import Document
from documents.registry import RESULT_NOTICE
from documents.services.rendering import request_document
from documents.states import DocumentKind
from liability.hearing import same_name
from liability.models import ConsultTask, LiabilityFinding, LiabilityShare, ResultNotice
from liability.reports import lines_of, without_names
from liability.selectors.reporting import third_parties
from liability.services.letters import issuer_of
from liability.states import OUTSIDE_PARTIES, ShareTable

LINK_LIVES = timedelta(days=30)
"""A notice can be opened for so long after the last day for objecting."""


def tell_result(case: Case, finding: LiabilityFinding, *, by: Actor, address: str = "") -> None:
    """Tell the respondents: the case's people on the desk, and by mail with a letter the outside
    respondent and every outside party that bears a share and was asked by a link.

    Queued in the transaction of the finding, so that nobody hears of one that was not made.
    """
    lead = finding.investigation.lead if finding.investigation else None
    manager = case.team.manager if case.team else None
    people = {person.pk: person for person in (case.owner, lead, manager) if person is not None}
    if by.user is not None:
        people.pop(by.user.pk, None)
    key, data = f"finding:{finding.pk}", {"finding": finding.pk, "version": finding.version}
    tell_staff(case, "finding_issued", users=list(people.values()), key=key, data=data)
    for position, (email, name) in enumerate(_outside(case, finding, address), start=1):
        _send(case, finding, position, email=email, name=name)


def _outside(case: Case, finding: LiabilityFinding, address: str) -> list[tuple[str, str]]:
    """Return whom to write to: address and name, each address once."""
    bearers = [
        share.name
        for share in finding.shares.all()
        if share.party in OUTSIDE_PARTIES and share.name
    ]
    found: dict[str, tuple[str, str]] = {}
    if address.strip():
        found[address.strip().casefold()] = (address.strip(), case.respondent or _("被投诉方"))
    for task in ConsultTask.objects.filter(case=case).exclude(party_name="").order_by("-id"):
        email = task.email
        if email and any(same_name(task.party_name, name) for name in bearers):
            found.setdefault(email.casefold(), (email, task.party_name))
    return list(found.values())


def _send(
    case: Case, finding: LiabilityFinding, position: int, *, email: str, name: str
) -> ResultNotice:
    secret, moment = sealing.new_secret(), now()
    until = case.review_until or working_calendar().local_date(moment)
    notice = ResultNotice.objects.create(
        finding=finding,
        position=position,
        name=name[:120],
        email_sealed=sealing.seal_for_installation(email),
        letter=_letter(case, finding, position, name=name),
        secret_digest=sealing.digest(secret),
        created_at=moment,
        expires_at=working_calendar().end_of(until) + LINK_LIVES,
    )
    tell_address(
        case,
        "finding_result",
        key=f"finding:{finding.pk}:respondent:{notice.pk}",
        address=email,
        data={"finding": finding.pk, "version": finding.version},
        secret={
            "name": name,
            "outcome": str(finding.get_outcome_display()),
            "until": case.review_until.isoformat() if case.review_until else "",
            "result": secret,
        },
    )
    return notice


def note_result_opened(notice: ResultNotice) -> None:
    """Remember when a notice was opened for the first time."""
    ResultNotice.objects.filter(pk=notice.pk, opened_at=None).update(opened_at=now())


def _letter(case: Case, finding: LiabilityFinding, position: int, *, name: str) -> Document:
    language = "en" if case.language == "en" else "zh-hans"
    with translation.override(language):
        context = _context(case, finding, position, name=name)
    return request_document(
        key=f"result:{finding.pk}:{position}",
        kind=DocumentKind.FINDING_LETTER,
        template_name=RESULT_NOTICE,
        language=language,
        context=context,
    )


def _context(case: Case, finding: LiabilityFinding, position: int, *, name: str) -> dict[str, Any]:
    shares = list(finding.shares.all())
    own = [
        each for each in shares if each.table == ShareTable.INWARD and same_name(each.name, name)
    ]
    told = {
        "conclusion": str(finding.get_outcome_display()),
        "shares": [_share(each) for each in shares if each.table == ShareTable.OUTWARD],
        "own": [_share(each) for each in own],
        "reasons": lines_of(finding.reasons_consumer)[:100],
    }
    return {
        "number": f"{case.reference}-N{finding.version}-{position}",
        "case_number": case.reference,
        "issued_on": working_calendar().local_date(finding.decided_at).isoformat(),
        "issuer": issuer_of(),
        "addressee": name,
        "facts": _facts(case),
        **without_names(told, _names(case, finding, shares, addressee=name)),
        "objecting": _objecting(case),
        "routes": [
            {
                "name": _("内部复议"),
                "how": _("回信写明理由，附上材料"),
                "until": case.review_until.isoformat() if case.review_until else "",
            },
            {
                "name": _("仲裁或诉讼"),
                "how": _("有仲裁协议的申请仲裁，或者向法院起诉"),
                "until": "",
            },
        ],
        "signatory": {"name": str(finding.decided_by), "title": ""},
    }


def _names(
    case: Case, finding: LiabilityFinding, shares: list[LiabilityShare], *, addressee: str
) -> dict[str, str]:
    """Return the names that the addressee does not need, each with what stands for it."""
    statements = list(case.statements.all())
    names = third_parties(case, shares, statements, finding)
    contact = case.consumer.contact
    for field in ("name", "phone", "email", "address"):
        if contact.get(field):
            names[str(contact[field])] = _("消费者")
    return {known: role for known, role in names.items() if not same_name(known, addressee)}


def _share(share: LiabilityShare) -> dict[str, str]:
    return {
        "party": str(share.get_party_display()),
        "percent": format(share.share.normalize(), "f"),
        "reason": share.ground,
    }


def _facts(case: Case) -> list[str]:
    told = [
        (_("商品：%(value)s"), case.product.name if case.product else case.product_name),
        (_("批次：%(value)s"), case.batch.code if case.batch else ""),
        (_("发生日期：%(value)s"), case.occurred_on),
    ]
    return [text % {"value": value} for text, value in told if value]


def _objecting(case: Case) -> str:
    if case.review_until is None:
        return _("可以回信写明理由并附上材料，由没有经手过的人重新看。")
    return _("%(day)s 之前可以回信写明理由并附上材料，由没有经手过的人重新看。") % {
        "day": case.review_until.isoformat()
    }
