"""Rules as published, and the sheets that were reckoned by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from compensation.models import EntitlementSheet, LegalRuleVersion
from compensation.rules import FactError, RuleBook, Sheet, evaluate
from complaints.models import Case
from complaints.selectors.policies import calendar_at

LONGEST_BASIS = 300
MOST_TRIED = 1000


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


def latest_sheets(case: Case) -> list[EntitlementSheet]:
    """Return the latest sheet of each kind of facts."""
    rows = EntitlementSheet.objects.filter(case=case).select_related("made_by")
    return list(rows.order_by("kind", "-number").distinct("kind"))


def current_sheet(case: Case) -> EntitlementSheet | None:
    """Return the sheet that counts, or None: of the latest of each kind the one that gives most.

    Facts of another kind, told later, can so add to what the law gives, but never take from it.
    """
    return max(latest_sheets(case), key=lambda row: (row.total, row.number), default=None)


def sheet_of_kind(case: Case, kind: str) -> EntitlementSheet | None:
    """Return the latest sheet of a kind of facts, or None."""
    return sheets_of(case).filter(kind=kind).first()


def last_number(case: Case) -> int:
    """Return the number of a case's last sheet, 0 where there is none."""
    row = sheets_of(case).first()
    return row.number if row else 0


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


def rule_versions(rule: str) -> list[LegalRuleVersion]:
    """Return a rule's published versions, the one begun last first."""
    rows = list(published_rules().filter(rule=rule).select_related("created_by", "published_by"))
    rows.reverse()
    return sorted(rows, key=lambda row: row.effective_from or date.min, reverse=True)


def draft_of(rule: str) -> LegalRuleVersion | None:
    """Return the draft of a rule's next version, or None."""
    return LegalRuleVersion.objects.filter(rule=rule, published_at=None).first()


def in_force(rule: str, day: date) -> LegalRuleVersion | None:
    """Return the version of a rule on a day, one that switches it off too; None before all."""
    return next((row for row in rule_versions(rule) if row.version.holds_on(day)), None)


@dataclass(frozen=True)
class SheetChange:
    """A past sheet that would come out otherwise.

    `after` is what it would come to had the draft always been the rule, `dated` what it comes to
    by the draft with its own days: reckoned again once it is published.
    """

    sheet: EntitlementSheet
    before: Decimal
    after: Decimal
    dated: Decimal


@dataclass(frozen=True)
class BackRun:
    """What a draft would have done to past sheets, had it been in force on their dates; and which
    of them fall under it by its days.
    """

    tried: int
    changes: list[SheetChange]
    unreadable: int

    @property
    def difference(self) -> Decimal:
        """What all changed sheets come to, together."""
        return sum((one.after - one.before for one in self.changes), Decimal(0))

    @property
    def dated(self) -> list[SheetChange]:
        """The sheets of dates on which the draft is the rule: reckoned again, they change."""
        return [one for one in self.changes if one.dated != one.before]

    @property
    def dated_difference(self) -> Decimal:
        """What these come to, together."""
        return sum((one.dated - one.before for one in self.dated), Decimal(0))

    def as_data(self) -> dict[str, Any]:
        """Return what is kept of the run: counts and sums, no case."""
        return {
            "tried": self.tried,
            "changed": len(self.changes),
            "unreadable": self.unreadable,
            "difference": f"{self.difference:.2f}",
            "dated": len(self.dated),
            "dated_difference": f"{self.dated_difference:.2f}",
        }


def back_run(draft: LegalRuleVersion) -> BackRun:
    """Run a draft over the latest sheets: as if it alone had been the rule, and by its own days.

    Changes nothing.
    """
    book = published_book()
    others = [version for version in book if version.rule != draft.rule]
    tried = RuleBook([*others, replace(draft.version, effective_from=None, effective_to=None)])
    published = book.with_version(draft.version)
    sheets = EntitlementSheet.objects.select_related("case").order_by("-id")[:MOST_TRIED]
    changes, unreadable = [], 0
    for sheet in sheets:
        try:
            before, after, dated = (_total(sheet, one) for one in (book, tried, published))
        except (FactError, LookupError):
            unreadable += 1
            continue
        if (after, dated) != (before, before):
            changes.append(SheetChange(sheet, before, after, dated))
    return BackRun(len(sheets), changes, unreadable)


def _total(sheet: EntitlementSheet, book: RuleBook) -> Decimal:
    return reckoned_again(sheet, book).total or Decimal(0)


@dataclass(frozen=True)
class DraftDays:
    """How a draft's first day stands to today and to what is published."""

    begins_in_past: bool
    same_day: bool
    until: date | None


def days_of_draft(draft: LegalRuleVersion, *, today: date) -> DraftDays:
    """Tell whether a draft reaches back, takes another's place, and which day ends its time."""
    begun = [row.effective_from or date.min for row in rule_versions(draft.rule)]
    first = draft.effective_from or date.min
    later = [day for day in begun if day > first]
    return DraftDays(first < today, first in begun, min(later, default=None))


def drafted_rules() -> set[str]:
    """Return the rules of which a next version is being written."""
    rows = LegalRuleVersion.objects.filter(published_at=None)
    return set(rows.values_list("rule", flat=True))
