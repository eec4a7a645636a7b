"""The agreement on paper: the text to read before signing, and the one that everybody signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, cast

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from agreements.errors import AgreementBlocked
from agreements.models import Agreement, Representative, Signer
from agreements.money import as_text, shown, with_currency
from agreements.selectors.agreements import agents_at
from agreements.selectors.summaries import masked
from agreements.selectors.verifying import check_address, check_code, check_site
from agreements.selectors.wording import printed_sections
from agreements.services.proofs import moment_text, pdf_before_signing, proofs_of, trail_of
from agreements.states import AgreementKind, Debtor, ObligationKind, SignerRole, SignMethod
from agreements.terms import AgreementTerms, Clause, TermLine, Undertaking
from complaints.models import Case
from documents.contexts import AgreementContext
from documents.contexts.agreement import (
    Agent,
    AgreementLine,
    Attachment,
    Consumer,
    Credit,
    Duty,
    Instalment,
    Mediator,
    Operator,
    Performance,
    PrintedSection,
    Purchase,
    Verify,
)
from documents.contexts.shapes import Signature
from documents.errors import ContextInvalid
from documents.models import Document
from documents.qr import qr_path
from documents.services.rendering import checked_context, request_document
from documents.states import DocumentKind

PaperRole = Literal["operator", "consumer", "mediator", "member"]
PAPER_ROLE: dict[str, PaperRole] = {
    SignerRole.COMPANY: "operator",
    SignerRole.CONSUMER: "consumer",
    SignerRole.MEDIATOR: "mediator",
}
SIGN_BOX = (600, 200)


def request_unsigned(agreement: Agreement) -> Document:
    """Ask for the text to be read before signing."""
    return _request(agreement, "unsigned", agreement_context(agreement, draft=True))


def request_sealed(agreement: Agreement) -> Document:
    """Ask for the final text with every signature, under the company's seal: stored once."""
    return _request(agreement, "sealed", agreement_context(agreement, draft=False))


def check_printable(agreement: Agreement) -> None:
    """Raise AgreementBlocked naming what of a draft can't be printed: empty once cleaned, or huge.

    Found while it can still be mended, not when it is offered or the last side signs.
    """
    try:
        checked_context(
            kind=DocumentKind.AGREEMENT,
            template_name=DocumentKind.AGREEMENT,
            language=agreement.language,
            context=dict(agreement_context(agreement, draft=True)),
        )
    except ContextInvalid as error:
        field = "name" if error.field == "consumer.name" else ""
        words = _("协议里有一处印不出来：没有看得见的字，或者太长（%(where)s）。请改写。")
        raise AgreementBlocked([(field, words % {"where": error.field})]) from error


def _request(agreement: Agreement, state: str, context: AgreementContext) -> Document:
    return request_document(
        key=f"agreement:{agreement.pk}:{state}",
        kind=DocumentKind.AGREEMENT,
        template_name=DocumentKind.AGREEMENT,
        language=agreement.language,
        context=dict(context),
        with_seal=not context["draft"],
    )


def agreement_context(agreement: Agreement, *, draft: bool) -> AgreementContext:
    """Return the data that is printed, in the agreement's language."""
    with translation.override(agreement.language):
        return _context(agreement, draft=draft)


def _context(agreement: Agreement, *, draft: bool) -> AgreementContext:
    context = _facts(agreement, draft=draft)
    if agreement.wording is not None:
        context["title"] = agreement.wording.title
        sections = printed_sections(agreement.wording, context)
        context["sections"] = cast("list[PrintedSection]", sections)
    return context


