"""The editor of a rule's next version: a day, figures, the article, the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.models import LegalRuleVersion
from compensation.services.rules import LARGEST, NewVersion
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
}


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
            self.fields[FIGURE + name] = forms.DecimalField(
                label=FIGURE_WORDS.get(name, name),
                initial=Decimal(shown.parameters.get(name, base.parameters[name])),
                min_value=0,
                max_value=LARGEST,
                max_digits=16,
                decimal_places=6,
                widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
                error_messages={"required": _("请填写数值"), "invalid": _("请填写数值")},
            )

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
