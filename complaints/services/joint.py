"""Joint complaints: several people in one case, two at most who speak for them all.

Representatives talk with us and get what is told to the group; a settlement needs the consent of
each person, and a new wording needs it anew.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, GroupMember
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.permissions import Permission, has_permission
from complaints.selectors.joint import members_of_group, without_consent
from complaints.services.cases import touch
from complaints.services.customers import link_consumer
from complaints.services.intake import ComplaintData, ContactData, new_consumer
from complaints.services.locking import locked_case

REPRESENTATIVES, MOST_MEMBERS = 2, 200


def _check(case: Case, by: Actor) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if not case.is_open:
        raise CaseError(_("案件已经结束。"))


@transaction.atomic
def add_member(case: Case, *, contact: ContactData, by: Actor) -> GroupMember:
    """Add somebody who complains together with the others; the first makes it a joint complaint.

    Who brought the case becomes its first representative. Raises CaseError without a name or a way
    to reach the person, or for somebody who is there already; StepForbidden.
    """
    case = locked_case(case)
    _check(case, by)
    phone, email = normalised_phone(contact.phone), normalised_email(contact.email)
    if not contact.name.strip():
        raise CaseError(_("请填写姓名。"), field="name")
    if not (phone or email):
        raise CaseError(_("手机和邮箱至少填一个，才能征求本人同意。"), field="phone")
    members = members_of_group(case)
    if len(members) >= MOST_MEMBERS:
        raise CaseError(_("一起共同投诉最多 %(most)d 人。") % {"most": MOST_MEMBERS}, field="name")
    data = ComplaintData(description="", contact=contact, language=case.language)
    consumer = new_consumer(data, now())
    known = {case.consumer, *(member.consumer for member in members)}
    same_phone = phone and any(each.phone_index == consumer.phone_index for each in known)
    same_email = email and any(each.email_index == consumer.email_index for each in known)
    if same_phone or same_email:
        raise CaseError(_("这个人已经在里面了。"), field="phone" if same_phone else "email")
    if not members:
        first = GroupMember(case=case, consumer=case.consumer, place=1, joined_at=now())
        first.save(force_insert=True)
    link_consumer(consumer)
    consumer.save(force_insert=True)
    member = GroupMember.objects.create(case=case, consumer=consumer, joined_at=now())
    touch(case, "group_joined", by=by, data={"member": member.pk})
    return member


@transaction.atomic
def name_representative(member: GroupMember, *, represents: bool, by: Actor) -> GroupMember:
    """Let somebody speak for the group, or no longer; two at most, one at least.

    Raises CaseError for a third one, for the last one leaving, or for who has left the group.
    """
    case, member = _locked(member, by)
    held = {each.place for each in members_of_group(case) if each.place is not None}
    if represents == (member.place is not None):
        return member
    if represents and len(held) >= REPRESENTATIVES:
        raise CaseError(_("一起共同投诉最多两位代表，先换下一位。"))
    if not represents and len(held) == 1:
        raise CaseError(_("至少要有一位代表，先指定另一位。"))
    member.place = min({1, 2} - held) if represents else None
    member.save(update_fields=["place"])
    data = {"member": member.pk, "represents": represents}
    touch(case, "group_represented", by=by, data=data)
    return member


@transaction.atomic
def record_group_consent(
    member: GroupMember, *, given: bool, source: str, by: Actor
) -> GroupMember:
    """Write down that a person agrees to the settlement, or no longer, and how they said so."""
    case, member = _locked(member, by)
    if not source.strip():
        raise CaseError(_("请写明本人什么时候、怎样表示的。"), field="source")
    member.consented_at = now() if given else None
    member.consent_source = source.strip()[:200] if given else ""
    member.save(update_fields=["consented_at", "consent_source"])
    touch(
        case,
        "group_consented" if given else "group_dissented",
        by=by,
        data={"member": member.pk},
        text={"source": source.strip()},
    )
    return member


@transaction.atomic
def leave_group(member: GroupMember, *, by: Actor) -> GroupMember:
    """Let somebody go on alone; who brought the case stays, and so does the last representative."""
    case, member = _locked(member, by)
    if member.consumer_id == case.consumer_id:
        raise CaseError(_("提出投诉的人不能退出，可以撤回投诉。"))
    if member.place is not None:
        raise CaseError(_("代表不能直接退出，先换一位代表。"))
    member.left_at = now()
    member.save(update_fields=["left_at"])
    touch(case, "group_left", by=by, data={"member": member.pk})
    return member


def _locked(member: GroupMember, by: Actor) -> tuple[Case, GroupMember]:
    case = locked_case(member.case)
    _check(case, by)
    member = GroupMember.objects.select_related("consumer").get(pk=member.pk)
    if member.left_at is not None:
        raise CaseError(_("这位投诉人已经退出。"))
    return case, member


@transaction.atomic
def ask_group_anew(case: Case, *, by: Actor) -> Case:
    """Take back what the group agreed to, for a settlement has been worded anew."""
    agreed = GroupMember.objects.filter(case=case, left_at=None, consented_at__isnull=False)
    if not agreed.update(consented_at=None, consent_source=""):
        return case
    return touch(case, "group_asked_anew", by=by)


def check_group_consents(case: Case) -> None:
    """Raise CaseError unless everybody who complains together has agreed to a settlement."""
    waiting = without_consent(case).count()
    if waiting:
        words = {"count": waiting}
        raise CaseError(
            _("共同投诉人里还有 %(count)d 位没有同意和解。每个人都同意后才能签署。") % words
        )
