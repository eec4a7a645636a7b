"""Finding cases by what people have at hand: reference, phone, e-mail, order number, words."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from complaints import sealing
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.selectors.matching import matching

_PHONE = re.compile(r"^\+?[\d\s().-]{7,20}$")
_NUMBER = re.compile(r"^\d{1,9}$")
_YEARS = 10


def case_called(actor: Actor, text: str) -> Case | None:
    """Return the case whose reference is exactly `text`, if the person may see it."""
    wanted = text.strip().upper()
    return visible_cases(actor).filter(reference=wanted).first() if wanted else None


def found_cases(actor: Actor, text: str) -> QuerySet[Case]:
    """Return the cases that answer `text`; phone and e-mail go through the blind index."""
    cases, text = visible_cases(actor), text.strip()
    if "@" in text:
        index = sealing.blind_index("email", normalised_email(text))
        return cases.filter(consumer__email_index=index)
    found = Q(pk__in=matching(cases, text).values("pk"))
    if _PHONE.match(text):
        phone = sealing.blind_index("phone", normalised_phone(text))
        found |= Q(consumer__phone_index=phone)
    if _NUMBER.match(text):
        found |= Q(reference__in=_references(text))
    return cases.filter(found)


def _references(number: str) -> list[str]:
    this_year = now().year
    years = range(this_year, this_year - _YEARS, -1)
    return [f"RD-{year}-{number.zfill(6)}" for year in years]
