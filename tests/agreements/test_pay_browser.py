"""Finance's pages in a browser: accessible in both themes, nothing too wide, no violations."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.states import Role
from agreements.banking.orders import Party
from agreements.models import Statement
from agreements.services.payees import ask_for_payee
from agreements.services.reconciling import import_statement
from tests.agreements.makers import fulfilling_case
from tests.agreements.pay_makers import (
    batch_of,
    csv_of,
    duty_of,
    finance,
    only_payout,
    paid_case,
    released,
)
from tests.agreements.test_browser import cookies_of, look
from tests.browser import DESKTOP, PHONE, THEMES, OpenPage
from tests.liability.doors import staff_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("theme", THEMES)
def test_finance_pages_are_sound(open_page: OpenPage, theme: str) -> None:
    due, waiting, part = paid_case(), fulfilling_case(), paid_case()
    party = Party(name="周小华", account="6217001234567890999", bank="招商银行上海闵行支行")
    ask_for_payee(duty_of(waiting).agreement, by=finance(), party=party, reason="来电更换")
    draft, out = batch_of(paid_case(), paid_case()), released(part)
    rows = csv_of(("debit", "100.00", only_payout(part).key, "B1"), ("debit", "5.00", "", "B2"))
    import_statement(rows, by=finance(), name="建行对账单.csv")
    pages = {
        "due": reverse("finance"),
        "payee": reverse("agreements:payee", args=[due.reference]),
        "batches": reverse("agreements:batches"),
        "draft": reverse("agreements:batch", args=[draft.pk]),
        "released": reverse("agreements:batch", args=[out.pk]),
        "statements": reverse("agreements:statements"),
        "statement": reverse("agreements:statement", args=[Statement.objects.get().pk]),
    }
    desk = cookies_of(staff_client(Role.FINANCE))
    for width in (DESKTOP, PHONE):
        for name, address in pages.items():
            page = open_page(address, width=width, theme=theme, cookies=desk)
            look(page, f"{name}-{width}-{theme}")
