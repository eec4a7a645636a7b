"""Both sides are heard before a finding: nobody bears a share unheard."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints.errors import CaseError
from complaints.models import Case
from complaints.selectors.policies import working_calendar
from liability.decisions import ShareData
from liability.hearing import RESPONDENT, Side
from liability.selectors.hearing import sides_of
from liability.states import Party


def check_heard(case: Case, shares: Sequence[ShareData] = ()) -> None:
    """Raise CaseError unless the respondent, and every supplier that is named with a share, was
    heard, or was asked to speak and let its time pass.
    """
    named = [share.name for share in shares if share.party == Party.SUPPLIER]
    for side in sides_of(case, suppliers=named):
        if not side.heard:
            raise CaseError(_unheard(side), field=None if side.party == RESPONDENT else "shares")


def _unheard(side: Side) -> str:
    if side.party == RESPONDENT:
        return _("先听取被投诉方的陈述；已经通知但没有答复的，等答复期限过了再认定。")
    if side.waits_until is not None:
        return _("「%(name)s」还在答复期限内（到 %(date)s），要等它陈述或者期限过去。") % {
            "name": side.name,
            "date": working_calendar().local_date(side.waits_until).isoformat(),
        }
    return _("「%(name)s」承担责任，先请它陈述：发一个会办任务，或者登记陈述。") % {
        "name": side.name
    }
