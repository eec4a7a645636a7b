"""Complaints that another body hands on: its name, its number, its deadline; once, however often.

Platforms, forums, associations and 12315 number what they hand on. The same number of the same body
is one case.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, IntakeConflict, StepForbidden
from complaints.models import Case, ClockPolicy, OutsideFiling
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.outside import POLICY, Body, bodies_of, case_with_number, is_bodys
from complaints.selectors.policies import published_policies
from complaints.services.cases import touch
from complaints.services.clocks import live_clocks, start_clock, stop_clocks
from complaints.services.conversation import LONGEST_MESSAGE, write_note
from complaints.services.intake import ComplaintData, Receipt, submit_complaint
from complaints.services.locking import locked_case
from complaints.services.saying_anew import said_anew
from complaints.services.stage_clocks import save_next_due
from complaints.services.triage import raise_emergency
from complaints.states import OUTSIDE_CHANNELS, ClockKind
from documents.text import clean_text

FURTHEST = timedelta(days=366)
LONGEST = 80
MOST_BODIES = 9


@dataclass(frozen=True)
class OutsideBody:
    """Who handed a complaint on, under which number, and by when it wants an answer."""

    name: str
    reference: str
    deadline: datetime | None = None

    def cleaned(self) -> OutsideBody:
        """Return it with names in one line, as they are stored and compared."""
        name = " ".join(clean_text(self.name).split())
        reference = " ".join(clean_text(self.reference).split())
        return OutsideBody(name=name, reference=reference, deadline=self.deadline)


def source_of(channel: str, body: str) -> str:
    """Return the code under which a body's numbers are unique; at most 20 characters."""
    known = f"{channel}|{' '.join(clean_text(body).split()).casefold()}"
    return f"x:{hashlib.sha256(known.encode()).hexdigest()[:16]}"


@transaction.atomic
def receive_outside(
    data: ComplaintData,
    outside: OutsideBody,
    *,
    by: Actor,
    key: str | None = None,
    digest: str = "",
    is_program: bool = False,
) -> Receipt:
    """Receive a complaint that a body hands on; its number again is the same case.

    What a member of staff wrote down the second time is added there: other words, contacts and
    amounts as a note, a danger as an emergency; from a program, other words under the same number
    are an IntakeConflict, and so is a `key` that came before with another number or content.
    `digest` works as in `submit_complaint`. Raises StepForbidden for anybody who does not handle
    cases, so that no stranger takes a body's number; CaseError for a channel through which nobody
    hands on, a missing name or number, or a deadline that has passed.
    """
    _check_staff(by, field="external")
    outside = outside.cleaned()
    _check_outside(data.channel, outside)
    digest = digest or data.digest()
    source = source_of(data.channel, outside.name)
    _lock_number(source, outside.reference)
    found = case_with_number(source, outside.reference)
    if found is not None:
        came_before = _came_before(found, key=key, digest=digest)
        if not came_before and is_program:
            raise IntakeConflict(_("这个外部编号已经用于另一份内容不同的投诉。"), field="external")
        if not came_before:
            found = _add(found, data, outside, by=by, key=key, digest=digest)
        if outside.deadline is not None and found.is_open and (is_program or not came_before):
            body = _body_called(found, outside)
            found = outside_clock(found, outside.deadline, by=by, subject=body.subject)
        return Receipt(case=found, secret="", created=False, added=not came_before)
    receipt = submit_complaint(data, by=by, key=key, digest=digest)
    if not receipt.created:
        raise _key_taken()
    case = receipt.case
    case.source_system, case.external_ref = source, outside.reference
    case.external_body = outside.name
    case.save(update_fields=["source_system", "external_ref", "external_body"])
    case = touch(case, "external_filed", by=by, data={"reference": outside.reference})
    if outside.deadline is not None:
        case = outside_clock(case, outside.deadline, by=by)
    return Receipt(case=case, secret=receipt.secret, created=True)


