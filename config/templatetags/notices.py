"""Words for the codes that notices carry."""

from django import template

from complaints.states import ClockKind

register = template.Library()


@register.filter
def clock_label(kind: str) -> str:
    """Name a promise of time: 受理答复."""
    return str(ClockKind(kind).label) if kind in ClockKind.values else str(kind)
