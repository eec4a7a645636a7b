"""Inspections: a time agreed with the consumer, then what the technician found, with photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.evidence import AlreadyHeld, add_evidence
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import ActorKind, Stage
from documents.errors import FileRefused
from liability.models import Inspection, InspectionPhoto, PlanItem
from liability.services.investigating import may_investigate, round_in_work
from liability.states import PENDING_INSPECTIONS, InspectionKind, InspectionStatus

FURTHEST = timedelta(days=60)
MOST_PHOTOS = 20


@dataclass(frozen=True)
class Appointment:
    """An inspection as it is proposed to the consumer."""

    kind: str
    technician: User
    purpose: str
    starts_at: datetime
    place: str
    plan_item: PlanItem | None = None


@transaction.atomic
def propose_inspection(case: Case, *, by: Actor, appointment: Appointment) -> Inspection:
    """Propose a time to the consumer, who confirms it or asks for another on the tracking page.

    The same proposal twice is one. Raises CaseError for a moment that has passed, nothing to look
    at, or an inactive technician.
    """
    user = may_investigate(by)
    _check_time(appointment.starts_at)
    if appointment.kind not in InspectionKind.values:
        raise CaseError(_("请选方式。"), field="kind")
    if not appointment.purpose.strip():
        raise CaseError(_("请写明检查什么。"), field="purpose")
    if not appointment.place.strip():
        raise CaseError(_("请写明地点，远程的写怎么联系。"), field="place")
    if not appointment.technician.is_active:
        raise CaseError(_("请选一位在职的技术员。"), field="technician")
    case = locked_case(case)
    investigation = round_in_work(case)
    item = appointment.plan_item
    if item is not None and item.investigation.case_id != case.pk:
        raise CaseError(_("这一条不在本案的计划里。"))
    wanted = {
        "case": case,
        "kind": appointment.kind,
        "technician": appointment.technician,
        "purpose": appointment.purpose.strip(),
        "starts_at": appointment.starts_at,
    }
    same = Inspection.objects.filter(status__in=sorted(PENDING_INSPECTIONS), **wanted).first()
    if same is not None:
        return same
    inspection = Inspection.objects.create(
        **wanted,
        investigation=investigation,
        plan_item=item,
        place_sealed=sealing.seal(case.consumer.key_sealed, appointment.place.strip()),
        proposed_by=user,
        proposed_at=now(),
    )
    _tell_proposal(inspection, by=by)
    return inspection


@transaction.atomic
def propose_time(
    inspection: Inspection, *, by: Actor, starts_at: datetime, seen_proposal: int | None = None
) -> Inspection:
    """Propose another time; what was confirmed has to be confirmed again."""
    may_investigate(by)
    _check_time(starts_at)
    inspection = _pending(inspection, seen_proposal=seen_proposal)
    inspection.starts_at, inspection.status = starts_at, InspectionStatus.PROPOSED
    inspection.proposals += 1
    inspection.answered_at = None
    inspection.save(update_fields=["starts_at", "status", "proposals", "answered_at"])
    _tell_proposal(inspection, by=by)
    return inspection


def _tell_proposal(inspection: Inspection, *, by: Actor) -> None:
    data = {"inspection": inspection.pk, "when": _when(inspection)}
    case = touch(inspection.case, "inspection_proposed", by=by, data=data, for_consumer=True)
    inspection.case = case
    if case.imported_at is None:
        key = f"inspection:{inspection.pk}:{inspection.proposals}"
        tell_consumer(case, "inspection_proposed", key=key, data=data)


def _when(inspection: Inspection) -> str:
    zone = ZoneInfo(working_calendar().zone)
    return f"{inspection.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _check_time(starts_at: datetime) -> None:
    if not now() < starts_at <= now() + FURTHEST:
        raise CaseError(_("检查时间要在现在以后、60 天以内。"), field="starts_at")


def _pending(inspection: Inspection, *, seen_proposal: int | None = None) -> Inspection:
    case = locked_case(inspection.case)
    if case.stage != Stage.INVESTIGATING:
        raise CaseError(_("案件不在调查中，不再需要检查。"))
    fresh = Inspection.objects.select_related("technician", "proposed_by", "plan_item").get(
        pk=inspection.pk
    )
    if not fresh.is_pending:
        raise CaseError(_("这次检查已经做完或者取消。"))
    if seen_proposal is not None and fresh.proposals != seen_proposal:
        raise CaseError(_("检查时间刚刚改过，请看一下新的时间再答复。"))
    fresh.case = case
    return fresh


@transaction.atomic
def confirm_time(inspection: Inspection, *, by: Actor, seen_proposal: int) -> Inspection:
    """Accept the proposed time, by the consumer or on their word; twice is harmless.

    Raises CaseError when another time was proposed meanwhile, or the moment has passed.
    """
    if by.kind != ActorKind.CONSUMER:
        may_investigate(by)
    inspection = _pending(inspection, seen_proposal=seen_proposal)
    if inspection.status == InspectionStatus.CONFIRMED:
        return inspection
    if inspection.starts_at <= now():
        raise CaseError(_("这个时间已经过了，请选别的时间。"))
    inspection.status, inspection.answered_at = InspectionStatus.CONFIRMED, now()
    inspection.save(update_fields=["status", "answered_at"])
    _answered(inspection, "inspection_confirmed", by=by)
    return inspection


@transaction.atomic
def ask_other_time(
    inspection: Inspection, *, by: Actor, wish: str, seen_proposal: int
) -> Inspection:
    """Ask for another time, in the consumer's words. Raises CaseError without any."""
    if by.kind != ActorKind.CONSUMER:
        may_investigate(by)
    if not wish.strip():
        raise CaseError(_("请写明你什么时间方便。"), field="wish")
    inspection = _pending(inspection, seen_proposal=seen_proposal)
    inspection.status, inspection.answered_at = InspectionStatus.TIME_ASKED, now()
    inspection.wish_sealed = sealing.seal(inspection.case.consumer.key_sealed, wish.strip()[:300])
    inspection.save(update_fields=["status", "answered_at", "wish_sealed"])
    _answered(inspection, "inspection_time_asked", by=by)
    return inspection


