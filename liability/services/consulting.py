"""Putting questions to others: departments on the desk, suppliers and carriers by a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.clocks import plan_clock, start_clock
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_address, tell_staff
from complaints.services.stage_clocks import save_next_due, stop_kind
from complaints.states import ClockKind
from liability.models import (
    ConsultExtension,
    ConsultLink,
    ConsultTask,
    Investigation,
    PlanItem,
    Statement,
    Supplier,
)
from liability.naming import names_in
from liability.periods import A_MOMENT
from liability.selectors.consulting import people_asked
from liability.services.investigating import may_investigate, round_in_work
from liability.states import INSIDE, OUTSIDE, Addressee, ConsultStatus, StatementParty

GRACE = timedelta(days=3)
"""A link opens the task for so long after the time to answer."""
FURTHEST = timedelta(days=60)


@dataclass(frozen=True)
class Question:
    """A question as it is to be put, and to whom."""

    question: str
    addressee: str
    facts: str = ""
    department: Department | None = None
    role: str = ""
    supplier: Supplier | None = None
    party_name: str = ""
    email: str = ""
    due_on: date | None = None
    asks_statement: bool = False
    plan_item: PlanItem | None = None


@transaction.atomic
def ask_consult(case: Case, *, by: Actor, question: Question, nonce: UUID) -> ConsultTask:
    """Put a question to a department, a role, or an outside party, who gets a link by mail.

    The task has a clock of its own. The same nonce twice is one task. Raises CaseError for what is
    missing, a day that has passed, or text that names the consumer to an outside party.
    """
    user = may_investigate(by)
    case = locked_case(case)
    earlier = ConsultTask.objects.filter(nonce=nonce, case=case).first()
    if earlier is not None:
        return earlier
    investigation = round_in_work(case)
    _check(case, question, investigation)
    task = _write(case, question, investigation, user=user, nonce=nonce)
    if question.asks_statement:
        task.statement = _served(task, user)
        task.save(update_fields=["statement"])
    data = {"consult": task.pk, "addressee": task.addressee}
    case = touch(case, "consult_asked", by=by, data=data)
    start_clock(
        case,
        ClockKind.CONSULT,
        by=by,
        cause="consult_asked",
        subject=task.clock_subject,
        until=task.due_at,
    )
    save_next_due(case)
    task.case = case
    if task.is_outside:
        send_link(task, kind="consult_invited")
    else:
        tell_staff(
            case,
            "consult_asked",
            users=people_asked(task),
            key=f"consult:{task.pk}",
            data={"consult": task.pk},
            by_mail=True,
        )
    return task


def _write(
    case: Case, question: Question, investigation: Investigation, *, user: User, nonce: UUID
) -> ConsultTask:
    outside = question.addressee in OUTSIDE
    return ConsultTask.objects.create(
        case=case,
        investigation=investigation,
        plan_item=question.plan_item,
        number=ConsultTask.objects.filter(case=case).count() + 1,
        addressee=question.addressee,
        department=question.department if question.addressee == Addressee.DEPARTMENT else None,
        role=question.role if question.addressee == Addressee.ROLE else "",
        supplier=question.supplier if question.addressee == Addressee.SUPPLIER else None,
        party_name=_party_name(question) if outside else "",
        email_sealed=sealing.seal_for_installation(question.email.strip()) if outside else b"",
        question=question.question.strip(),
        facts=question.facts.strip(),
        due_at=_due_at(case, question.due_on),
        nonce=nonce,
        asked_by=user,
        asked_at=now(),
    )


def _party_name(question: Question) -> str:
    named = question.supplier if question.addressee == Addressee.SUPPLIER else None
    return named.name if named else question.party_name.strip()


def _due_at(case: Case, due_on: date | None) -> datetime:
    """Return the end of the day that was named, else what the policy of the clock gives."""
    if due_on is not None:
        return working_calendar().end_of(due_on)
    due = plan_clock(case, ClockKind.CONSULT).due_at
    if due is None:
        raise CaseError(_("请选答复期限。"), field="due_on")
    return due


def _served(task: ConsultTask, user: User) -> Statement:
    """Record that the party was asked to speak, with the task's time to answer."""
    return Statement.objects.create(
        case=task.case,
        investigation=task.investigation,
        party=StatementParty.RESPONDENT,
        name=task.to_whom,
        served_at=task.asked_at,
        answer_by=task.due_at,
        recorded_by=user,
        recorded_at=task.asked_at,
    )


def _check(case: Case, question: Question, investigation: Investigation) -> None:
    if not question.question.strip():
        raise CaseError(_("请写明要对方回答什么。"), field="question")
    if question.addressee not in INSIDE | OUTSIDE:
        raise CaseError(_("请选交给谁。"), field="addressee")
    if question.addressee == Addressee.DEPARTMENT and question.department is None:
        raise CaseError(_("请选部门。"), field="department")
    if question.addressee == Addressee.ROLE and question.role not in Role.values:
        raise CaseError(_("请选岗位。"), field="role")
    _check_day(question.due_on)
    if question.asks_statement and question.due_on == working_calendar().local_date(now()):
        raise CaseError(_("作为陈述通知的，答复期限最早是明天。"), field="due_on")
    item = question.plan_item
    if item is not None and item.investigation.case_id != investigation.case_id:
        raise CaseError(_("这一条不在本案的计划里。"))
    if question.addressee in OUTSIDE:
        _check_outside(case, question)


def _check_day(due_on: date | None) -> None:
    if due_on is None:
        return
    today = working_calendar().local_date(now())
    if due_on < today:
        raise CaseError(_("答复期限不能早于今天。"), field="due_on")
    if due_on > today + FURTHEST:
        raise CaseError(_("答复期限最长 60 天。"), field="due_on")