@transaction.atomic
def add_body(
    case: Case, outside: OutsideBody, *, channel: str, by: Actor, seen: int | None = None
) -> Case:
    """Write down that another body handed a case on, too, with its number and deadline.

    The same number again is no second one; its deadline takes the place of the former. Raises
    CaseError for a number that is another case's, and as `receive_outside`.
    """
    _check_staff(by)
    outside = outside.cleaned()
    _check_outside(channel, outside)
    source = source_of(channel, outside.name)
    _lock_number(source, outside.reference)
    case = locked_case(case, seen=seen)
    if not case.is_open:
        raise CaseError(_("案件已经结束。"))
    holder = case_with_number(source, outside.reference)
    if holder is not None and holder.pk != case.pk:
        words = _("%(body)s 的 %(number)s 已经在 %(reference)s 里。是同一件事就并案。")
        what = {"body": outside.name, "number": outside.reference, "reference": holder.reference}
        raise CaseError(words % what, field="external_reference")
    if holder is None:
        case = _filed(case, outside, source=source, by=by)
    if outside.deadline is not None:
        subject = _body_called(case, outside).subject
        case = outside_clock(case, outside.deadline, by=by, subject=subject)
    return case


def _filed(case: Case, outside: OutsideBody, *, source: str, by: Actor) -> Case:
    if not case.external_ref:
        case.source_system, case.external_ref = source, outside.reference
        case.external_body = outside.name
        case.save(update_fields=["source_system", "external_ref", "external_body"])
    else:
        if OutsideFiling.objects.filter(case=case).count() >= MOST_BODIES:
            raise CaseError(_("一个案件最多登记 %(most)d 个机构。") % {"most": MOST_BODIES + 1})
        OutsideFiling.objects.create(
            case=case,
            source=source,
            name=outside.name,
            reference=outside.reference,
            filed_at=now(),
        )
    return touch(case, "external_filed", by=by, data={"reference": outside.reference})


def _lock_number(source: str, reference: str) -> None:
    with connection.cursor() as cursor:
        lock = f"outside:{source}:{reference}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [lock])


def _body_called(case: Case, outside: OutsideBody) -> Body:
    """Return the body of a number that the case carries."""
    known = [body for body in bodies_of(case) if body.reference == outside.reference]
    same = [body for body in known if body.name.casefold() == outside.name.casefold()]
    return (same or known)[0]


def _body_meant(case: Case, number: int | None) -> Body:
    """Return the body that is meant; None means the only one. Raises CaseError."""
    bodies = bodies_of(case) if case.external_ref else []
    if not bodies:
        raise CaseError(_("这个案件不是别的机构转来的。"))
    if number is None and len(bodies) == 1:
        return bodies[0]
    meant = next((body for body in bodies if body.number == number), None)
    if meant is None:
        raise CaseError(_("请选是哪个机构。"), field="body")
    return meant


@transaction.atomic
def set_outside_deadline(
    case: Case,
    *,
    deadline: datetime,
    by: Actor,
    seen: int | None = None,
    body: int | None = None,
) -> Case:
    """Write down by when a body wants an answer; an earlier deadline of it gives way.

    Raises CaseError where no body handed the case on, or for a moment that has passed.
    """
    _check_staff(by)
    case = locked_case(case, seen=seen)
    meant = _body_meant(case, body)
    _check_deadline(deadline)
    if not case.is_open:
        raise CaseError(_("案件已经结束。"))
    case = touch(case, "external_deadline_set", by=by, data={"at": deadline.isoformat()})
    return outside_clock(case, deadline, by=by, subject=meant.subject)


@transaction.atomic
def answer_outside(
    case: Case, *, note: str, by: Actor, seen: int | None = None, body: int | None = None
) -> Case:
    """Write down that a body was answered, and what; its clock stops, those of others run on."""
    _check_staff(by)
    case = locked_case(case, seen=seen)
    meant = _body_meant(case, body)
    if not note.strip():
        raise CaseError(_("请写明什么时候、怎样答复的。"), field="note")
    text = {"note": note.strip()}
    running = [clock for clock in live_clocks(case) if is_bodys(clock)]
    if all(clock.subject == meant.subject for clock in running):
        return touch(case, "external_answered", by=by, text=text)
    case = touch(case, "external_body_answered", by=by, text=text, data=_told_of(meant))
    case = locked_case(case)
    own = [clock for clock in live_clocks(case) if clock.subject == meant.subject]
    stop_clocks(case, own, by=by, cause="external_answered")
    save_next_due(case)
    return case


