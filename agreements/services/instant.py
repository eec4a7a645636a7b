"""From an instant offer to an agreement that waits for the consumer's signature, in one go."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.selectors import open_agreement
from agreements.services.drafting import draft_agreement
from agreements.services.offering import offer_for_signature
from agreements.services.rights import require
from agreements.services.signing import put_signature
from agreements.states import SignerRole, SignMethod
from compensation.services.instant import take_instant
from compensation.services.standing import system_desk
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import Permission


@transaction.atomic
def agree_instantly(case: Case, *, by: Actor, position: int, seen_digest: str) -> Agreement:
    """Take an option of the instant offer, and prepare its agreement, signed for the company in
    the name of the person who approved such offers beforehand. Taken again it is the same one.

    Raises CaseError as `take_instant` does, AgreementBlocked with what keeps the text back; then
    nothing has happened.
    """
    case, instant = take_instant(case, by=by, position=position, seen_digest=seen_digest)
    waiting = open_agreement(case)
    if waiting is not None:
        return waiting
    desk = system_desk()
    draft = draft_agreement(case, by=desk)
    agreement = offer_for_signature(draft, by=desk, ask_company=False, at_once=True)
    with translation.override(case.language):
        position_words = _("按预先批准 %(number)s") % {"number": instant.approval.number}
    signer = Actor.staff(instant.approved_by)
    require(signer, Permission.SIGN_FOR_COMPANY)
    # Nobody of the company is there to prove themselves: the document says on what it rests.
    return put_signature(
        agreement,
        SignerRole.COMPANY,
        by=signer,
        method=SignMethod.STANDING,
        name=str(instant.approved_by),
        position=position_words[:80],
        more={"standing": instant.approval.number},
    )
