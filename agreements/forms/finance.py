"""What finance fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import CHOOSE, line, moment, proof, text
from agreements.services.performing import PaymentData
from agreements.states import PaymentMethod


class PaymentForm(forms.Form):
    """A payment that went out, with its proof. `key` makes a repeated send the same payment."""

    amount = forms.DecimalField(
        label=_("付款金额（元）"),
        max_digits=14,
        decimal_places=2,
        error_messages={"required": _("请填写金额"), "invalid": _("金额写成 1437.00 这样")},
    )
    method = forms.ChoiceField(
        label=_("付款方式"),
        choices=[("", _("请选择")), *PaymentMethod.choices],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    payee = line(_("收款账户"), hint=_("加密保存，列表里只显示后四位"))
    paid_at = moment(_("付款时间"))
    reference = line(_("流水号"), most=80)
    proof = proof(_("付款凭证"), hint=_("回单的照片或 PDF"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)


def payment_data(data: dict[str, Any]) -> PaymentData:
    """Return a cleaned payment as the service takes it."""
    names = ("amount", "method", "payee", "paid_at", "reference")
    return PaymentData(**{name: data[name] for name in names})


class ReturnForm(forms.Form):
    """A payment that came back."""

    reason = text(_("为什么退回"), rows=2, required=True, most=200)
