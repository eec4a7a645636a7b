"""Categories and issues as people choose them, and the names of those that a Case carries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from complaints.models import Case, ComplaintCategory, ComplaintIssue
from complaints.selectors.memory import remembered

Choice = tuple[str, str]


def categories(*, retired: bool = False) -> list[ComplaintCategory]:
    """Return the categories with their issues, in order; without the retired ones unless asked."""
    issues = ComplaintIssue.objects.order_by("position", "code")
    found = ComplaintCategory.objects.order_by("position", "code")
    if not retired:
        issues, found = issues.filter(retired_at=None), found.filter(retired_at=None)
    return list(found.prefetch_related(Prefetch("issues", queryset=issues)))


def general_issues(*, retired: bool = False) -> list[ComplaintIssue]:
    """Return the issues that fit every category."""
    issues = ComplaintIssue.objects.filter(category=None).order_by("position", "code")
    return list(issues if retired else issues.filter(retired_at=None))


def term_called(level: str, code: str) -> ComplaintCategory | ComplaintIssue | None:
    """Return the category or the issue of a code, None for none."""
    if level == "category":
        return ComplaintCategory.objects.filter(code=code).first()
    return ComplaintIssue.objects.filter(code=code).first() if level == "issue" else None


def category_choices() -> list[Choice]:
    """Return the categories that may be chosen, with their names."""
    found = ComplaintCategory.objects.filter(retired_at=None).order_by("position", "code")
    return [(category.code, category.name) for category in found]


def issue_choices() -> list[Any]:
    """Return the issues that may be chosen under their categories, then those for all."""
    groups: list[Any] = [
        (category.name, [(issue.code, issue.name) for issue in category.issues.all()])
        for category in categories()
        if category.issues.all()
    ]
    return [*groups, *((issue.code, issue.name) for issue in general_issues())]


def issue_codes(category: str) -> set[str]:
    """Return the codes of the issues that fit a category, retired ones too."""
    fitting = ComplaintIssue.objects.filter(category_id=category).values_list("code", flat=True)
    return {*fitting, *(issue.code for issue in general_issues(retired=True))}


def known_category(code: str) -> bool:
    """Say whether a category may be chosen now."""
    return ComplaintCategory.objects.filter(code=code, retired_at=None).exists()


def known_issue(code: str) -> bool:
    """Say whether an issue may be chosen now."""
    return ComplaintIssue.objects.filter(code=code, retired_at=None).exists()


def category_exists(code: str) -> bool:
    """Say whether there is such a category, retired or not."""
    return ComplaintCategory.objects.filter(code=code).exists()


def issue_exists(code: str) -> bool:
    """Say whether there is such an issue, retired or not."""
    return ComplaintIssue.objects.filter(code=code).exists()


def category_name(code: str) -> str:
    """Return the name of a category, retired or not; an unknown code as it is."""
    return _name("categories", ComplaintCategory.objects.all(), code)


def issue_name(code: str) -> str:
    """Return the name of an issue, retired or not; an unknown code as it is."""
    return _name("issues", ComplaintIssue.objects.all(), code)


def _name(kept: str, terms: QuerySet[Any], code: str) -> str:
    """Read names from memory; a code that is not there yet from the database."""
    if not code:
        return code
    found = remembered(kept, lambda: {term.code: term for term in terms}).get(code)
    found = found or terms.filter(code=code).first()
    return str(found.name) if found else code


def cases_by_term() -> dict[str, dict[str, int]]:
    """Return how many cases carry each category, and each issue."""
    return {
        field: dict(
            Case.objects.exclude(**{field: ""})
            .values_list(field)
            .annotate(count=Count("pk"))
            .order_by()
        )
        for field in ("category", "issue")
    }
