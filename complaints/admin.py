"""Reference data for administrators: products, batches, time limits, calendar.

Cases and their events are not here: they change through steps only.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ForAdministrators
from complaints.models import Batch, CalendarDay, ClockPolicy, Product


@admin.register(Product)
class ProductAdmin(ForAdministrators):
    """What we sell."""

    list_display = ("name", "model", "category", "list_price", "warranty_months")
    list_filter = ("category",)
    search_fields = ("name", "model")


@admin.register(Batch)
class BatchAdmin(ForAdministrators):
    """Production runs."""

    list_display = ("code", "product", "produced_on", "units_sold")
    list_select_related = ("product",)
    autocomplete_fields = ("product",)
    search_fields = ("code", "product__name")


@admin.register(ClockPolicy)
class ClockPolicyAdmin(ForAdministrators):
    """Time limits: a new version is added, an old one is never changed."""

    list_display = ("kind", "version", "amount", "unit", "source", "effective_from", "effective_to")
    list_filter = ("kind",)
    ordering = ("kind", "-version")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalendarDay)
class CalendarDayAdmin(ForAdministrators):
    """Holidays and make-up working days."""

    list_display = ("day", "name", "is_working", "is_provisional")
    list_filter = ("is_working", "is_provisional")
    date_hierarchy = "day"
    ordering = ("-day",)
