"""Missed promises: the owner may explain, a manager other than the owner decides."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import AccountabilityItem
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.states import AccountabilityStatus


@transaction.atomic
def reply_to_item(item: AccountabilityItem, *, by: Actor, reply: str) -> AccountabilityItem:
    """Record the owner's explanation. Raises StepForbidden for anybody else."""
    item = AccountabilityItem.objects.select_for_update().select_related("case").get(pk=item.pk)
    if by.user is None or item.owner_id != by.user.pk:
        raise StepForbidden(_("只有责任人可以说明。"))
    if item.status == AccountabilityStatus.DECIDED:
        raise CaseError(_("这件事已经决定。"))
    if not reply.strip():
        raise CaseError(_("请写明原因。"), field="reply")
    item.reply, item.replied_at, item.status = reply, now(), AccountabilityStatus.REPLIED
    item.save(update_fields=["reply", "replied_at", "status"])
    touch(item.case, "accountability_replied", by=by, data={"item": item.pk})
    return item


@transaction.atomic
def decide_item(
    item: AccountabilityItem, *, by: Actor, decision: str, measure: str
) -> AccountabilityItem:
    """Record a manager's decision and measure. Nobody decides about their own item."""
    item = AccountabilityItem.objects.select_for_update().select_related("case").get(pk=item.pk)
    if not has_permission(by, Permission.DECIDE_ACCOUNTABILITY):
        raise StepForbidden(_("只有主管可以决定。"))
    if by.user is None or item.owner_id == by.user.pk:
        raise StepForbidden(_("不能决定自己的事项。"))
    if item.status == AccountabilityStatus.DECIDED:
        raise CaseError(_("这件事已经决定。"))
    if not decision.strip():
        raise CaseError(_("请写明决定。"), field="decision")
    item.decision, item.measure = decision, measure
    item.decided_by, item.decided_at = by.user, now()
    item.status = AccountabilityStatus.DECIDED
    item.save(update_fields=["decision", "measure", "decided_by", "decided_at", "status"])
    touch(item.case, "accountability_decided", by=by, data={"item": item.pk})
    return item
