"""Signing for the consumer: a power of attorney is handed in, checked by us, and may be ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.days import today
from agreements.models import Representative
from agreements.services.rights import require
from agreements.states import CheckStatus, RepresentScope
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.permissions import Permission
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import has_address, tell_consumer, tell_staff
from complaints.states import ActorKind
from documents.filetypes import EVIDENCE
from documents.models import StoredFile
from documents.services.files import discard_file, store_file

MOST_NAMED = 10
"""So many powers of attorney may be handed in for one case."""


@dataclass(frozen=True)
class Named:
    """Who is to sign, how they are reached, and how far and how long they may act."""

    name: str
    relation: str
    valid_until: date
    scope: str = RepresentScope.SIGN
    phone: str = ""
    email: str = ""


def name_representative(
    case: Case, *, by: Actor, named: Named, file: IO[bytes], file_name: str
) -> Representative:
    """Take a power of attorney, from the consumer or from the desk; it counts once checked.

    Raises CaseError naming the field at fault, FileRefused for a file that is no picture or PDF.
    """
    if by.kind != ActorKind.CONSUMER:
        require(by, Permission.HANDLE_CASE)
    _check(named)
    stored = store_file(file, name=file_name, allow=EVIDENCE)
    try:
        return _keep(case, by=by, named=named, stored=stored)
    except CaseError:
        discard_file(stored)
        raise


def _check(named: Named) -> None:
    if not named.name.strip():
        raise CaseError(_("请填写代理人的姓名。"), field="name")
    if not (named.phone or named.email):
        raise CaseError(_("请填写代理人的手机号或邮箱，校验码会发到那里。"), field="phone")
    if named.phone and not normalised_phone(named.phone):
        raise CaseError(_("手机号看起来不对，再看一下。"), field="phone")
    if named.valid_until < today():
        raise CaseError(_("授权已经到期，请换一份仍然有效的。"), field="valid_until")
    ours = named.email and User.objects.filter(email__iexact=named.email.strip(), is_active=True)
    if ours and ours.exists():
        raise CaseError(_("我们的员工不能做消费者的代理人。"), field="email")


@transaction.atomic
def _keep(case: Case, *, by: Actor, named: Named, stored: StoredFile) -> Representative:
    case = locked_case(case)
    if Representative.objects.filter(case=case).count() >= MOST_NAMED:
        raise CaseError(_("提交的授权委托书太多了，请打电话给客服。"))
    particulars = {
        "name": named.name.strip()[:120],
        "relation": named.relation.strip()[:60],
        "phone": normalised_phone(named.phone) if named.phone else "",
        "email": normalised_email(named.email) if named.email else "",
    }
    kept = Representative.objects.create(
        case=case,
        particulars_sealed=sealing.seal(case.consumer.key_sealed, particulars),
        scope=named.scope,
        valid_until=named.valid_until,
        file=stored,
        handed_in_at=now(),
        handed_in_by=by.user,
    )
    data = {"representative": kept.pk}
    kept.case = touch(case, "representative_named", by=by, data=data, for_consumer=True)
    if by.kind == ActorKind.CONSUMER:
        people, key = responsible_for(case), f"representative:{kept.pk}"
        tell_staff(kept.case, "representative_named", users=people, key=key, data=data)
    return kept


@transaction.atomic
def accept_representative(representative: Representative, *, by: Actor) -> Representative:
    """Let somebody sign for the consumer from now on: the paper was looked at and holds.

    Raises CaseError when it was decided already or has ended meanwhile, StepForbidden for whoever
    handed it in on the consumer's word.
    """
    require(by, Permission.HANDLE_CASE)
    found = _waiting(representative)
    if found.valid_until < today():
        raise CaseError(_("授权已经到期，请换一份仍然有效的。"))
    if found.handed_in_by_id is not None and found.handed_in_by_id == by.person.pk:
        raise StepForbidden(_("你登记的授权委托书，要由另一位同事核对。"))
    return _decide(found, CheckStatus.ACCEPTED, by=by)


@transaction.atomic
def reject_representative(
    representative: Representative, *, by: Actor, reason: str
) -> Representative:
    """Don't accept a power of attorney; the consumer is told why. Raises CaseError."""
    require(by, Permission.HANDLE_CASE)
    if not reason.strip():
        raise CaseError(_("请写明为什么不接受，消费者好补充。"), field="reason")
    return _decide(_waiting(representative), CheckStatus.REJECTED, by=by, reason=reason.strip())


def _waiting(representative: Representative) -> Representative:
    found = _locked(representative)
    if found.status != CheckStatus.WAITING or found.ended_at is not None:
        raise CaseError(_("这份授权委托书已经有人核对过，或者已经撤销。"))
    return found


def _locked(representative: Representative) -> Representative:
    case = locked_case(representative.case)
    found = Representative.objects.select_for_update(of=("self",)).get(pk=representative.pk)
    found.case = case
    return found


def _decide(found: Representative, status: str, *, by: Actor, reason: str = "") -> Representative:
    found.status, found.checked_at, found.checked_by = status, now(), by.user
    found.reason = reason
    found.save(update_fields=["status", "checked_at", "checked_by", "reason"])
    kind = f"representative_{status}"
    found.case = touch(
        found.case,
        kind,
        by=by,
        data={"representative": found.pk},
        text={"reason": reason} if reason else None,
        for_consumer=True,
    )
    if has_address(found.case):
        told = {"name": found.name, "reason": reason}
        tell_consumer(found.case, kind, key=f"representative:{found.pk}:told", secret=told)
    return found


@transaction.atomic
def end_representative(representative: Representative, *, by: Actor) -> Representative:
    """End somebody's authority from now on; what was signed stays signed. Ending twice is once."""
    if by.kind != ActorKind.CONSUMER:
        require(by, Permission.HANDLE_CASE)
    found = _locked(representative)
    if found.ended_at is not None:
        return found
    found.ended_at = now()
    found.save(update_fields=["ended_at"])
    data = {"representative": found.pk}
    found.case = touch(found.case, "representative_ended", by=by, data=data, for_consumer=True)
    return found
