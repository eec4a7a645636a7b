"""Approving a finding or giving it back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.states import Severity
from liability.forms.investigation import text_field
from liability.services.limits import LimitData
from liability.states import Outcome


class LimitForm(forms.Form):
    """Which findings another person has to approve, and why it is changed."""

    severity = forms.ChoiceField(
        label=_("严重程度"), required=False, choices=[("", _("不限")), *Severity.choices]
    )
    outcome = forms.ChoiceField(
        label=_("结论"), required=False, choices=[("", _("不限")), *Outcome.choices]
    )
    amount_over = forms.DecimalField(
        label=_("预计金额超过"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text=_("留空表示不论金额"),
        error_messages={
            "invalid": _("金额写成 1280.00 这样"),
            "min_value": _("金额不能小于 0"),
            "max_decimal_places": _("金额最多两位小数"),
        },
    )
    is_active = forms.BooleanField(
        label=_("启用"),
        required=False,
        initial=True,
        help_text=_("停用的限额留着记录，不再起作用"),
    )
    reason = forms.CharField(
        label=_("修改理由"),
        max_length=300,
        error_messages={"required": _("请写明修改的理由")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def limit_data(self) -> LimitData:
        """Return what was entered as the service takes it."""
        names = ("severity", "outcome", "amount_over", "is_active")
        data: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        return LimitData(**data)


class ApprovalForm(forms.Form):
    """A note; the button pressed says what it is for."""

    reason = text_field(_("批语"), rows=3, required=False, hint=_("退回时写明要改什么"))
