"""Everything that a list can be narrowed by and that is kept in tables, in one statement."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from complaints.models import ComplaintCategory, ComplaintIssue, Product, Tag
from complaints.selectors.people import possible_owners, teams

Choice = tuple[str, str]


def kept_choices() -> dict[str, list[Choice]]:
    """Return owners, teams, categories, issues, product lines and tags, each in its order."""
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    parts = [
        _part("owner", possible_owners(), "display_name"),
        _part("team", teams(), "name"),
        _part("category", ComplaintCategory.objects.all(), name, key="code", order="position"),
        _part("issue", ComplaintIssue.objects.all(), name, key="code", order="position"),
        _part("line", Product.objects.exclude(category="").distinct(), "category", key="category"),
        _part("tag", Tag.objects.all(), "name"),
    ]
    first, *others = parts
    found: defaultdict[str, list[Choice]] = defaultdict(list)
    rows = first.union(*others, all=True).order_by("_place", "_label")
    for kind, key, label, _place in rows:
        found[kind].append((key, label))
    return dict(found)


def _part(
    kind: str, rows: QuerySet[Any], label: str, *, key: str = "pk", order: str = ""
) -> QuerySet[Any, Any]:
    place = Cast(order, IntegerField()) if order else Value(0, output_field=IntegerField())
    return (
        rows.order_by()
        .annotate(
            _kind=Value(kind, output_field=CharField()),
            _key=Cast(key, TextField()),
            _label=Cast(label, TextField()),
            _place=place,
        )
        .values_list("_kind", "_key", "_label", "_place")
    )
