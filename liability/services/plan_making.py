"""Making the plan of a round from the template of its case's category and severity."""

from __future__ import annotations

from complaints.moments import now
from complaints.selectors.policies import working_calendar
from liability.models import Investigation, PlanItem
from liability.selectors.planning import template_for, working_days_later


def make_plan(investigation: Investigation) -> list[PlanItem]:
    """Copy the lines of the fitting template into a new round; nothing goes out by itself.

    A second round begins with an empty plan: what is new, its lead knows.
    """
    if investigation.round > 1:
        return []
    template = template_for(investigation.case)
    if template is None:
        return []
    calendar = working_calendar()
    today = calendar.local_date(now())
    return PlanItem.objects.bulk_create(
        PlanItem(
            investigation=investigation,
            position=position,
            kind=line["kind"],
            text=line["text"],
            text_en=line.get("text_en", ""),
            addressee=line["to"],
            due_on=working_days_later(today, line["days"], calendar) if line["days"] else None,
        )
        for position, line in enumerate(template.lines, start=1)
    )
