"""How long things may take, and how often something is tried. Pure."""

from datetime import timedelta

SIGN_DAYS = 3
LEAST_SIGNING_TIME = timedelta(hours=24)
MOST_SIGNING_DAYS = 30
MOST_CODES_A_DAY = 20
"""So many codes for signing one agreement go to one person in 24 hours."""
REOPENED_DAYS = 2
TRIES_NEEDED = 2
BETWEEN_TRIES = timedelta(hours=2)
QUIET_BEFORE_CLOSING = timedelta(hours=24)
REVIEW_DAYS = 15
LOW_RATING = 2
SURVEY_OPEN = timedelta(days=14)
SURVEY_REMINDER = timedelta(days=3)
LATE_CHARGE_DAYS = 3
"""Working days from a late payment to the day on which what it cost is due."""
MOST_REMEDY_DAYS = 30
"""A breach is mended within so many days: more is not ours alone to decide."""
CONSUMERS_GRACE_DAYS = 7
"""Working days that a consumer has after the reminder, before a person decides."""
MENDED_RETURN_DAYS = 7
"""Working days for what was missing when goods came back."""
ARRANGE_BEFORE_DAYS = 2
"""Days before the agreed one at which a pick-up that nobody arranged is asked for."""
CARE_TRIES = 3
"""Caring calls in vain after which nobody calls again."""
CARE_AHEAD = timedelta(days=7)
"""How long before its day a caring call stands in the list."""
CARE_LOOKS_BACK = timedelta(days=30)
"""How long after the end of a case a caring call is still planned, where a rule comes later."""
