"""Which cases hold all words of a query."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from complaints.actors import Actor
from complaints.models import Case
from complaints.search_terms import query_terms


def matching(cases: QuerySet[Case], text: str, *, actor: Actor | None = None) -> QuerySet[Case]:
    """Return the cases whose words hold all of `text`; a reference finds its case."""
    words = query_terms(text)
    if not words:
        return cases.none()
    quoted = " & ".join(f"'{word}'" for word in words)
    query = SearchQuery(quoted, config="simple", search_type="raw")
    return cases.filter(Q(search=query) | Q(reference=text.strip().upper()))
