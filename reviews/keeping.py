"""How long the particulars of an ended case are kept: pure rules, dates in, dates out.

A case may be of several classes. The one that keeps it longest decides, so that no shorter promise
ends what another duty still needs. Sources stand with the rules, not here.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MOST_MONTHS = 1200


@dataclass(frozen=True)
class Period:
    """One class of cases: how many months its cases are kept, counted from which day.

    `by_law` is set where a law sets the period; a company's own may give way to the person.
    """

    code: str
    months: int
    counts_from: str
    by_law: bool


@dataclass(frozen=True)
class Term:
    """A period applied to one case: `last_day` is the last on which it must be kept."""

    period: Period
    begins: date
    last_day: date

    @property
    def erasable_from(self) -> date:
        """The first day on which the case may be erased."""
        return self.last_day + timedelta(days=1)


def last_day_of(begins: date, months: int) -> date:
    """Return the last day of a period in months; the day on which it begins is not counted.

    It is the corresponding day of the last month, or that month's last day where there is none
    (Civil Code, articles 201 and 202). Raises ValueError for less than one month.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError(f"not a period: {months} months")
    index = begins.year * 12 + begins.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(begins.day, monthrange(year, month)[1]))


def terms_of(periods: Iterable[Period], days: Mapping[str, date]) -> list[Term]:
    """Return each period applied to a case, the longest first.

    `days` has the day of each beginning that the case has reached; a period whose own beginning
    is unknown counts from the day the case ended (`closed`), and none counts from an earlier one.
    """
    ended = days["closed"]
    terms = []
    for period in periods:
        begins = max(ended, days.get(period.counts_from, ended))
        terms.append(Term(period, begins, last_day_of(begins, period.months)))
    return sorted(terms, key=lambda term: (term.last_day, term.period.code), reverse=True)


def erasable_from(terms: list[Term], *, granted_on: date | None = None) -> date:
    """Return the first day on which a case may be erased.

    A request for erasure that was granted shortens what the company set for itself to that day;
    what a law sets stays (PIPL, article 47).
    """
    usual = max(term.erasable_from for term in terms)
    if granted_on is None:
        return usual
    lawful = [term.erasable_from for term in terms if term.period.by_law]
    return min(usual, max([granted_on, *lawful]))
