"""The form of a figure by region."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.models import StatisticKind
from compensation.regions import Region
from compensation.services.statistics import StatisticData

_ASK = _("请填写这一项")


class StatisticForm(forms.Form):
    """A figure with its source; without a source there is none."""

    region = forms.ChoiceField(label=_("地区"), choices=Region.choices)
    kind = forms.ChoiceField(label=_("数据"), choices=StatisticKind.choices)
    detail = forms.CharField(
        label=_("行业或伤残等级"),
        max_length=40,
        required=False,
        help_text=_("只有行业工资和伤残系数要填，例如：制造业；10"),
    )
    year = forms.IntegerField(
        label=_("年度"),
        min_value=1,
        max_value=9999,
        help_text=_("统计数据写统计的那一年，标准写从哪一年起"),
        error_messages={"required": _ASK, "invalid": _("请填写数值")},
    )
    value = forms.DecimalField(
        label=_("数值"),
        min_value=0,
        max_digits=14,
        decimal_places=4,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"}),
        error_messages={"required": _ASK, "invalid": _("请填写数值")},
    )
    source = forms.CharField(
        label=_("来源"),
        max_length=120,
        help_text=_("哪个机关、哪份文件"),
        error_messages={"required": _("请写明来源：哪个机关、哪份文件。")},
    )
    link = forms.URLField(
        label=_("来源网址"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("网址写成 https://… 这样")},
    )
    seen_on = forms.DateField(
        label=_("查看日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写日期"), "invalid": _("日期写成 2026-11-02 这样")},
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)

    def figure(self) -> StatisticData:
        """Return what was entered as the service takes it."""
        return StatisticData(**self.cleaned_data)