def _facts(agreement: Agreement, *, draft: bool) -> AgreementContext:
    terms, case = agreement.text, agreement.case
    signers = list(
        agreement.signers.select_related("user", "scan", "representative__file").order_by("pk")
    )
    return AgreementContext(
        number=agreement.number,
        case_number=case.reference,
        made_on="" if draft else _day(agreement.signed_at),
        place=terms.place,
        draft=draft,
        operator=_operator(),
        consumer=_consumer(agreement),
        agents=[_agent(row) for row in agents_at(case, agreement.offered_at)],
        mediator=_mediator(agreement, terms),
        purchase=_purchase(case),
        complaint=terms.complaint or case.title,
        findings=terms.findings or _("双方对事实没有争议。"),
        liability=terms.liability or _("双方不以认定责任为前提，达成本协议。"),
        admits_liability=terms.admits_liability,
        lines=[_line(line, agreement.currency) for line in terms.lines],
        credits=[_credit(line, agreement.currency) for line in terms.credits],
        total=as_text(agreement.total),
        total_shown=shown(agreement.total, agreement.currency),
        total_capitals=with_currency(agreement.total_capitals, agreement.currency),
        duties=_duties(terms, currency=agreement.currency),
        performance=_performance(agreement, terms),
        penalty_rate=f"{terms.penalty_rate}%" if terms.penalty_rate else "",
        grace_days=terms.grace_days,
        penalty_cap=f"{terms.penalty_cap}%" if terms.penalty_cap else "",
        acceleration_days=terms.acceleration_days,
        confidential=terms.confidential,
        arbitration=terms.arbitration,
        extra_clauses=[
            {"title": clause.title, "text": clause.text} for clause in _clauses(agreement, terms)
        ],
        copies=len(signers),
        reading_time=_reading_time(agreement) if draft else "",
        signatures=[_signature(agreement, signer) for signer in signers],
        attachments=[] if draft else _attachments(agreement, signers),
        proofs=[] if draft else proofs_of(agreement, signers),
        trail=[] if draft else trail_of(agreement),
        verify=None if draft else _verify(agreement.number),
    )


def _reading_time(agreement: Agreement) -> str:
    """Return how long there is to read before the date to sign by, in whole days."""
    if agreement.sign_by is None or agreement.offered_at is None:
        return ""
    days = max((agreement.sign_by - agreement.offered_at).days, 1)
    words = npgettext("time to read", "%(count)d 天", "%(count)d 天", days)
    return words % {"count": days}


def _verify(number: str) -> Verify:
    code = qr_path(check_address(number))
    return Verify(site=check_site(), code=check_code(number), path=code.path, side=code.side)


def _operator() -> Operator:
    english = translation.get_language() == "en"
    return Operator(
        name=settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
        credit_code=settings.COMPANY_CREDIT_CODE,
        address=settings.COMPANY_ADDRESS,
        legal_representative=settings.COMPANY_REPRESENTATIVE,
        contact=settings.COMPANY_HOTLINE,
    )


def _consumer(agreement: Agreement) -> Consumer:
    party = agreement.party
    return Consumer(
        name=party.name,
        id_type=party.id_type,
        id_number=party.id_number,
        phone=party.phone,
        address=party.address,
    )


def _agent(row: Representative) -> Agent:
    told = {
        "scope": row.get_scope_display(),
        "day": row.valid_until.isoformat(),
        "sha256": row.file.sha256,
    }
    authority = _("%(scope)s，授权到 %(day)s；授权委托书 SHA-256 %(sha256)s") % told
    relation = row.particulars.get("relation", "")
    if relation:
        authority = f"{relation}{pgettext('between parts of a sentence', '；')}{authority}"
    return Agent(acts_for="consumer", name=row.name or "-", authority=authority)


def _mediator(agreement: Agreement, terms: AgreementTerms) -> Mediator | None:
    if agreement.kind != AgreementKind.MEDIATION:
        return None
    return Mediator(name=terms.mediator, organisation=terms.mediator_organisation)


def _purchase(case: Case) -> Purchase:
    paid = case.amount_paid
    return Purchase(
        item=case.product_name or case.title,
        bought_on=case.purchased_on.isoformat() if case.purchased_on else "",
        price_shown=shown(paid, case.currency) if paid is not None else "",
        order_number=case.order_number,
        batch=case.batch.code if case.batch else "",
    )


def _line(line: TermLine, currency: str) -> AgreementLine:
    return AgreementLine(
        label=line.label,
        basis=line.basis,
        formula=line.formula,
        amount=as_text(line.amount),
        amount_shown=shown(line.amount, currency),
    )


def _credit(line: TermLine, currency: str) -> Credit:
    return Credit(
        label=line.label, amount=as_text(line.amount), amount_shown=shown(line.amount, currency)
    )


def _payments(terms: AgreementTerms) -> list[Undertaking]:
    """Return what we pay; what the consumer pays stands among the duties."""
    return [duty for duty in terms.undertakings if _is_our_payment(duty)]


def _is_our_payment(duty: Undertaking) -> bool:
    return duty.kind == ObligationKind.PAYMENT and duty.debtor == Debtor.COMPANY


