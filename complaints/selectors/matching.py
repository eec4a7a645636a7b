"""Which cases hold all words of a query.

Every word of two characters or more is found by its pairs of neighbours through one index, and
checked in the text where it is longer; one character is found by itself.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Q, QuerySet, TextField, Value

from complaints.actors import Actor
from complaints.models import Case
from complaints.models.searching import SUBJECT_MARK
from complaints.permissions import Permission, has_permission
from complaints.search_terms import folded, name_token, query_words

_GRAMS = ArrayField(TextField())


def may_find_names(actor: Actor) -> bool:
    """Say whether a person may look for complainants by name: whoever may see names in clear."""
    return has_permission(actor, Permission.REVEAL_CONTACT)


def matching(cases: QuerySet[Case], text: str, *, actor: Actor | None = None) -> QuerySet[Case]:
    """Return the cases that hold every word of `text`; names count for those who may see them."""
    words = query_words(text)
    if not words:
        return cases.none()
    names = actor is not None and may_find_names(actor)
    for word in words:
        held = _holds("body", word)
        if names:
            held |= Q(search_row__grams__contains=[name_token(word)])
        cases = cases.filter(held)
    return cases


def in_subject(words: list[str]) -> Q:
    """Return the condition that a title holds all words."""
    condition = Q()
    for word in words:
        condition &= _holds("subject", word, mark=SUBJECT_MARK)
    return condition


def all_in_subject(words: list[str]) -> Q:
    """Return the same condition for rows that are at hand: read in the title, not in the index."""
    condition = Q()
    for word in words:
        condition &= Q(search_row__subject__contains=_folded(word))
    return condition


def _folded(word: str) -> Func:
    return Func(Value(word), function="complaints_fold", output_field=TextField())


def _holds(field: str, word: str, *, mark: str = "") -> Q:
    needles = Func(Value(word), Value(mark), function="complaints_needles", output_field=_GRAMS)
    found = Q(search_row__grams__contains=needles)
    if len(folded(word)) > 2:
        found &= Q(**{f"search_row__{field}__contains": _folded(word)})
    return found
