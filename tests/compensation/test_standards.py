"""The company's table: two people for each version, kept for good, market references sourced."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.states import Role
from compensation.models import StandardItem
from compensation.selectors.standards import standards_on
from compensation.services.standards import (
    StandardData,
    discard_standard,
    publish_standard,
    save_standard,
    standard_mark,
)
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.moments import now
from tests.factories import staff
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db
CODE = "inconvenience-severe"
MARKET = {
    "market_low": Decimal(5),
    "market_high": Decimal(9),
    "market_source": "三家门店的报价",
    "market_on": date(2026, 10, 1),
}


def data(**fields) -> StandardData:
    begun = {
        "title": "误工与不便",
        "title_en": "Time and inconvenience",
        "line_kind": "allowance",
        "option_kind": "replacement",
        "severity": "severe",
        "amount": Decimal("260.00"),
        "effective_from": date(2026, 6, 1),
        "reason": "同行的公开标准提高了",
    }
    return StandardData(**{**begun, **fields})


def published(**fields) -> StandardItem:
    row = save_standard(CODE, by=staff(Role.MANAGER), new=data(**fields))
    return publish_standard(CODE, by=staff(Role.MANAGER), mark=standard_mark(row))


def test_a_version_counts_from_its_day_and_the_older_stays() -> None:
    published()

    def amount(day: date) -> Decimal:
        return next(row.amount for row in standards_on(day) if row.code == CODE)

    assert amount(date(2026, 5, 31)) == Decimal("200.00")
    assert amount(date(2026, 6, 1)) == Decimal("260.00")


def test_a_row_that_was_ended_is_no_longer_used() -> None:
    published(active=False)

    assert CODE not in [row.code for row in standards_on(now().date())]


def test_nobody_publishes_their_own_draft() -> None:
    manager = staff(Role.MANAGER)
    row = save_standard(CODE, by=manager, new=data())

    with pytest.raises(StepForbidden):
        publish_standard(CODE, by=manager, mark=standard_mark(row))
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardItem.objects.filter(pk=row.pk).update(published_by=manager.user, published_at=now())


def test_only_what_was_seen_is_published() -> None:
    seen = standard_mark(save_standard(CODE, by=staff(Role.MANAGER), new=data()))
    save_standard(CODE, by=staff(Role.MANAGER), new=data(amount=Decimal("9.00")))

    with pytest.raises(DraftChanged):
        publish_standard(CODE, by=staff(Role.MANAGER), mark=seen)
    with pytest.raises(DraftChanged):
        discard_standard(CODE, by=staff(Role.MANAGER), mark=seen)


@pytest.mark.parametrize("sql", ["UPDATE {} SET amount = 1", "DELETE FROM {}"])
def test_the_database_keeps_what_was_published(sql: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format("compensation_standarditem"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1e12")}, "amount"),
        ({"amount": None}, "amount"),
        ({"share": Decimal("0.1")}, "amount"),
        ({"amount": None, "share": Decimal("1.01")}, "share"),
        ({"amount": None, "share": Decimal("0.1"), "most": Decimal(0)}, "most"),
        ({"most": Decimal(5)}, "most"),
        ({"layer": "tier_extra"}, "tier"),
        ({"tier": "long_term"}, "tier"),
        ({"line_kind": "refund"}, "line_kind"),
        ({"line_kind": "gold"}, "line_kind"),
        ({"title_en": " "}, "title"),
        ({"reason": " "}, "reason"),
        ({"market_low": Decimal(5)}, "market_high"),
        ({"market_low": Decimal(9), "market_high": Decimal(5)}, "market_high"),
        ({"market_low": Decimal(5), "market_high": Decimal(9)}, "market_source"),
        ({"market_source": "三家门店的报价"}, "market_low"),
        ({"market_link": "https://example.test/"}, "market_low"),
        (MARKET, "market_link"),
        ({**MARKET, "market_link": "https://x.test/", "market_on": date(2999, 1, 1)}, "market_on"),
        ({"quantity": 0}, "quantity"),
    ],
)
def test_what_cannot_be_a_standard_is_refused_by_its_field(fields, field: str) -> None:
    with pytest.raises(CaseError) as refusal:
        save_standard(CODE, by=staff(Role.MANAGER), new=data(**fields))

    assert refusal.value.field == field
    assert not StandardItem.objects.filter(published_at=None).exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.APPROVER, Role.FINANCE])
def test_other_roles_leave_the_table_alone(role: Role) -> None:
    with pytest.raises(StepForbidden):
        save_standard(CODE, by=staff(role), new=data())
    assert staff_client(role).get(reverse("compensation:standards")).status_code == 403


def test_a_row_is_begun_written_and_published_by_two_people_on_the_pages() -> None:
    one, other = staff_client(Role.MANAGER), staff_client(Role.MANAGER)
    post = {
        "code": "upgrade-severe", "title": "升级新款", "title_en": "Newer model",
        "layer": "standard", "line_kind": "upgrade", "option_kind": "upgrade",
        "percent": "15", "most": "900", "quantity": "1", "active": "on",
        "market_low": "100", "market_high": "400", "market_source": "三家门店的报价",
        "market_link": "https://example.test/quotes", "market_document": "",
        "market_on": "2026-10-01", "effective_from": "2026-06-01", "reason": "新增一种方式",
    }  # fmt: skip

    assert one.post(reverse("compensation:standards"), post).status_code == 303
    page = reverse("compensation:standard", args=["upgrade-severe"])
    own = one.get(page).content.decode()
    assert "自己拟定的标准要由另一位同事发布" in own
    row = StandardItem.objects.get(code="upgrade-severe")
    assert row.share == Decimal("0.1500")
    assert other.post(page, {"publish": "1", "mark": standard_mark(row)}).status_code == 303
    assert "三家门店的报价" in other.get(reverse("compensation:standards")).content.decode()
    assert other.get(reverse("compensation:standard", args=["none"])).status_code == 404
    row.refresh_from_db()
    assert row.published_at - row.created_at < timedelta(days=1)
