"""What is filled in about funds: a new one, an allotment, a recovery, the close of a month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.models import Fund, FundHold
from complaints.selectors.taxonomy import category_choices

_AMOUNT = {"required": _("请填写金额"), "invalid": _("金额写成 1437.00 这样")}


def _amount(label: Any, *, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=hint, max_digits=14, decimal_places=2, error_messages=_AMOUNT
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("说明"), max_length=200, error_messages={"required": _("请写明说明。")}
    )


def _key() -> forms.CharField:
    return forms.CharField(max_length=64, widget=forms.HiddenInput)


class FundForm(forms.Form):
    """A new fund."""

    name = forms.CharField(
        label=_("名称"), max_length=60, error_messages={"required": _("请填写名称。")}
    )
    currency = forms.RegexField(
        label=_("币种"),
        regex=r"^[A-Z]{3}$",
        initial="CNY",
        error_messages={"required": _("请填写币种"), "invalid": _("币种写成 CNY 这样")},
    )
    category = forms.ChoiceField(label=_("投诉类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("所有类别")), *category_choices()]


class AllotForm(forms.Form):
    """Money put into a fund, or taken out of what is free."""

    amount = _amount(_("金额"), hint=_("减少预算写负数，最多减到可用的金额"))
    note = _note()
    key = _key()


class RecoverForm(forms.Form):
    """Money that came back for a case."""

    hold = forms.ModelChoiceField(
        label=_("案件"),
        queryset=FundHold.objects.none(),
        to_field_name="case__reference",
        widget=forms.TextInput,
        help_text=_("案件编号，比如 RD-2026-000012"),
        error_messages={
            "required": _("请填写案件编号"),
            "invalid_choice": _("这笔资金没有为这个案件付过款"),
        },
    )
    amount = _amount(_("收回金额"))
    note = _note()
    key = _key()

    def __init__(self, *args: Any, fund: Fund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hold"].queryset = FundHold.objects.filter(fund=fund, paid__gt=0)


class CloseForm(forms.Form):
    """Which month is closed."""

    month = forms.DateField(
        label=_("月份"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
        error_messages={"required": _("请选择月份"), "invalid": _("月份写成 2026-10 这样")},
    )
