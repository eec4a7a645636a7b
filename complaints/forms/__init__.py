"""Forms of the complaints app, and how a refusal of a service comes back to its form."""

from __future__ import annotations

from django import forms

from complaints.errors import CaseError


def add_case_error(form: forms.BaseForm, error: CaseError) -> None:
    """Show a service's refusal at the field that it names, or above the form if it names none."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, str(error))
