"""Fields that these forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ASK = _("请填写这一项")
CHOOSE = _("请选一项")
PROOF_TYPES = "image/*,application/pdf"


def line(label: Any, *, most: int = 120, hint: Any = "", required: bool = False) -> forms.CharField:
    """Return a field for one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        error_messages={"required": ASK},
    )


def text(
    label: Any, *, rows: int = 3, hint: Any = "", required: bool = False, most: int = 2000
) -> forms.CharField:
    """Return a field for some sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": ASK},
    )


def day(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请选一个日期"), "invalid": _("日期写成 2026-11-22 这样")},
    )


def moment(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateTimeField:
    """Return a field for a moment, local time."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"required": ASK, "invalid": _("时间写成 2026-11-22 14:08 这样")},
    )


def proof(label: Any, *, hint: Any = "", required: bool = True) -> forms.FileField:
    """Return a field for a picture or a PDF."""
    return forms.FileField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.FileInput(attrs={"accept": PROOF_TYPES}),
        error_messages={"required": _("请选择照片或 PDF"), "empty": _("文件是空的，请换一个")},
    )


def yes_or_no(label: Any, *, yes: Any, no: Any) -> forms.TypedChoiceField:
    """Return a question with two answers, none chosen beforehand; gives a bool."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )


RATINGS = [
    ("5", _("5 分，很满意")),
    ("4", _("4 分，满意")),
    ("3", _("3 分，一般")),
    ("2", _("2 分，不满意")),
    ("1", _("1 分，很不满意")),
]


def rating() -> forms.TypedChoiceField:
    """Return a rating of one to five, or none."""
    return forms.TypedChoiceField(
        label=_("这次处理，你打几分"),
        choices=RATINGS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOOSE},
    )


def resolved() -> forms.TypedChoiceField:
    """Return the question whether the matter is settled for the consumer; None is an answer too."""
    return forms.TypedChoiceField(
        label=_("你的问题解决了吗"),
        choices=[("yes", _("解决了")), ("no", _("没有解决"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOOSE},
    )
