"""Funds as finance sees them: which fund serves a case, balances, movements, closed months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from accounts.models import User
from accounts.states import Role
from compensation.models import (
    Fund,
    FundAccount,
    FundClose,
    FundEntry,
    FundHold,
    FundLine,
)
from complaints.models import Case


@dataclass(frozen=True)
class FundSums:
    """The sums of a fund; `allotted` as a positive amount."""

    allotted: Decimal = Decimal(0)
    free: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @classmethod
    def of(cls, amounts: dict[str, Decimal]) -> FundSums:
        """Take them from amounts by account."""
        known = {str(account): amounts.get(account, Decimal(0)) for account in FundAccount}
        return cls(**{**known, "allotted": -known["allotted"]})

    @property
    def adds_up(self) -> bool:
        """Whether what is free, reserved, committed and paid is what was allotted."""
        return self.free + self.reserved + self.committed + self.paid == self.allotted


def fund_for(case: Case) -> Fund | None:
    """Return the fund that a case's money comes from; None where the company keeps none.

    Once something stands for a case it stays with its fund.
    """
    held = FundHold.objects.filter(case=case).select_related("fund").first()
    if held is not None:
        return held.fund
    funds = Fund.objects.filter(
        is_open=True, currency=case.currency, category__in=["", case.category]
    )
    return max(funds, key=lambda fund: fund.category != "", default=None)


def finance_staff() -> list[User]:
    """Return who looks after the funds' money."""
    return list(User.objects.filter(is_active=True, roles__contains=[Role.FINANCE]).order_by("pk"))


def shortfalls(needs: Iterable[tuple[Case, Decimal]]) -> list[tuple[Fund, Decimal]]:
    """Return the funds that have too little for all these payments, and how much is missing.

    What is committed for a case pays first, then what is free in its fund.
    """
    asked: dict[int, Decimal] = {}
    funds: dict[int, Fund] = {}
    for case, amount in needs:
        fund = fund_for(case)
        if fund is None:
            continue
        held = FundHold.objects.filter(fund=fund, case=case).first()
        more = max(amount - (held.committed if held else Decimal(0)), Decimal(0))
        asked[fund.pk] = asked.get(fund.pk, Decimal(0)) + more
        funds[fund.pk] = fund
    missing = {pk: amount - sums_of(funds[pk]).free for pk, amount in asked.items() if amount}
    return [(funds[pk], amount) for pk, amount in missing.items() if amount > 0]


def funds_with_sums() -> list[tuple[Fund, FundSums]]:
    """Return every fund with its balances, the open ones first; two statements."""
    funds = Fund.objects.order_by("-is_open", "name").prefetch_related("balances")
    return [(fund, sums_of(fund)) for fund in funds]


def sums_of(fund: Fund) -> FundSums:
    """Return a fund's balances as they are now."""
    return FundSums.of({row.account: row.amount for row in fund.balances.all()})


def sums_at(fund: Fund, *, before: date) -> FundSums:
    """Return a fund's sums of everything booked before a day, added up from the journal."""
    rows = FundLine.objects.filter(entry__fund=fund, entry__booked_on__lt=before)
    return FundSums.of(dict(rows.values_list("account").annotate(Sum("amount"))))


def journal_is_kept(fund: Fund) -> bool:
    """Say whether the journal's sums are the balances, and the holds' sums too."""
    now_held = sums_of(fund)
    holds = FundHold.objects.filter(fund=fund).aggregate(
        reserved=Sum("reserved"), committed=Sum("committed"), paid=Sum("paid")
    )
    return (
        now_held.adds_up
        and sums_at(fund, before=date.max) == now_held
        and all((amount or 0) == getattr(now_held, name) for name, amount in holds.items())
    )


def movements(fund: Fund, *, month: date | None = None) -> QuerySet[FundEntry]:
    """Return a fund's entries with their lines, the newest first; of one month where asked."""
    rows = FundEntry.objects.filter(fund=fund).select_related("hold__case", "by")
    if month is not None:
        rows = rows.filter(booked_on__year=month.year, booked_on__month=month.month)
    lines = FundLine.objects.order_by("pk")
    return rows.prefetch_related(Prefetch("lines", queryset=lines)).order_by("-pk")


def journal_rows(fund: Fund, *, month: date | None = None) -> Iterator[tuple[FundEntry, FundLine]]:
    """Yield each line of a fund's journal with its entry, the oldest first."""
    for entry in movements(fund, month=month).order_by("pk").iterator(chunk_size=500):
        for line in entry.lines.all():
            yield entry, line


def closed_months(fund: Fund) -> QuerySet[FundClose]:
    """Return the months that were closed, the newest first."""
    return FundClose.objects.filter(fund=fund).select_related("closed_by").order_by("-month")


def holds_of(fund: Fund) -> QuerySet[FundHold]:
    """Return what of a fund stands for cases, the newest first."""
    return FundHold.objects.filter(fund=fund).select_related("case").order_by("-pk")
