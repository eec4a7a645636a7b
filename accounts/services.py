"""Changes that people make to their own account."""

from __future__ import annotations

from accounts.models import User


def set_shortcuts(user: User, *, enabled: bool) -> None:
    """Turn single-key shortcuts on or off for a person, on every device from the next log-in."""
    user.single_key_shortcuts = enabled
    user.save(update_fields=["single_key_shortcuts"])
