"""The demonstration shows finance a batch to release, one at the bank and a payee to check."""

import pytest

from accounts.states import Role
from agreements.models import PayeeAccount, PayoutBatch, StatementEntry
from config.demo.payouts import lay_payouts
from tests.agreements.makers import fulfilling_case
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("due", "states"), [(0, []), (1, ["draft"]), (4, ["draft", "released"])])
def test_every_state_that_finance_looks_at(due: int, states: list[str]) -> None:
    for _number in range(due):
        fulfilling_case()
    lay_payouts({name: make_user(Role.FINANCE) for name in ("finance", "finance2")})

    assert list(PayoutBatch.objects.order_by("pk").values_list("state", flat=True)) == states
    assert PayeeAccount.objects.filter(state="asked").count() == (due > 2)
    assert StatementEntry.objects.get().outcome == "unmatched"