def _check_outside(case: Case, question: Question) -> None:
    if not _party_name(question):
        raise CaseError(_("请写明对方单位。"), field="party_name")
    try:
        validate_email(question.email.strip())
    except ValidationError as error:
        raise CaseError(_("请填写对方能收到邮件的邮箱。"), field="email") from error
    for field in ("question", "facts"):
        if named_in(case, getattr(question, field)):
            raise CaseError(
                _("这里写了消费者的姓名或联系方式，对方不需要知道，请删掉。"), field=field
            )


def named_in(case: Case, text: str) -> bool:
    """Say whether a text has the consumer's name, phone, mail or postal address in it."""
    contact = case.consumer.contact
    known = [str(contact.get(name, "")) for name in ("name", "phone", "email", "address")]
    return any(names_in(text, each) for each in known)


def send_link(task: ConsultTask, *, kind: str) -> ConsultLink:
    """Mail a further link to an outside party, with the last day for answering; its secret is
    stored only hashed.
    """
    secret, moment = sealing.new_secret(), now()
    day = working_calendar().local_date(task.due_at - A_MOMENT)
    link = ConsultLink.objects.create(
        task=task,
        secret_digest=sealing.digest(secret),
        created_at=moment,
        expires_at=max(task.due_at, moment) + GRACE,
    )
    tell_address(
        task.case,
        kind,
        key=f"consult-link:{link.pk}",
        address=task.email,
        data={"number": task.number, "day": day.isoformat()},
        secret={"consult": secret, "name": task.party_name},
    )
    return link


@transaction.atomic
def renew_link(task: ConsultTask, *, by: Actor) -> ConsultLink:
    """Send the outside party a new link; the earlier ones open nothing any more."""
    may_investigate(by)
    case = locked_case(task.case)
    task = open_task(task)
    task.case = case
    if not task.is_outside:
        raise CaseError(_("公司内部的任务不用链接。"))
    task.links.filter(revoked_at=None).update(revoked_at=now())
    link = send_link(task, kind="consult_invited")
    touch(case, "consult_link_renewed", by=by, data={"consult": task.pk})
    return link


@transaction.atomic
def revoke_consult(task: ConsultTask, *, by: Actor, reason: str) -> ConsultTask:
    """Take a question back: its links and its clock end. Raises CaseError without a reason."""
    may_investigate(by)
    if not reason.strip():
        raise CaseError(_("请写明为什么撤销。"), field="reason")
    case = locked_case(task.case)
    task = open_task(task)
    task.status, task.revoked_at = ConsultStatus.REVOKED, now()
    task.revoke_reason = reason.strip()[:300]
    task.save(update_fields=["status", "revoked_at", "revoke_reason"])
    task.links.filter(revoked_at=None).update(revoked_at=now())
    case = touch(case, "consult_revoked", by=by, data={"consult": task.pk})
    task.case = stop_kind(
        case, ClockKind.CONSULT, by=by, cause="consult_revoked", subject=task.clock_subject
    )
    return task


@transaction.atomic
def extend_consult(task: ConsultTask, *, by: Actor, due_on: date, reason: str) -> ConsultTask:
    """Give more time to answer, until the end of a day; the clock and a link's life follow.

    Whoever was asked is told. The same day twice is one extension. Raises CaseError without a
    reason, for a day that is no later, or too far off.
    """
    user = may_investigate(by)
    if not reason.strip():
        raise CaseError(_("请写明为什么延期。"), field="reason")
    _check_day(due_on)
    case = locked_case(task.case)
    task = open_task(task)
    round_in_work(case)
    before, after = task.due_at, working_calendar().end_of(due_on)
    if after == before and task.extensions.exists():
        return task
    if after <= before:
        raise CaseError(_("新的期限要晚于原来的期限。"), field="due_on")
    extension = ConsultExtension.objects.create(
        task=task,
        due_before=before,
        due_after=after,
        reason=reason.strip()[:300],
        extended_by=user,
        extended_at=now(),
    )
    task.due_at = after
    task.save(update_fields=["due_at"])
    task.reminders.all().delete()
    case = touch(case, "consult_extended", by=by, data={"consult": task.pk})
    task.case = _clock_follows(case, task, by=by)
    if task.is_outside:
        send_link(task, kind="consult_extended")
    else:
        tell_staff(
            task.case,
            "consult_extended",
            users=people_asked(task),
            key=f"consult-extension:{extension.pk}",
            data={"consult": task.pk},
            by_mail=True,
        )
    return task


def _clock_follows(case: Case, task: ConsultTask, *, by: Actor) -> Case:
    """Let a task's clock begin anew, due with the task; what was late stays on record."""
    cause = "consult_extended"
    case = stop_kind(case, ClockKind.CONSULT, by=by, cause=cause, subject=task.clock_subject)
    start_clock(
        case, ClockKind.CONSULT, by=by, cause=cause, subject=task.clock_subject, until=task.due_at
    )
    save_next_due(case)
    return case


def open_task(task: ConsultTask) -> ConsultTask:
    """Return a task of a locked case as it now is; CaseError when it waits for nothing any more."""
    fresh = ConsultTask.objects.select_related("case", "department", "plan_item").get(pk=task.pk)
    if not fresh.is_open:
        raise CaseError(_("这个任务已经答复或撤销。"))
    return fresh


def note_opened(link: ConsultLink) -> None:
    """Remember when a link was opened for the first time."""
    ConsultLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now())
