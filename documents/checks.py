"""System checks: a machine that prints documents needs a face with Chinese characters."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning

from documents.fonts import cjk_font_available


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
