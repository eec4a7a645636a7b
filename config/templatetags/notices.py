"""Words for the codes that notices carry."""

from datetime import datetime

from django import template

from complaints.models import AccountabilityItem, ClockIncident
from complaints.presenters import pause_words
from complaints.states import ClockKind, DataRequestKind, DataRequestOutcome
from config.templatetags.present import due_time

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
    """Write a deadline that a notice carries as text: 2026-11-22 14:08."""
    return due_time(datetime.fromisoformat(text))


@register.filter
def pause_label(cause: str) -> str:
    """Say to the consumer why a clock rests: 等你补充材料."""
    return pause_words(str(cause))


@register.filter
def data_request_label(kind: str) -> str:
    """Name what is asked about personal data: 查阅、复制."""
    return str(DataRequestKind(kind).label) if kind in DataRequestKind.values else str(kind)


@register.filter
def data_outcome_label(outcome: str) -> str:
    """Name the answer to such a request: 同意."""
    known = outcome in DataRequestOutcome.values
    return str(DataRequestOutcome(outcome).label) if known else str(outcome)


@register.filter
def incident_label(kind: str) -> str:
    """Name what is wrong with the clocks: 没有进程在巡检时限."""
    kinds = ClockIncident.Kind
    return str(kinds(kind).label) if kind in kinds.values else str(kind)
