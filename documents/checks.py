"""System checks: a face with Chinese characters to print with, a seal that lasts to seal with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning

from documents.fonts import cjk_font_available
from documents.signing.keys import SealSource, seal_facts

SEAL_NOTICE = timedelta(days=30)


def check_cjk_font(**_kwargs: Any) -> list[CheckMessage]:
    """Warn in development, and refuse elsewhere, when no Chinese face can be found."""
    if cjk_font_available():
        return []
    kind = CheckWarning if settings.DEBUG else Error
    return [
        kind(
            "No font with Chinese characters was found, so documents would print empty boxes.",
            hint="Install one: apt-get install fonts-noto-cjk fontconfig",
            id="documents.E001",
        )
    ]


def check_seal_lasts(**_kwargs: Any) -> list[CheckMessage]:
    """Warn a month before the certificate of the company's seal ends."""
    source: SealSource | None = settings.SEAL_SOURCE
    if source is None:
        return []
    until = seal_facts(source).valid_until
    if until - datetime.now(tz=UTC) > SEAL_NOTICE:
        return []
    return [
        CheckWarning(
            f"The company's seal ends on {until:%Y-%m-%d}; nothing is sealed after that.",
            hint="Set a new one: REDRESS_SEAL_CERTIFICATE and its key.",
            id="documents.W002",
        )
    ]
