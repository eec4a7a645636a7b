"""Complaints about vehicles of the US National Highway Traffic Safety Administration."""

from __future__ import annotations

from complaints.importing.meanings import Row, Source, SourceComplaint, odd_dates
from complaints.states import Category, Issue

_HARM = ("CRASH", "FIRE", "INJURED", "DEATHS")
_NO_HARM = frozenset({"", "N", "0", "0.0"})


def read_row(row: Row) -> SourceComplaint:
    """Return what a row says. Raises BadRecord for a row without usable number or date."""
    received, occurred = row.required_moment("DATEA"), row.moment("FAILDATE")
    occurred_on = occurred.date() if occurred else None
    vehicle = " ".join(part for part in map(row.text, ("MAKE", "MODEL", "YEAR")) if part)
    danger = any(row.text(column).upper() not in _NO_HARM for column in _HARM)
    flags = odd_dates(row.now, received=received, occurred=occurred_on)
    return SourceComplaint(
        external_ref=row.number("ODINO"),
        title=vehicle[:120],
        description=row.required("CDESCR"),
        received_at=received,
        digest=row.digest(),
        occurred_on=occurred_on,
        category=Category.QUALITY,
        issue=Issue.SAFETY if danger else Issue.DEFECT,
        danger=danger,
        product_text=vehicle[:120],
        serial_number=row.text("VIN", limit=60),
        respondent=row.text("MAKE", limit=160),
        region=row.text("STATE", limit=60),
        facts=row.facts(
            label="BINNING",
            crash="CRASH",
            fire="FIRE",
            injured="INJURED",
            deaths="DEATHS",
            miles="MILES",
        ),
        flags=tuple(flags),
    )


NHTSA = Source(
    name="nhtsa",
    layouts=(("ODINO", "MAKE", "MODEL", "YEAR", "DATEA", "CDESCR"),),
    date_columns=("FAILDATE", "DATEA"),
    read=read_row,
)
