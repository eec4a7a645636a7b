"""The consumer's word that goods are on their way back to us."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Obligation
from agreements.services.rights import locked_obligation
from agreements.states import Debtor, ObligationKind, ObligationStatus
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.outbox import tell_staff


@transaction.atomic
def say_goods_sent(obligation: Obligation, *, by: Actor, tracking: str) -> Case:
    """Record how the consumer sent goods back; somebody of ours records that they arrived.

    Raises CaseError without words, or for what is not the consumer's to return.
    """
    if not tracking.strip():
        raise CaseError(_("请填写快递公司和单号。"), field="tracking")
    obligation = locked_obligation(obligation)
    theirs = obligation.debtor == Debtor.CONSUMER
    if not theirs or obligation.kind != ObligationKind.RETURN_OF_GOODS:
        raise CaseError(_("这一项不用你退回商品。"))
    if obligation.status != ObligationStatus.PENDING:
        raise CaseError(_("商品我们已经收到了，不用再填。"))
    case = touch(
        obligation.agreement.case,
        "goods_sent",
        by=by,
        data={"obligation": obligation.pk},
        text={"note": tracking.strip()[:120]},
        for_consumer=True,
    )
    key = f"goods_sent:{obligation.pk}:{case.version}"
    tell_staff(case, "goods_sent", users=responsible_for(case), key=key)
    return case
