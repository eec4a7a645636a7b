"""Mediation: by one of us first, then by a third party who is let in to one case by a link."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, check_step, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_address, tell_consumer, tell_staff
from complaints.states import ActorKind, Stage
from reviews.models import Mediation, MediationNote
from reviews.selectors.mediations import leads
from reviews.states import MediationMode, MediationOutcome, NoteSide


@dataclass(frozen=True)
class Positions:
    """What each side wants, and what both agree on."""

    consumer: str
    company: str
    common: str


@dataclass(frozen=True)
class Guest:
    """An outside mediator."""

    name: str
    organisation: str
    email: str


@transaction.atomic
def refer_to_mediation(
    case: Case, *, by: Actor, wish: str = "", seen: int | None = None
) -> Mediation:
    """Begin a mediation; the consumer's wish becomes their first position.

    Offers stay as they are and their clocks rest. It is led by the owner until somebody else is
    named.
    """
    check_step(by, "refer_to_mediation")
    case = move(case, "refer_to_mediation", by=by, seen=seen)
    mediation = Mediation.objects.create(
        case=case,
        asked_by_kind=by.kind,
        opened_at=now(),
        mediator_user=case.owner,
        consumer_position=wish.strip(),
    )
    if case.owner is not None and by.kind == ActorKind.CONSUMER:
        tell_staff(
            case,
            "mediation_requested",
            users=[case.owner],
            key=f"mediation:{mediation.pk}",
            by_mail=True,
        )
    return mediation


def _open_mediation(mediation: Mediation, *, seen: int | None = None) -> Mediation:
    case = locked_case(mediation.case, seen=seen)
    fresh = Mediation.objects.select_related("mediator_user").get(pk=mediation.pk)
    if not fresh.is_open or case.stage != Stage.MEDIATING:
        raise CaseError(_("这次调解已经结束。"))
    fresh.case = case
    return fresh


def _check_mediator(by: Actor) -> None:
    if by.kind != ActorKind.MEDIATOR and not has_permission(by, Permission.MEDIATE):
        raise StepForbidden(_("只有调解员可以做这件事。"))


@transaction.atomic
def name_mediator(mediation: Mediation, *, by: Actor, mediator: User) -> Mediation:
    """Let one of us lead the talk. Raises CaseError for somebody without the right."""
    _check_mediator(by)
    mediation = _open_mediation(mediation)
    if not has_permission(Actor.staff(mediator), Permission.MEDIATE):
        raise CaseError(_("请选一位调解员。"), field="mediator")
    mediation.mode, mediation.mediator_user = MediationMode.AGENT, mediator
    mediation.secret_digest = ""
    mediation.save(update_fields=["mode", "mediator_user", "secret_digest"])
    touch(mediation.case, "mediator_named", by=by, data={"mediator": mediator.pk})
    return mediation


@transaction.atomic
def invite_mediator(mediation: Mediation, *, by: Actor, guest: Guest) -> str:
    """Invite an outside mediator by mail and return the link's secret, which is stored only hashed.

    A new invitation closes the earlier link. Raises CaseError without a name or an address.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("只有客服或主管可以邀请调解员。"))
    guest = _reachable(guest)
    mediation = _open_mediation(mediation)
    secret = _new_link(mediation, guest)
    data = {"mediation": mediation.pk}
    touch(mediation.case, "mediator_invited", by=by, data=data, for_consumer=True)
    tell_address(
        mediation.case,
        "mediator_invited",
        key=f"invitation:{mediation.pk}:{mediation.invitations}",
        address=guest.email,
        data={},
        secret={"mediation": secret, "name": guest.name},
    )
    return secret


def _reachable(guest: Guest) -> Guest:
    name, email = guest.name.strip(), guest.email.strip()
    if not name:
        raise CaseError(_("请填写调解员的姓名。"), field="name")
    try:
        validate_email(email)
    except ValidationError as error:
        raise CaseError(_("请填写调解员能收到邮件的邮箱。"), field="email") from error
    return Guest(name=name, organisation=guest.organisation.strip(), email=email)


def _new_link(mediation: Mediation, guest: Guest) -> str:
    secret = sealing.new_secret()
    mediation.mode, mediation.invited_at = MediationMode.THIRD_PARTY, now()
    mediation.guest_sealed = sealing.seal_for_installation(asdict(guest))
    mediation.secret_digest = sealing.digest(secret)
    mediation.invitations, mediation.entered_at = mediation.invitations + 1, None
    mediation.save(
        update_fields=[
            "mode",
            "invited_at",
            "guest_sealed",
            "secret_digest",
            "invitations",
            "entered_at",
        ]
    )
    return secret


