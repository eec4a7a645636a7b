"""When is a promise due? Pure functions over a clock's ledger; no database, no wall clock.

The due moment follows from the budget, the ledger of starts, pauses and resumes, and the calendar,
and from nothing else: `calendars` says which time is worked, `ledgers` when a clock ran,
`deadlines` when its budget is used up, `rungs` what happens on the way.
"""

from complaints.clock_arithmetic.calendars import (
    OFFICE_HOURS,
    ROUND_THE_CLOCK,
    CalendarError,
    WorkingCalendar,
)
from complaints.clock_arithmetic.deadlines import (
    Budget,
    due_moment,
    is_estimate,
    used,
    working_time,
)
from complaints.clock_arithmetic.ledgers import LedgerEntry, Rests, running_time
from complaints.clock_arithmetic.rungs import (
    RungRule,
    is_escalation,
    is_warning,
    known_rung,
    rung_moments,
    rung_order,
)

__all__ = [
    "OFFICE_HOURS",
    "ROUND_THE_CLOCK",
    "Budget",
    "CalendarError",
    "LedgerEntry",
    "Rests",
    "RungRule",
    "WorkingCalendar",
    "due_moment",
    "is_escalation",
    "is_estimate",
    "is_warning",
    "known_rung",
    "rung_moments",
    "rung_order",
    "running_time",
    "used",
    "working_time",
]
