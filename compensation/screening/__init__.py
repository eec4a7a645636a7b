"""Which claims a second person should look at, and why. Pure: no database, no web.

`score` adds up the points of signs and names the band; `signs_of` finds the signs of many claims
and the groups that they form. Nothing here refuses anything: the hardest result is that a person
looks. Who somebody is (sex, age, marriage, family) is no input of either.
"""

from compensation.screening.claims import Claim, FoundSigns, Link
from compensation.screening.finding import signs_of
from compensation.screening.scoring import (
    Band,
    Reason,
    Screening,
    Signal,
    UnknownSignal,
    score,
)

__all__ = [
    "Band",
    "Claim",
    "FoundSigns",
    "Link",
    "Reason",
    "Screening",
    "Signal",
    "UnknownSignal",
    "score",
    "signs_of",
]