def _told_of(body: Body) -> dict[str, str]:
    return {"reference": body.reference}


def _came_before(case: Case, *, key: str | None, digest: str) -> bool:
    """Say whether just this was said to a case before; raise IntakeConflict for a key's misuse."""
    filed = case.events.filter(kind="external_filed")
    if key is not None:
        if Case.objects.filter(intake_key=key).exclude(pk=case.pk).exists():
            raise _key_taken()
        added = filed.filter(data__entry=key).first()
        first = case.intake_digest if case.intake_key == key else digest
        if digest != (added.data["digest"] if added else first):
            raise _key_taken()
    return case.intake_digest == digest or filed.filter(data__digest=digest).exists()


def _key_taken() -> IntakeConflict:
    words = _("这个幂等键已经用于另一份内容不同的投诉。")
    return IntakeConflict(words, field="idempotency_key")


def _add(
    case: Case,
    data: ComplaintData,
    outside: OutsideBody,
    *,
    by: Actor,
    key: str | None,
    digest: str,
) -> Case:
    """Add to a case what was said when its body handed it on again."""
    if data.danger and not case.is_open:
        words = _("%(reference)s 已经结束。请不填对方的编号，把这次的危险登记成新投诉。")
        raise CaseError(words % {"reference": case.reference}, field="external_reference")
    head = _("%(body)s 又转来了 %(reference)s：") % {
        "body": outside.name,
        "reference": outside.reference,
    }
    body = "\n".join([head, *said_anew(case, data)])
    filed = {"reference": outside.reference, "entry": key, "digest": digest}
    changes = {"danger_reported": True} if data.danger else None
    case = touch(case, "external_filed", by=by, data=filed, changes=changes)
    for start in range(0, len(body), LONGEST_MESSAGE):
        part = body[start : start + LONGEST_MESSAGE]
        case = write_note(case, by=by, body=part, nonce=f"outside:{digest}:{start}")
    if data.danger and not case.clocks.filter(kind=ClockKind.EMERGENCY).exists():
        case = raise_emergency(
            case, by=by, reason=_("%(body)s 又转来时说有人身危险。") % {"body": outside.name}
        )
    return case


def outside_clock(case: Case, deadline: datetime, *, by: Actor, subject: str = POLICY) -> Case:
    """Run the clock of a body's deadline from now; that of its former deadline gives way."""
    case = locked_case(case)
    running = [clock for clock in live_clocks(case) if clock.subject == subject]
    if any(clock.fixed_due_at == deadline for clock in running):
        return case
    stop_clocks(case, running, by=by, cause="external_deadline_set")
    start_clock(
        case,
        ClockKind.REGULATOR,
        by=by,
        cause="external_deadline_set",
        subject=subject,
        until=deadline,
        policy=_policy(),
    )
    save_next_due(case)
    return case


def _policy() -> ClockPolicy:
    return next(policy for policy in published_policies() if policy.code == POLICY)


def _check_outside(channel: str, outside: OutsideBody) -> None:
    if channel not in OUTSIDE_CHANNELS:
        raise CaseError(_("这个渠道没有转来的机构。"), field="channel")
    if not outside.name:
        raise CaseError(_("请填写转来的机构。"), field="external_body")
    if not outside.reference:
        raise CaseError(_("请填写对方的编号。"), field="external_reference")
    if max(len(outside.name), len(outside.reference)) > LONGEST:
        raise CaseError(_("机构和编号最多各 80 字。"), field="external_body")
    if outside.deadline is not None:
        _check_deadline(outside.deadline)


def _check_deadline(deadline: datetime) -> None:
    if not now() < deadline <= now() + FURTHEST:
        raise CaseError(
            _("期限要在现在以后、一年以内。已经过了的，先和对方核对。"), field="external_deadline"
        )


def _check_staff(by: Actor, *, field: str | None = None) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"), field=field)
