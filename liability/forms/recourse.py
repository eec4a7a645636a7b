"""Forms of recourse: what was said, what came back, the end, and insurance policies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from liability.forms.investigation import text_field
from liability.models import InsurancePolicy
from liability.states import EntryKind

_ASK = _("请填写这一项")
_DATE = {"required": _ASK, "invalid": _("日期写成 2026-11-22 这样")}


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class EntryForm(forms.Form):
    """What was said to or by the debtor."""

    kind = forms.ChoiceField(label=_("种类"), choices=EntryKind.choices)
    text = text_field(_("内容"), rows=5)
    address = forms.EmailField(
        label=_("寄到邮箱"),
        required=False,
        help_text=_("发出的通知和信件可以直接寄出"),
        error_messages={"invalid": _("邮箱写成 name@example.com 这样")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class RecoveryForm(forms.Form):
    """Money that came back."""

    amount = forms.DecimalField(
        label=_("金额"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        error_messages={
            "required": _ASK,
            "invalid": _("金额写成 1280.00 这样"),
            "min_value": _("金额要大于 0"),
            "max_decimal_places": _("金额最多两位小数"),
        },
    )
    received_on = forms.DateField(label=_("到账日期"), widget=_day(), error_messages=_DATE)
    reference = forms.CharField(label=_("流水号"), max_length=80, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CloseForm(forms.Form):
    """Why a claim ends."""

    reason = forms.CharField(
        label=_("结束的原因"),
        max_length=300,
        help_text=_("例如：已全部追回；协商减免；放弃，写明理由"),
        error_messages={"required": _ASK},
    )


class ReopenForm(forms.Form):
    """Why a claim that was ended is taken up again."""

    reason = forms.CharField(
        label=_("为什么重新追偿"),
        max_length=300,
        help_text=_("例如：又付了一期款；对方的情况有变化"),
        error_messages={"required": _ASK},
    )


class PolicyForm(forms.ModelForm):
    """A product-liability policy."""

    class Meta:
        model = InsurancePolicy
        fields: ClassVar[list[str]] = [
            "insurer",
            "number",
            "coverage",
            "deductible",
            "currency",
            "starts_on",
            "ends_on",
            "notice_days",
            "contact",
            "products",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "starts_on": _day(),
            "ends_on": _day(),
            "products": forms.CheckboxSelectMultiple,
        }

    def clean(self) -> dict[str, Any]:
        """Check what the database would refuse, and say so at the field."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("到期日期不能早于起保日期"))
        coverage, deductible = data.get("coverage"), data.get("deductible")
        if coverage is not None and coverage <= 0:
            self.add_error("coverage", _("保额要大于 0"))
        if deductible is not None and deductible < 0:
            self.add_error("deductible", _("免赔额不能小于 0"))
        return data