def _answered(inspection: Inspection, kind: str, *, by: Actor) -> None:
    data = {"inspection": inspection.pk, "when": _when(inspection)}
    inspection.case = touch(inspection.case, kind, by=by, data=data, for_consumer=True)
    people = {each.pk: each for each in (inspection.technician, inspection.proposed_by)}
    tell_staff(
        inspection.case,
        kind,
        users=[each for each in people.values() if each.is_active],
        key=f"{kind}:{inspection.pk}:{inspection.case.version}",
        data=data,
        by_mail=True,
    )


@transaction.atomic
def cancel_inspection(inspection: Inspection, *, by: Actor, reason: str) -> Inspection:
    """Call an inspection off and tell the consumer. Raises CaseError without a reason."""
    may_investigate(by)
    if not reason.strip():
        raise CaseError(_("请写明为什么取消。"), field="reason")
    inspection = _pending(inspection)
    inspection.status, inspection.cancel_reason = InspectionStatus.CANCELLED, reason.strip()[:300]
    inspection.save(update_fields=["status", "cancel_reason"])
    data = {"inspection": inspection.pk, "when": _when(inspection)}
    case = touch(inspection.case, "inspection_cancelled", by=by, data=data, for_consumer=True)
    if case.imported_at is None:
        key = f"inspection:{inspection.pk}:cancelled"
        tell_consumer(case, "inspection_cancelled", key=key, data=data)
    inspection.case = case
    return inspection


def may_report(by: Actor, inspection: Inspection) -> bool:
    """Say whether somebody may record what was found: the technician, or an investigator."""
    if by.user is None:
        return False
    return by.user.pk == inspection.technician_id or has_permission(by, Permission.INVESTIGATE)


def _check_reporter(by: Actor, inspection: Inspection) -> User:
    if not may_report(by, inspection):
        raise StepForbidden(_("这次检查不是由你做的。"))
    return by.person


@transaction.atomic
def add_photo(
    inspection: Inspection,
    *,
    by: Actor,
    upload: IO[bytes],
    name: str,
    nonce: UUID,
    taken_at: datetime | None = None,
) -> InspectionPhoto:
    """Keep a photo of an inspection in the vault; the same nonce twice is one photo.

    A photo may come after the report, from a phone that had no connection. Raises CaseError for a
    file that can't be kept, a moment in the future, or a case that is not investigated any more.
    """
    _check_reporter(by, inspection)
    case = locked_case(inspection.case)
    known = InspectionPhoto.objects.filter(nonce=nonce, inspection=inspection).first()
    if known is not None:
        return known
    if case.stage != Stage.INVESTIGATING or inspection.status == InspectionStatus.CANCELLED:
        raise CaseError(_("案件不在调查中，不再需要检查。"))
    if inspection.photos.count() >= MOST_PHOTOS:
        raise CaseError(_("一次检查最多 %(most)d 张照片。") % {"most": MOST_PHOTOS}, field="photos")
    caption = _("检查照片，%(name)s") % {"name": inspection.technician}
    try:
        evidence = add_evidence(
            case, by=by, upload=upload, name=name, caption=caption, for_consumer=False, once=True
        )
    except AlreadyHeld as held:
        evidence = held.evidence
        same = InspectionPhoto.objects.filter(evidence=evidence).first()
        if same is not None:
            return same
    except FileRefused as refusal:
        raise CaseError(str(refusal.message), field="photos") from refusal
    taken = taken_at if taken_at is not None and taken_at <= now() else None
    return InspectionPhoto.objects.create(
        inspection=inspection, nonce=nonce, evidence=evidence, taken_at=taken
    )


@transaction.atomic
def report_inspection(
    inspection: Inspection,
    *,
    by: Actor,
    findings: str,
    consumer_present: bool,
    nonce: UUID,
) -> Inspection:
    """Record what was found; sent again with the same nonce it is what it was.

    Raises CaseError for empty findings, or an inspection that is done or called off.
    """
    user = _check_reporter(by, inspection)
    if not findings.strip():
        raise CaseError(_("请写下检查结果。"), field="findings")
    done = Inspection.objects.filter(pk=inspection.pk, report_nonce=nonce).first()
    if done is not None:
        return done
    inspection = _pending(inspection)
    inspection.status, inspection.done_at = InspectionStatus.DONE, now()
    inspection.done_by, inspection.report_nonce = user, nonce
    inspection.findings, inspection.consumer_present = findings.strip(), consumer_present
    inspection.save(
        update_fields=[
            "status",
            "done_at",
            "done_by",
            "report_nonce",
            "findings",
            "consumer_present",
        ]
    )
    item = inspection.plan_item
    if item is not None and item.done_at is None:
        item.done_at, item.done_by = now(), user
        item.save(update_fields=["done_at", "done_by"])
    data = {"inspection": inspection.pk}
    case = touch(inspection.case, "inspection_done", by=by, data=data, for_consumer=True)
    lead = inspection.investigation.lead
    if lead.pk != user.pk:
        key = f"inspection-done:{inspection.pk}"
        tell_staff(case, "inspection_done", users=[lead], key=key, data=data, by_mail=True)
    inspection.case = case
    return inspection
