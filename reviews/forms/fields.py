"""Fields that the forms of this app share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ASK = _("请填写这一项")
CHOOSE = _("请选一项")
LONGEST = 4000


def text_field(label: Any, *, rows: int = 4, hint: Any = "", required: bool = True) -> Any:
    """Return a field for some sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": ASK},
    )


def line_field(label: Any, *, most: int = 160, hint: Any = "", required: bool = True) -> Any:
    """Return a field for one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        error_messages={"required": ASK},
    )


def choice_field(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """Return a field in which one of a few is chosen, none beforehand."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )


def day_field(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请选一个日期"), "invalid": _("日期写成 2026-11-22 这样")},
    )


def money_field(label: Any, *, hint: Any = "", required: bool = True) -> forms.DecimalField:
    """Return a field for an amount."""
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=required,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "inputmode": "decimal"}),
        error_messages={
            "required": _("请填写金额"),
            "invalid": _("金额写成 299 或 299.50 这样"),
            "max_decimal_places": _("金额最多两位小数"),
            "min_value": _("金额不能小于 0"),
        },
    )
