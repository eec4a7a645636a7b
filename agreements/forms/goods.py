"""What the desk fills in about goods that come back: fetching them, and what they look like."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import ASK, CHOOSE, day, line, proof, text
from agreements.states import Condition


def _hour(label: object) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": ASK, "invalid": _("时间写成 14:00 这样")},
    )


class PickupForm(forms.Form):
    """Who fetches goods, when and where."""

    carrier = line(_("谁来取"), most=60, required=True, hint=_("例如：顺丰速运"))
    pickup_on = day(_("取件日期"))
    pickup_from = _hour(_("从几点"))
    pickup_to = _hour(_("到几点"))
    address = line(_("取件地址"), most=200, required=True, hint=_("加密保存，消费者会收到"))
    number = line(_("快递单号"), most=120, hint=_("已经有的就填"))


class HandOverForm(forms.Form):
    """The courier's word that goods were handed over."""

    number = line(_("快递单号"), most=120)


class InspectForm(forms.Form):
    """How goods that came back were found."""

    condition = forms.ChoiceField(
        label=_("验收结果"),
        choices=Condition.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    finding = text(
        _("看到了什么"),
        rows=3,
        most=300,
        required=True,
        hint=_("和约定不一样的，消费者会收到这段话"),
    )
    proof = proof(_("照片"), required=False)
