"""The form of a row of the company's table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.forms.plan import money_field
from compensation.models import StandardItem
from compensation.services.standards import NOT_A_STANDARD, StandardData
from compensation.states import Layer, LineKind, OptionKind
from complaints.states import Category, CustomerTier, Severity

ANY = ("", _("不限"))
_ASK = _("请填写这一项")
_DAY_ERRORS = {"required": _("请填写日期"), "invalid": _("日期写成 2026-11-02 这样")}


def _day(label: Any, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY_ERRORS,
    )


def _choice(label: Any, choices: Any, *, any_: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[ANY, *choices] if any_ else choices, required=not any_
    )


class StandardForm(forms.Form):
    """A row's next version. `percent` is the share that the row keeps."""

    code = forms.SlugField(
        label=_("代码"),
        max_length=40,
        help_text=_("小写字母、数字和短横线，例如 inconvenience"),
        error_messages={"required": _ASK, "invalid": _("代码用小写字母、数字和短横线。")},
    )
    title = forms.CharField(label=_("名称"), max_length=60, error_messages={"required": _ASK})
    title_en = forms.CharField(
        label=_("英文名称"), max_length=80, error_messages={"required": _ASK}
    )
    layer = _choice(
        _("层级"),
        [(x, x.label) for x in (Layer.STANDARD, Layer.TIER_EXTRA)],
        any_=False,
    )
    tier = _choice(_("客户类型"), CustomerTier.choices)
    line_kind = _choice(
        _("项目"), [x for x in LineKind.choices if x[0] not in NOT_A_STANDARD], any_=False
    )
    option_kind = _choice(_("用在哪种方式里"), OptionKind.choices)
    severity = _choice(_("严重程度"), Severity.choices)
    category = _choice(_("类别"), Category.choices)
    amount = money_field(_("固定金额"), required=False)
    percent = forms.DecimalField(
        label=_("实付价款的百分之几"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0"}),
        error_messages={"invalid": _("请填写数值")},
    )
    most = money_field(_("最高金额"), required=False, hint=_("按比例算的才填"))
    quantity = forms.IntegerField(label=_("数量"), min_value=1, initial=1)
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    market_low = money_field(_("市场参考（低）"), required=False)
    market_high = money_field(_("市场参考（高）"), required=False)
    market_source = forms.CharField(
        label=_("参考来源"),
        max_length=200,
        required=False,
        help_text=_("哪家、哪份公开的标准或报价"),
    )
    market_link = forms.URLField(
        label=_("参考网址"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("网址写成 https://… 这样")},
    )
    market_document = forms.CharField(
        label=_("参考文件"),
        max_length=120,
        required=False,
        help_text=_("没有网址时写文件的名称和编号"),
    )
    market_on = _day(_("查看日期"), required=False)
    effective_from = _day(_("从哪天起"), required=True)
    active = forms.BooleanField(
        label=_("启用"), required=False, initial=True, help_text=_("不勾选，从这一天起不再使用")
    )
    reason = forms.CharField(
        label=_("修改的理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明修改的理由")},
    )

    def __init__(self, data: Any = None, *, row: StandardItem | None = None) -> None:
        begun = {} if row is None else {name: getattr(row, name) for name in _KEPT}
        if row is not None and row.share is not None:
            begun["percent"] = (row.share * 100).normalize()
        super().__init__(data, initial=begun, use_required_attribute=False)
        if row is not None:
            del self.fields["code"]

    def standard(self) -> StandardData:
        """Return what was entered as the service takes it."""
        data = {name: self.cleaned_data[name] for name in _KEPT}
        percent = self.cleaned_data.get("percent")
        return StandardData(**data, share=None if percent is None else percent / 100)


_KEPT = [name for name in StandardForm.base_fields if name not in ("code", "percent")]
