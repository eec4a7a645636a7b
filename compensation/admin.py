"""Reference data of the compensation app; everything else is changed through its services."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ForAdministrators
from compensation.models import AuthorityLimit


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(ForAdministrators):
    """Up to which amount a role may decide alone."""

    list_display = ("role", "currency", "severity", "alone", "amount", "deviation")
