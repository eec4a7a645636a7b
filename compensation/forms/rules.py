"""The editor of a rule's next version: a day, figures, the article, the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.models import LegalRuleVersion
from compensation.rules.figures import LIMITS
from compensation.services.rules import NewVersion
from compensation.states import RuleSource

FIGURE = "figure_"
FIGURE_WORDS: dict[str, Any] = {
    "multiple": _("价款的几倍"),
    "price_multiple": _("价款的几倍"),
    "loss_multiple": _("损失的几倍"),
    "floor": _("最低金额（元）"),
    "most": _("最高"),
    "least": _("最低"),
    "days": _("天数"),
    "refund_days": _("退款天数"),
    "months": _("月数"),
    "year_days": _("一年按几天"),
    "return_days": _("退货天数"),
    "exchange_days": _("换货天数"),
    "repairs": _("修理次数"),
    "parts_days": _("等配件天数"),
    "delay_days": _("延误天数"),
    "period_months": _("三包月数"),
    "repair_days": _("累计修理天数"),
    "loan_days": _("几天后给备用机"),
    "excessive": _("过高的界线（损失的倍数）"),
    "deposit_share": _("定金占合同的上限"),
    "years": _("年数"),
    "second": _("复核的分数"),
    "legal": _("转法务的分数"),
    "new_car_days": _("几天内换车、退车"),
    "early_days": _("早期故障的天数"),
    "early_km": _("早期故障的公里数"),
    "farthest": _("三包公里数"),
    "same_fault": _("同一故障的修理次数"),
    "safety_repairs": _("严重安全故障的修理次数"),
    "replacements": _("总成、主要零件的更换次数"),
    "single_days": _("一次修理几天后给备用车"),
    "answer_days": _("答复的工作日数"),
    "done_days": _("办完的工作日数"),
    "from_age": _("从几岁起逐年减"),
    "late_age": _("几岁以上按固定年数"),
    "late_years": _("高龄的年数"),
    "adult_age": _("成年年龄"),
    "funeral_months": _("丧葬费的月数"),
    "nursing_years": _("护理最多年数"),
}


def _figure(name: str, value: Decimal) -> forms.DecimalField:
    """Ask for a figure within what its formula can reckon with."""
    limits = LIMITS[name]
    whole = {"max_decimal_places": _("这一项要写成整数。")} if limits.whole else {}
    return forms.DecimalField(
        label=FIGURE_WORDS[name],
        initial=value,
        min_value=limits.least,
        max_value=limits.most,
        max_digits=16,
        decimal_places=0 if limits.whole else 6,
        widget=forms.NumberInput(attrs={"step": "1" if limits.whole else "any"}),
        error_messages={"required": _("请填写数值"), "invalid": _("请填写数值"), **whole},
    )


class RuleForm(forms.Form):
    """A version in the making; the formula is the rule's own and can't be edited."""

    effective_from = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请填写日期"),
            "invalid": _("日期写成 2026-11-02 这样"),
        },
    )
    article = forms.CharField(
        label=_("条文"), max_length=200, error_messages={"required": _("请写明条文")}
    )
    gist = forms.CharField(
        label=_("要点"),
        max_length=200,
        required=False,
        help_text=_("消费者会读到这一句，请和数值一致"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.ChoiceField(label=_("来源核对"), choices=RuleSource.choices)
    active = forms.BooleanField(
        label=_("启用"), required=False, help_text=_("不勾选，从这一天起不再适用这条规则")
    )
    reason = forms.CharField(
        label=_("修改的理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明修改的理由")},
    )

    def __init__(self, data: Any = None, *, base: LegalRuleVersion, draft: Any = None) -> None:
        shown = draft or base
        begun = {name: getattr(shown, name) for name in ("article", "gist", "source", "active")}
        if draft is not None:
            begun |= {"effective_from": draft.effective_from, "reason": draft.reason}
        super().__init__(data, initial=begun, use_required_attribute=False)
        self.names = sorted(base.parameters)
        for name in self.names:
            value = Decimal(shown.parameters.get(name, base.parameters[name]))
            self.fields[FIGURE + name] = _figure(name, value)

    @property
    def figures(self) -> list[forms.BoundField]:
        """The fields of the figures."""
        return [self[FIGURE + name] for name in self.names]

    def version(self) -> NewVersion:
        """Return what was entered as the service takes it."""
        data = self.cleaned_data
        return NewVersion(
            effective_from=data["effective_from"],
            parameters={name: data[FIGURE + name].normalize() for name in self.names},
            article=data["article"],
            source=data["source"],
            active=data["active"],
            reason=data["reason"],
            gist=data["gist"],
        )
