"""Both sides are heard before a finding: nobody bears a share unheard."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints.errors import CaseError
from complaints.models import Case
from complaints.selectors.policies import working_calendar
from liability.decisions import ShareData
from liability.errors import ShareError
from liability.hearing import RESPONDENT, Side
from liability.periods import A_MOMENT
from liability.selectors.hearing import is_us, sides_of
from liability.states import OUTSIDE_PARTIES, Party, ShareTable


def check_heard(case: Case, shares: Sequence[ShareData] = ()) -> None:
    """Raise CaseError unless the respondent, and every outside party that bears a share, was
    heard, or was asked to speak and let its time pass. Such a party must have a name.
    """
    _check(sides_of(case, bearers=_named(shares)))


def check_bearers_heard(case: Case, shares: Sequence[ShareData]) -> None:
    """Raise CaseError unless every outside party that bears a share was heard or served."""
    bearers = _named(shares)
    if bearers:
        _check(sides_of(case, bearers=bearers)[1:])


def _check(sides: Sequence[Side]) -> None:
    for side in sides:
        if not side.heard:
            raise CaseError(_unheard(side), field=None if side.party == RESPONDENT else "shares")


def _named(shares: Sequence[ShareData]) -> list[tuple[str, str]]:
    """Return the outside parties that bear a share; ShareError for one without a name."""
    found = []
    for table in ShareTable:
        rows = [share for share in shares if share.table == table]
        for row, share in enumerate(rows):
            if share.party not in OUTSIDE_PARTIES:
                continue
            if not share.name.strip():
                raise ShareError(
                    _("请写明「%(party)s」的名称：承担责任的一方要先听取它的陈述。")
                    % {"party": Party(share.party).label},
                    table=table,
                    row=row,
                    column="name",
                )
            if not is_us(share.name):
                found.append((share.party, share.name))
    return found


def _unheard(side: Side) -> str:
    if side.party == RESPONDENT:
        return _("先听取被投诉方的陈述；已经通知但没有答复的，等答复期限过了再认定。")
    if side.waits_until is not None:
        return _("「%(name)s」还在答复期限内（到 %(date)s），要等它陈述或者期限过去。") % {
            "name": side.name,
            "date": working_calendar().local_date(side.waits_until - A_MOMENT).isoformat(),
        }
    return _("「%(name)s」承担责任，先请它陈述：发一个会办任务，或者登记陈述。") % {
        "name": side.name
    }
