"""Whether a page asks the consumer if they want an offer at once."""

from __future__ import annotations

from django import template

from compensation.selectors.instant import may_ask
from complaints.models import Case

register = template.Library()


@register.simple_tag
def may_ask_instantly(case: Case) -> bool:
    """Say whether instant offers are on for such a case."""
    return may_ask(case)
