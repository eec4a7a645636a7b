"""Which cases hold all words of a query.

Every word of two characters or more is found by its pairs of neighbours through one index, and
checked in the text where it is longer; one character is found by itself. The database's function
`complaints_search_ids` does both.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Q, QuerySet, TextField, Value

from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import Permission, has_permission
from complaints.search_terms import name_token, query_words

_WORDS = ArrayField(TextField())


class _Ids(Func):
    """The ids of the cases that the index finds, as a list to look in."""

    function = "complaints_search_ids"
    template = "(SELECT %(function)s(%(expressions)s))"


def _ids(words: list[str], tokens: list[str], *, titled: bool) -> _Ids:
    return _Ids(
        Value(words, output_field=_WORDS),
        Value(tokens, output_field=_WORDS),
        Value(titled, output_field=BooleanField()),
    )


def may_find_names(actor: Actor) -> bool:
    """Say whether a person may look for complainants by name: whoever may see names in clear."""
    return has_permission(actor, Permission.REVEAL_CONTACT)


def matching(cases: QuerySet[Case], text: str, *, actor: Actor | None = None) -> QuerySet[Case]:
    """Return the cases that hold every word of `text`; names count for those who may see them."""
    words = query_words(text)
    if not words:
        return cases.none()
    names = actor is not None and may_find_names(actor)
    tokens = [name_token(word) for word in words] if names else []
    return cases.filter(pk__in=_ids(words, tokens, titled=False))


def in_subject(words: list[str]) -> Q:
    """Return the condition that a title holds all words."""
    return Q(pk__in=_ids(words, [], titled=True))


def all_in_subject(words: list[str]) -> Q:
    """Return the same condition for rows that are at hand: read in the title, not in the index."""
    condition = Q()
    for word in words:
        plain = Func(Value(word), function="complaints_fold", output_field=TextField())
        condition &= Q(search_row__subject__contains=plain)
    return condition