def _duties(terms: AgreementTerms, *, currency: str) -> list[Duty]:
    return [
        Duty(
            text=_duty_text(duty, currency=currency),
            due_on=duty.due_on.isoformat() if duty.due_on else "",
        )
        for duty in terms.undertakings
        if not _is_our_payment(duty)
    ]


def _duty_text(duty: Undertaking, *, currency: str) -> str:
    text = duty.description
    if duty.kind == ObligationKind.PAYMENT and duty.amount is not None:
        text = f"{text} {shown(duty.amount, currency)}"
    if duty.debtor == Debtor.CONSUMER:
        return _("乙方：%(text)s") % {"text": text}
    return _("甲方：%(text)s") % {"text": text}


def _performance(agreement: Agreement, terms: AgreementTerms) -> Performance:
    payments = _payments(terms)
    party = agreement.party
    return Performance(
        due_on=_last_day(agreement, terms).isoformat(),
        method=terms.method or _("按本协议约定的方式履行"),
        payee=masked(party.payee),
        goods_return=terms.goods_return,
        invoice=terms.invoice,
        security=terms.security,
        instalments=[_instalment(duty, agreement.currency) for duty in payments]
        if len(payments) > 1
        else [],
    )


def _last_day(agreement: Agreement, terms: AgreementTerms) -> date:
    """Return by when we perform: the day of the (last) payment, else of our last duty.

    Other duties are printed with days of their own, and the consumer's day is never ours.
    """
    ours = [duty for duty in terms.undertakings if duty.debtor == Debtor.COMPANY]
    days = [duty.due_on for duty in _payments(terms) or ours if duty.due_on]
    return max(days, default=agreement.performance_due_on)


def _instalment(duty: Undertaking, currency: str) -> Instalment:
    amount = duty.amount or 0
    return Instalment(
        due_on=duty.due_on.isoformat() if duty.due_on else "",
        amount=f"{amount:.2f}",
        amount_shown=shown(duty.amount, currency) if duty.amount is not None else "",
    )


def _clauses(agreement: Agreement, terms: AgreementTerms) -> list[Clause]:
    clauses = list(terms.clauses)
    if terms.acceleration_days and not _says_acceleration(agreement):
        words = _("任何一期逾期超过 %(days)d 日的，乙方可以要求甲方一次付清余款。")
        clauses.append(Clause(_("余款一次付清"), words % {"days": terms.acceleration_days}))
    if terms.gives_up:
        clauses.append(Clause(_("乙方放弃的权利"), terms.gives_up))
    if agreement.effective_on is not None:
        day = agreement.effective_on.isoformat()
        text = _("本协议在各方签署以后，自 %(day)s 起生效。") % {"day": day}
        clauses.append(Clause(_("生效日期"), text))
    if agreement.minimum_waiver:
        clauses.append(Clause(_("乙方知情后的选择"), agreement.minimum_waiver))
    return clauses


def _says_acceleration(agreement: Agreement) -> bool:
    """Whether the company's text itself says from when on the whole rest can be asked for."""
    return agreement.wording is not None and "{{acceleration_days}}" in agreement.wording.body


def _signature(agreement: Agreement, signer: Signer) -> Signature:
    signed = signer.signed_at is not None
    width, height = SIGN_BOX
    return Signature(
        role=PAPER_ROLE[signer.role],
        name=_printed_name(agreement, signer),
        signed_at=moment_text(signer.signed_at) if signer.signed_at else "",
        method=str(SignMethod(signer.method).label) if signed else "",
        path=signer.signature_path if signed else "",
        width=width,
        height=height,
    )


def _printed_name(agreement: Agreement, signer: Signer) -> str:
    signer.agreement = agreement
    if signer.role == SignerRole.CONSUMER:
        return signer.shown_name
    if not signer.name:
        return str(settings.COMPANY_NAME)
    return f"{signer.name} {signer.position}".strip()


def _attachments(agreement: Agreement, signers: list[Signer]) -> list[Attachment]:
    found = []
    read = pdf_before_signing(agreement, signers)
    if read:
        found.append(Attachment(title=_("签署前供阅读的文本"), sha256=read))
    found += [
        Attachment(title=_("签名的纸质文本（扫描件）"), sha256=signer.scan.sha256)
        for signer in signers
        if signer.scan is not None
    ]
    found += [
        Attachment(title=_("授权委托书"), sha256=signer.representative.file.sha256)
        for signer in signers
        if signer.representative is not None
    ]
    return found


def _day(moment: datetime | None) -> str:
    return moment_text(moment)[:10] if moment else ""
