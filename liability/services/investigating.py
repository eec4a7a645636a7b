"""Finding out: rounds of investigation, notes, and hearing both sides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, check_step, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import Stage
from liability.models import Investigation, InvestigationNote, Statement
from liability.selectors import current_investigation
from liability.services.plan_making import make_plan
from liability.states import StatementParty

SHORTEST_TIME_TO_ANSWER = timedelta(days=1)
"""Whoever is asked to speak has so long at least: a time nobody can keep hears nobody."""


def acting_user(by: Actor) -> User:
    """Return the member of staff who acts. Raises StepForbidden for anybody else."""
    if by.user is None:
        raise StepForbidden(_("这件事要由一位工作人员来做。"))
    return by.user


def may_investigate(by: Actor) -> User:
    """Return the member of staff who may do the work of an investigation, else StepForbidden."""
    allowed = has_permission(by, Permission.INVESTIGATE) or has_permission(
        by, Permission.HANDLE_CASE
    )
    if not allowed:
        raise StepForbidden(_("你的角色不能做这件事。"))
    return acting_user(by)


@transaction.atomic
def open_investigation(
    case: Case,
    *,
    by: Actor,
    lead: User,
    questions: str,
    due_on: date | None = None,
    seen: int | None = None,
) -> Case:
    """Begin the investigation of an accepted case: who leads it, and what is to be found out.

    Raises CaseError for a lead without the right, no question, or a date that has passed.
    """
    check_step(by, "open_investigation")
    acting_user(by)
    _check_round(lead, questions, due_on)
    case = move(
        case, "open_investigation", by=by, seen=seen, data={"lead": lead.pk, "round": _next(case)}
    )
    _begin(case, by=by, lead=lead, questions=questions, due_on=due_on)
    return case


@transaction.atomic
def start_round(
    case: Case,
    *,
    by: Actor,
    lead: User,
    questions: str,
    due_on: date | None = None,
    seen: int | None = None,
) -> Case:
    """Begin a further round of a case that came back to investigation (review, reopening)."""
    may_investigate(by)
    _check_round(lead, questions, due_on)
    case = locked_case(case, seen=seen)
    _check_investigating(case)
    case = touch(case, "investigation_round", by=by, data={"lead": lead.pk, "round": _next(case)})
    _begin(case, by=by, lead=lead, questions=questions, due_on=due_on)
    return case


def _check_round(lead: User, questions: str, due_on: date | None) -> None:
    if not lead.is_active or not has_permission(Actor.staff(lead), Permission.INVESTIGATE):
        raise CaseError(_("请选一位调查员。"), field="lead")
    if not questions.strip():
        raise CaseError(_("请写明要查清的问题。"), field="questions")
    if due_on is not None and due_on < working_calendar().local_date(now()):
        raise CaseError(_("计划完成日期不能早于今天。"), field="due_on")


def _check_investigating(case: Case) -> None:
    if case.stage != Stage.INVESTIGATING:
        raise CaseError(_("案件不在调查中，不能登记调查内容。"))


def _next(case: Case) -> int:
    last = current_investigation(case)
    return last.round + 1 if last else 1


def _begin(
    case: Case, *, by: Actor, lead: User, questions: str, due_on: date | None
) -> Investigation:
    user = acting_user(by)
    investigation = Investigation.objects.create(
        case=case,
        round=_next(case),
        lead=lead,
        questions=questions.strip(),
        due_on=due_on,
        opened_by=user,
        opened_at=now(),
    )
    make_plan(investigation)
    if lead.pk != user.pk:
        tell_staff(
            case,
            "investigation_opened",
            users=[lead],
            key=f"investigation:{investigation.pk}",
            by_mail=True,
        )
    return investigation


@transaction.atomic
def reinvestigate(
    case: Case, *, by: Actor, reason: str, lead: User | None = None, seen: int | None = None
) -> Case:
    """Send a case back for new evidence; the reason becomes the question of a new round.

    The lead stays the same where none is named. Raises CaseError without a reason.
    """
    check_step(by, "reinvestigate")
    user = acting_user(by)
    if not reason.strip():
        raise CaseError(_("请写明需要重新调查的理由。"), field="reason")
    case = locked_case(case, seen=seen)
    last = current_investigation(case)
    leads = lead or (last.lead if last else user)
    _check_round(leads, reason, None)
    case = move(
        case,
        "reinvestigate",
        by=by,
        data={"lead": leads.pk, "round": _next(case)},
        text={"reason": reason},
    )
    _begin(case, by=by, lead=leads, questions=reason, due_on=None)
    return case


def round_in_work(case: Case) -> Investigation:
    """Return the round of a locked case that is being worked on; CaseError when there is none."""
    _check_investigating(case)
    investigation = current_investigation(case)
    if investigation is None:
        raise CaseError(_("先开始一轮调查，再登记内容。"))
    return investigation


@transaction.atomic
def add_note(case: Case, *, by: Actor, text: str) -> InvestigationNote:
    """Write down what was found or done; stays inside. The same words twice running are one note.

    Raises CaseError for an empty note.
    """
    user = may_investigate(by)
    if not text.strip():
        raise CaseError(_("请写点内容再保存。"), field="text")
    case = locked_case(case)
    investigation = round_in_work(case)
    last = investigation.notes.order_by("-id").first()
    if last is not None and (last.text, last.author_id) == (text.strip(), user.pk):
        return last
    note = InvestigationNote.objects.create(
        investigation=investigation, text=text.strip(), author=user, at=now()
    )
    touch(case, "investigation_note", by=by, data={"note": note.pk})
    return note


@transaction.atomic
def record_statement(
    case: Case,
    *,
    by: Actor,
    party: str,
    name: str,
    text: str = "",
    heard_at: datetime | None = None,
    served_at: datetime | None = None,
    answer_by: datetime | None = None,
) -> Statement:
    """Record what a side said (`text`, `heard_at`), or that it was asked to speak (`served_at`,
    `answer_by`). The same twice is one statement. Raises CaseError when it is neither, lies in the
    future, or leaves less than a day to answer.
    """
    user = may_investigate(by)
    if party not in StatementParty.values:
        raise CaseError(_("请选择陈述方。"), field="party")
    if not name.strip():
        raise CaseError(_("请写明是谁。"), field="name")
    fields = _heard(text, heard_at) if heard_at else _served(served_at, answer_by)
    case = locked_case(case)
    fields |= {"investigation": round_in_work(case), "party": party, "name": name.strip()}
    same = Statement.objects.filter(case=case, recorded_by=user, **fields).first()
    if same is not None:
        return same
    statement = Statement.objects.create(case=case, recorded_by=user, recorded_at=now(), **fields)
    kind = "statement_heard" if heard_at else "statement_served"
    touch(case, kind, by=by, data={"statement": statement.pk, "party": party})
    return statement


def _heard(text: str, heard_at: datetime) -> dict[str, Any]:
    if not text.strip():
        raise CaseError(_("请写下陈述的内容。"), field="text")
    if heard_at > now():
        raise CaseError(_("听取时间不能晚于现在。"), field="heard_at")
    return {"text": text.strip(), "heard_at": heard_at}


def _served(served_at: datetime | None, answer_by: datetime | None) -> dict[str, Any]:
    if served_at is None:
        raise CaseError(_("请填听取时间；还没有听取的，填通知时间和答复期限。"), field="heard_at")
    if served_at > now():
        raise CaseError(_("通知时间不能晚于现在。"), field="served_at")
    if answer_by is None or answer_by <= served_at:
        raise CaseError(_("请填答复期限，要晚于通知时间。"), field="answer_by")
    if answer_by - served_at < SHORTEST_TIME_TO_ANSWER:
        raise CaseError(_("答复期限从通知起至少留一天。"), field="answer_by")
    return {"served_at": served_at, "answer_by": answer_by}
