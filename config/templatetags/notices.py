"""Words for the codes that notices carry."""

from datetime import datetime

from django import template

from complaints.models import AccountabilityItem
from complaints.states import ClockKind
from config.templatetags.present import date_time

register = template.Library()


@register.filter
def clock_label(kind: str) -> str:
    """Name a promise of time: 受理答复."""
    return str(ClockKind(kind).label) if kind in ClockKind.values else str(kind)


@register.filter
def outcome_label(outcome: str) -> str:
    """Name the outcome of an accountability item: 责任成立."""
    outcomes = AccountabilityItem.Outcome
    return str(outcomes(outcome).label) if outcome in outcomes.values else str(outcome)


@register.filter
def moment_of_text(text: str) -> str:
    """Write a moment that a notice carries as text: 2026-11-22 14:08."""
    return date_time(datetime.fromisoformat(text))
