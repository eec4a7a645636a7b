"""Reference data of the liability app; everything else is changed through its services."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ForAdministrators
from liability.models import BatchSupply, InsurancePolicy, RecourseTerm, Supplier


@admin.register(Supplier)
class SupplierAdmin(ForAdministrators):
    """Companies that supply parts or services."""

    list_display = ("name", "contact")
    search_fields = ("name",)


@admin.register(BatchSupply)
class BatchSupplyAdmin(ForAdministrators):
    """Which part of which batch came from whom."""

    list_display = ("batch", "part", "supplier")
    list_select_related = ("batch", "supplier")
    autocomplete_fields = ("batch", "supplier")


@admin.register(InsurancePolicy)
class InsurancePolicyAdmin(ForAdministrators):
    """Product-liability policies."""

    list_display = ("insurer", "number", "coverage", "deductible", "starts_on", "ends_on")
    search_fields = ("insurer", "number")
    filter_horizontal = ("products",)


@admin.register(RecourseTerm)
class RecourseTermAdmin(ForAdministrators):
    """Within how many days debtors must be told."""

    list_display = ("party", "supplier", "days", "source")
    list_select_related = ("supplier",)
