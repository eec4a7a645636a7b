"""Rules as published, and the sheets that were reckoned by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from compensation.models import EntitlementSheet, LegalRuleVersion
from compensation.rules import RuleBook, Sheet, evaluate
from complaints.models import Case
from complaints.selectors.policies import calendar_at

LONGEST_BASIS = 300


def published_rules() -> QuerySet[LegalRuleVersion]:
    """Return the published versions of all rules, in the order in which they were published."""
    return LegalRuleVersion.objects.filter(published_at__isnull=False).order_by(
        "published_at", "id"
    )


def published_book(as_of: datetime | None = None) -> RuleBook:
    """Return the rules as they are published now, or as they were at a moment."""
    rows = published_rules()
    if as_of is not None:
        rows = rows.filter(published_at__lte=as_of)
    return RuleBook(row.version for row in rows)


def sheets_of(case: Case) -> QuerySet[EntitlementSheet]:
    """Return a case's sheets, the latest first."""
    return EntitlementSheet.objects.filter(case=case).select_related("made_by").order_by("-number")


def current_sheet(case: Case) -> EntitlementSheet | None:
    """Return the sheet that counts: the latest, or None."""
    return sheets_of(case).first()


def basis_of(lines: Iterable[dict[str, Any]]) -> str:
    """Return the articles of lines, each once; what is too long is left to the sheet itself."""
    told = ""
    for article in dict.fromkeys(str(line["article"]) for line in lines):
        longer = f"{told}；{article}" if told else article
        if len(longer) > LONGEST_BASIS:
            break
        told = longer
    return told


def reckoned_again(sheet: EntitlementSheet, book: RuleBook | None = None) -> Sheet:
    """Return a stored sheet reckoned anew, by the rules and the calendar of its own time.

    With a `book` of its own it tells what other rules would give. Raises FactError where the facts
    are not known any more.
    """
    return evaluate(
        sheet.kind,
        sheet.facts,
        book=book or published_book(sheet.made_at),
        calendar=calendar_at(sheet.calendar_version),
        on=sheet.on_day,
    )