def note_entry(mediation: Mediation) -> Mediation:
    """Remember when the invited mediator came in for the first time."""
    if mediation.entered_at is None:
        mediation.entered_at = now()
        mediation.save(update_fields=["entered_at"])
    return mediation


@transaction.atomic
def record_positions(mediation: Mediation, *, by: Actor, positions: Positions) -> Mediation:
    """Write down what each side wants and what both agree on.

    Where a third party leads, our own people write our side only.
    """
    _check_mediator(by)
    mediation = _open_mediation(mediation)
    _check_own_side(mediation, positions, by=by)
    mediation.consumer_position = positions.consumer.strip()
    mediation.company_position = positions.company.strip()
    mediation.common_ground = positions.common.strip()
    mediation.save(update_fields=["consumer_position", "company_position", "common_ground"])
    touch(mediation.case, "positions_recorded", by=by, data={"mediation": mediation.pk})
    return mediation


def _check_own_side(mediation: Mediation, positions: Positions, *, by: Actor) -> None:
    if leads(mediation, by) or mediation.mode == MediationMode.AGENT:
        return
    kept = (mediation.consumer_position, mediation.common_ground)
    if (positions.consumer.strip(), positions.common.strip()) != kept:
        raise StepForbidden(_("第三方主持调解时，我们只写自己这一方的意见。"))


@transaction.atomic
def plan_meeting(mediation: Mediation, *, by: Actor, at: datetime, place: str) -> Mediation:
    """Fix when and where both sides meet. Raises CaseError for a moment that has passed."""
    _check_mediator(by)
    if at <= now():
        raise CaseError(_("会谈时间要在现在以后。"), field="meeting_at")
    mediation = _open_mediation(mediation)
    mediation.meeting_at, mediation.meeting_place = at, place.strip()
    mediation.save(update_fields=["meeting_at", "meeting_place"])
    zone = ZoneInfo(working_calendar().zone)
    data = {"at": at.isoformat(), "when": f"{at.astimezone(zone):%Y-%m-%d %H:%M}"}
    case = touch(mediation.case, "meeting_planned", by=by, data=data, for_consumer=True)
    if case.imported_at is None:
        key = f"mediation:{mediation.pk}:meeting:{case.version}"
        tell_consumer(case, "meeting_planned", key=key, data=data)
    mediation.case = case
    return mediation


@transaction.atomic
def write_private_note(mediation: Mediation, *, by: Actor, side: str, body: str) -> MediationNote:
    """Keep a note about one side's talk; nobody but the mediator sees it."""
    if not leads(mediation, by):
        raise StepForbidden(_("私密记录只有主持调解的人能写。"))
    if side not in NoteSide.values:
        raise CaseError(_("请选择是哪一方的谈话。"), field="side")
    if not body.strip():
        raise CaseError(_("请写点内容。"), field="body")
    mediation = _open_mediation(mediation)
    return MediationNote.objects.create(
        mediation=mediation,
        side=side,
        author_kind=by.kind,
        author=by.user,
        body_sealed=sealing.seal(mediation.case.consumer.key_sealed, body.strip()),
        at=now(),
    )


@transaction.atomic
def end_mediation(
    mediation: Mediation, *, by: Actor, outcome: str, note: str, seen: int | None = None
) -> Case:
    """End a mediation without an agreement: not settled, or a side did not come.

    The case is where it was, and its clocks run on. Raises CaseError without an explanation.
    """
    check_step(by, "end_mediation")
    if outcome not in (MediationOutcome.FAILED, MediationOutcome.NO_SHOW):
        raise CaseError(_("请选择结果。"), field="outcome")
    if not note.strip():
        raise CaseError(_("请写明经过。"), field="note")
    if by.kind == ActorKind.MEDIATOR and not leads(mediation, by):
        raise StepForbidden(_("调解由主持的人或者处理人结束。"))
    mediation = _open_mediation(mediation, seen=seen)
    _close(mediation, outcome=outcome, note=note.strip())
    return move(
        mediation.case,
        "end_mediation",
        by=by,
        data={"mediation": mediation.pk, "outcome": outcome},
    )


def _close(mediation: Mediation, *, outcome: str, note: str) -> None:
    mediation.outcome, mediation.outcome_note, mediation.ended_at = outcome, note, now()
    mediation.save(update_fields=["outcome", "outcome_note", "ended_at"])
