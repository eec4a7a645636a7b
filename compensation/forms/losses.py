"""The forms of the loss sheet: a loss as it is claimed, and what a person found of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.forms.plan import money_field
from compensation.models import LossItem
from compensation.services.losses import LossData
from compensation.states import Incoterm, Leg, LossKind
from complaints.models import Case, Evidence

_DAY = {"required": _("请填写日期"), "invalid": _("日期写成 2026-11-02 这样")}


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY,
    )


def _number(label: Any, *, places: int, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=places,
        help_text=hint,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
        error_messages={"invalid": _("请填写数值")},
    )


def evidence_words(found: Evidence) -> str:
    """Return how a piece of evidence is called: by its caption, else its file's name."""
    return found.caption or found.file.original_name


class LossForm(forms.Form):
    """A loss; what does not concern its kind stays empty."""

    kind = forms.ChoiceField(label=_("项目"), choices=LossKind.choices)
    description = forms.CharField(
        label=_("说明"),
        max_length=120,
        help_text=_("消费者会在方案里读到，例如：寄回运费"),
        error_messages={"required": _("请填写这一项")},
    )
    incurred_on = _day(_("发生日期"), required=True)
    claimed = money_field(_("主张金额"), required=False, hint=_("利息不填，由本金算出"))
    currency = forms.CharField(label=_("币种"), max_length=3, min_length=3)
    evidence = forms.ModelChoiceField(
        label=_("证据"), queryset=Evidence.objects.none(), required=False, empty_label=_("还没有")
    )
    rate = _number(_("汇率"), places=8, hint=_("一个外币单位合多少本案币种"))
    rate_source = forms.CharField(
        label=_("汇率来源"), max_length=120, required=False, help_text=_("例如：中国银行折算价")
    )
    rate_on = _day(_("汇率日期"))
    incoterm = forms.ChoiceField(
        label=_("贸易术语"), choices=[("", _("不是跨境")), *Incoterm.choices], required=False
    )
    leg = forms.ChoiceField(
        label=_("哪一段"), choices=[("", _("不是跨境")), *Leg.choices], required=False
    )
    principal = money_field(_("本金"), required=False)
    percent = _number(_("年利率（%）"), places=4)
    until = _day(_("计息至"))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, **kwargs: Any) -> None:
        begun = {"currency": case.currency, **(kwargs.pop("initial", None) or {})}
        super().__init__(data, initial=begun, use_required_attribute=False)
        proofs = Evidence.objects.filter(case=case).select_related("file").order_by("pk")
        self.fields["evidence"].queryset = proofs
        self.fields["evidence"].label_from_instance = evidence_words

    def loss(self) -> LossData:
        """Return what was entered as the service takes it."""
        data = dict(self.cleaned_data)
        percent = data.pop("percent")
        data["currency"] = data["currency"].upper()
        return LossData(**data, yearly_rate=None if percent is None else percent / 100)


class VerifyForm(forms.Form):
    """What a person found of a loss."""

    loss = forms.ModelChoiceField(
        label=_("损失"),
        queryset=LossItem.objects.none(),
        error_messages={"required": _("请选一项"), "invalid_choice": _("请选一项")},
    )
    amount = money_field(_("核定金额"))
    reason = forms.CharField(
        label=_("核定的理由"),
        max_length=300,
        required=False,
        help_text=_("比主张的少要写；例如：票据只到 80 元"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, **kwargs: Any) -> None:
        kwargs.pop("initial", None)
        super().__init__(data, use_required_attribute=False)
        self.fields["loss"].queryset = LossItem.objects.filter(case=case).order_by("number")
