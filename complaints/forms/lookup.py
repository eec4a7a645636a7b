"""Finding a case again: reference and contact, then the code that was sent there."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.intake import CleanText


class LookupForm(forms.Form):
    """What a consumer knows of a case."""

    reference = CleanText(
        label=_("投诉编号"),
        max_length=20,
        help_text=_("如 RD-2026-000123，在确认页、邮件或短信里"),
        error_messages={"required": _("请填写投诉编号")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact = CleanText(
        label=_("投诉时留的手机号或邮箱"),
        max_length=200,
        error_messages={"required": _("请填写手机号或邮箱")},
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()


class CodeForm(forms.Form):
    """The six digits."""

    code = CleanText(
        label=_("校验码"),
        max_length=12,
        help_text=_("6 位数字，10 分钟内有效"),
        error_messages={"required": _("请填写校验码")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9 ]*"}
        ),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "")
