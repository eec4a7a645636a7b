"""Reference data for administrators: products and batches.

Cases and their events are not here: they change through steps only. Time limits and calendars are
not here either: they change by publishing a version, on pages of the desk.
"""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ForAdministrators
from complaints.models import Batch, Product


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
