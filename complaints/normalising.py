"""Phone numbers and e-mail addresses in one form, so that the same person is found again."""

from __future__ import annotations

import phonenumbers

DEFAULT_REGION = "CN"


def normalised_phone(text: str) -> str:
    """Return a phone number as E.164, or "" when it can't be one."""
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalised_email(text: str) -> str:
    """Return an e-mail address in lower case without surrounding space."""
    return text.strip().lower()
