"""Small forms: sending an offer, deciding about a plan, choosing, saying something else."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.forms.plan import money_field
from compensation.periods import FEWEST_OFFER_DAYS, MOST_OFFER_DAYS, OFFER_DAYS

_LONGEST = 3000


class SendForm(forms.Form):
    """How long the consumer may choose."""

    valid_days = forms.IntegerField(
        label=_("有效几天"),
        initial=OFFER_DAYS,
        min_value=FEWEST_OFFER_DAYS,
        max_value=MOST_OFFER_DAYS,
        help_text=_("从明天算起；最后一天不是工作日的，顺延到下一个工作日"),
        error_messages={
            "required": _("请填写天数"),
            "invalid": _("天数写成整数"),
            "min_value": _("至少 %(limit_value)s 天，让消费者有时间想清楚"),
            "max_value": _("最多 %(limit_value)s 天"),
        },
    )


class DecisionForm(forms.Form):
    """Yes, or back to the author with a reason."""

    APPROVE, RETURN = "approve", "return"
    decision = forms.ChoiceField(choices=[(APPROVE, APPROVE), (RETURN, RETURN)])
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=_LONGEST,
        help_text=_("退回时要写明理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChoiceForm(forms.Form):
    """Which option of which offer, as the page showed it."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    option = forms.IntegerField(
        label=_("补偿方案"),
        error_messages={"required": _("请选一个方案"), "invalid": _("请选一个方案")},
    )
    informed = forms.BooleanField(
        label=_("我知道所选方案的现金比法律规定的少，仍然选它"), required=False
    )


class DeclineForm(forms.Form):
    """None of the options, with a reason if the consumer likes."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("为什么都不合适"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CounterForm(forms.Form):
    """What the consumer wishes instead."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("你希望怎样处理"),
        max_length=_LONGEST,
        help_text=_("比如金额、方式、时间上的想法；有新的损失也写在这里"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("请写下你的想法")},
    )
    amount = money_field(_("你希望的金额"), required=False, hint=_("说得出金额就写，不写也可以"))
    field_order = ("offer", "amount", "text")
