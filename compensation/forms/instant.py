"""What is filled in about instant offers: limits, why they end, what a person thinks of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Role
from compensation.models import Fund, InstantOffer, ScreeningBand
from complaints.selectors.taxonomy import category_choices

_AMOUNT = {"required": _("请填写金额"), "invalid": _("金额写成 1437.00 这样")}
_CHOOSE = {"required": _("请选一项"), "invalid_choice": _("请选一项")}
_WHY = {"required": _("请写明理由。")}


def _amount(label: Any, *, hint: Any = "", initial: Any = None) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        max_digits=12,
        decimal_places=2,
        initial=initial,
        error_messages=_AMOUNT,
    )


class StandingForm(forms.Form):
    """Limits under which offers may be made at once."""

    categories = forms.MultipleChoiceField(
        label=_("投诉类别"), widget=forms.CheckboxSelectMultiple, error_messages=_CHOOSE
    )
    most_each = _amount(_("每件最多"), hint=_("最贵的选项的全部成本，包括换新的商品"))
    most_together = _amount(_("合计最多"))
    extra = _amount(_("另外补偿"), hint=_("法定之外，每件都给；没有就填 0"), initial="0.00")
    band = forms.ChoiceField(
        label=_("异常筛查"),
        choices=[
            (ScreeningBand.NORMAL, _("只给没有异常提示的")),
            (ScreeningBand.SECOND_REVIEW, _("有提示、要第二人查看的也给")),
        ],
        widget=forms.RadioSelect,
        initial=ScreeningBand.NORMAL,
        error_messages=_CHOOSE,
    )
    fund = forms.ModelChoiceField(
        label=_("补偿资金"), queryset=Fund.objects.none(), error_messages=_CHOOSE
    )
    caretaker = forms.ModelChoiceField(
        label=_("负责人"),
        queryset=User.objects.none(),
        help_text=_("消费者有事找谁"),
        error_messages=_CHOOSE,
    )
    until = forms.DateField(
        label=_("有效期至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写日期"), "invalid": _("日期写成 2026-11-02 这样")},
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_WHY,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = category_choices()
        self.fields["fund"].queryset = Fund.objects.filter(is_open=True).order_by("name")
        self.fields["caretaker"].queryset = User.objects.filter(
            is_active=True, roles__overlap=[Role.AGENT, Role.MANAGER]
        ).order_by("pk")


class EndForm(forms.Form):
    """Why no more offers are made under an approval."""

    end_reason = forms.CharField(label=_("停用的理由"), max_length=500, error_messages=_WHY)


class VerdictForm(forms.Form):
    """What a person thinks of an instant offer."""

    verdict = forms.ChoiceField(
        label=_("抽查结论"),
        choices=InstantOffer.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    note = forms.CharField(
        label=_("说明"),
        help_text=_("不合适的要写明哪里不对"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
