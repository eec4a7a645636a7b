"""What keeps a case from being settled at once, as far as it may still come to light afterwards."""

from __future__ import annotations

import unicodedata

from django.db.models import F, Func, TextField, Value

from compensation.rules.periods import months_later
from complaints.models import Case, Evidence, Message, TriageProposal, WrongdoingReport
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.states import ActorKind, Severity
from complaints.triage_rules import propose
from documents.states import ScanStatus

LONGEST_SINCE_PURCHASE = 12
"""So many months after the purchase a person looks: the general period of the three guarantees."""


class OrderKey(Func):
    """An order number without what people write differently: case, width, spaces, punctuation.

    The index `compensation_order_key` is made of the same expression.
    """

    template = "regexp_replace(lower(normalize(%(expressions)s, NFKC)), '[^a-z0-9]+', '', 'g')"
    output_field = TextField()


def is_long_ago(case: Case) -> bool:
    """Say whether the thing was bought too long ago, or on a day that has not come."""
    today, bought = working_calendar().local_date(now()), case.purchased_on
    if bought is None or bought > today:
        return True
    return months_later(bought, LONGEST_SINCE_PURCHASE) < today


def what_came_up(case: Case) -> str:
    """Return the code of what asks for a person, whenever it came to light; "" for nothing.

    Looked at before an offer is shown, and again when it is taken.
    """
    proposal = TriageProposal.objects.filter(case=case).first()
    if proposal is None or proposal.safety or proposal.severity != Severity.MINOR:
        return "not_minor"
    if _told_of_danger(case):
        return "danger_told"
    if not _is_documented(case):
        return "not_documented"
    if _order_is_known(case):
        return "order_known"
    if case.group.exists() or WrongdoingReport.objects.filter(case=case).exists():
        return "more_people"
    return ""


def _told_of_danger(case: Case) -> bool:
    """Say whether the consumer has written since of harm or danger, wherever it was noticed."""
    said = Message.objects.filter(case=case, author_kind=ActorKind.CONSUMER)
    return any(propose(body).safety for body in said.values_list("body", flat=True))


def _is_documented(case: Case) -> bool:
    """Say whether the consumer handed in a file that may be opened."""
    handed_in = Evidence.objects.filter(case=case, uploaded_by=None)
    return handed_in.exclude(file__scan_status=ScanStatus.QUARANTINED).exists()


def _order_is_known(case: Case) -> bool:
    """Say whether another complaint names the same order, or the number says nothing.

    A number without letters and digits is no order that could be told from another one.
    """
    keyed = Case.objects.exclude(order_number="").annotate(
        own_order=OrderKey(F("order_number")), this_order=OrderKey(Value(case.order_number))
    )
    others = keyed.filter(own_order=F("this_order")).exclude(pk=case.pk)
    plain = unicodedata.normalize("NFKC", case.order_number)
    return not any(one.isascii() and one.isalnum() for one in plain) or others.exists()
