"""Who is told when money does not arrive."""

from __future__ import annotations

from complaints.models import Case
from complaints.selectors.people import finance_staff, responsible_for
from complaints.services.outbox import tell_consumer, tell_staff


def tell_not_paid(case: Case, *, key: str) -> None:
    """Tell finance, whoever answers for the case and the consumer that money did not arrive.

    The reason is the bank's or finance's words: it stays with us.
    """
    users = {user.pk: user for user in [*finance_staff(), *responsible_for(case)]}
    tell_staff(case, "payment_returned", users=list(users.values()), key=f"{key}:staff")
    tell_consumer(case, "payment_returned", key=key)
