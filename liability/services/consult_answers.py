"""Answers to consult tasks, and reminding those who were asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.clock_arithmetic import is_warning
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Evidence, Timer
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.evidence import AlreadyHeld, add_evidence
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.services.stage_clocks import stop_kind
from complaints.states import ActorKind, ClockKind, ClockState, Stage, TimerStatus
from documents.errors import FileRefused
from liability.models import ConsultReminder, ConsultTask, Statement
from liability.selectors.consulting import is_asked, people_asked
from liability.services.consulting import open_task, send_link
from liability.states import ConsultStatus, StatementParty

LONGEST = 5000
MOST_FILES = 10


def may_answer(by: Actor, task: ConsultTask) -> bool:
    """Say whether somebody may answer: whoever was asked, or an investigator on their word."""
    if by.kind == ActorKind.PARTNER:
        return task.is_outside
    if by.user is None:
        return False
    return is_asked(by.user, task) or has_permission(by, Permission.INVESTIGATE)


@transaction.atomic
def answer_consult(
    task: ConsultTask,
    *,
    by: Actor,
    text: str,
    name: str = "",
    files: Sequence[UploadedFile] = (),
) -> ConsultTask:
    """Take an answer with its files, which go to the vault and are not for the consumer.

    The clock stops and whoever asked is told. An answer to a request for a statement is one.
    Raises CaseError for an empty answer, a task that is not open, or a file that can't be kept.
    """
    if not may_answer(by, task):
        raise StepForbidden(_("这个任务不是交给你的。"))
    if not text.strip():
        raise CaseError(_("请写下你的答复。"), field="text")
    if by.kind == ActorKind.PARTNER and not name.strip():
        raise CaseError(_("请写明答复人。"), field="name")
    if len(files) > MOST_FILES:
        raise CaseError(_("一次最多 %(most)d 个文件。") % {"most": MOST_FILES}, field="files")
    case = locked_case(task.case)
    task = open_task(task)
    if case.stage != Stage.INVESTIGATING:
        raise CaseError(_("调查已经结束，不再需要答复。"))
    held = [_kept(case, file, task, by=by) for file in files]
    _write_answer(task, by=by, text=text.strip()[:LONGEST], name=name.strip()[:80])
    task.files.set(held)
    if task.statement_id is not None:
        _heard(case, task)
    case = touch(locked_case(case), "consult_answered", by=by, data={"consult": task.pk})
    task.case = stop_kind(
        case, ClockKind.CONSULT, by=by, cause="consult_answered", subject=task.clock_subject
    )
    tell_staff(
        task.case,
        "consult_answered",
        users=_asking(task),
        key=f"consult-answer:{task.pk}",
        data={"consult": task.pk},
        by_mail=True,
    )
    return task


def _kept(case: Case, file: UploadedFile, task: ConsultTask, *, by: Actor) -> Evidence:
    caption = _("会办 %(number)s：%(name)s") % {"number": task.label, "name": task.to_whom}
    try:
        return add_evidence(
            case,
            by=by,
            upload=file,
            name=file.name or "file",
            caption=caption[:200],
            for_consumer=False,
            once=True,
        )
    except AlreadyHeld as held:
        return held.evidence
    except FileRefused as refusal:
        raise CaseError(str(refusal.message), field="files") from refusal


def _write_answer(task: ConsultTask, *, by: Actor, text: str, name: str) -> None:
    task.answer, task.answered_at, task.answered_by = text, now(), by.user
    task.answered_name = name or (by.user.display_name if by.user else "")
    task.status = ConsultStatus.ANSWERED
    task.save(update_fields=["answer", "answered_at", "answered_by", "answered_name", "status"])
    item = task.plan_item
    if item is not None and item.done_at is None:
        item.done_at, item.done_by = now(), by.user
        item.save(update_fields=["done_at", "done_by"])


def _heard(case: Case, task: ConsultTask) -> None:
    """Keep an answer as the party's own words; who asked for it recorded it."""
    Statement.objects.create(
        case=case,
        investigation=task.investigation,
        party=StatementParty.RESPONDENT,
        name=task.to_whom,
        text=task.answer,
        heard_at=task.answered_at,
        recorded_by=task.asked_by,
        recorded_at=now(),
    )


def _asking(task: ConsultTask) -> list[User]:
    people = {person.pk: person for person in (task.asked_by, task.investigation.lead)}
    return [person for person in people.values() if person.is_active]


def remind_consulted() -> int:
    """Remind those who were asked at each rung of a task's clock that has fired; say how many.

    Warnings go to whoever was asked, from the breach on to whoever asked as well. Safe to run
    twice: each rung is remembered.
    """
    fired = Timer.objects.filter(
        clock__kind=ClockKind.CONSULT, clock__state=ClockState.RUNNING, status=TimerStatus.FIRED
    ).values_list("clock__subject", "rung")
    rungs = [(int(subject.partition(":")[2]), rung) for subject, rung in fired]
    known = set(
        ConsultReminder.objects.filter(task__in={pk for pk, _rung in rungs}).values_list(
            "task_id", "rung"
        )
    )
    due = [each for each in rungs if each not in known]
    return sum(_remind(pk, rung) for pk, rung in sorted(due))


@transaction.atomic
def _remind(pk: int, rung: str) -> bool:
    task = ConsultTask.objects.select_related("case", "department").get(pk=pk)
    case = locked_case(task.case)
    if ConsultReminder.objects.filter(task=task, rung=rung).exists():
        return False
    ConsultReminder.objects.create(task=task, rung=rung, at=now())
    task.case = case
    if not task.is_open or case.stage != Stage.INVESTIGATING:
        return False
    if task.is_outside:
        send_link(task, kind="consult_reminded")
    else:
        _tell(task, "consult_due", people_asked(task), rung)
    if not is_warning(rung):
        _tell(task, "consult_late", _asking(task), rung)
    return True


def _tell(task: ConsultTask, kind: str, users: list[User], rung: str) -> None:
    tell_staff(
        task.case,
        kind,
        users=users,
        key=f"{kind}:{task.pk}:{rung}:{task.due_at:%Y%m%d}",
        data={"consult": task.pk},
        by_mail=True,
    )
