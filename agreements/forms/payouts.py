"""What finance fills in about batches, payees and statements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.banking.orders import LONGEST_NAME, Party
from agreements.forms.fields import ASK, CHOOSE, day, line, text
from agreements.states import PayoutChannel


class BatchForm(forms.Form):
    """Which due payments go into a batch, the day, and the way out."""

    duties = forms.TypedMultipleChoiceField(coerce=int, required=False, choices=())
    execute_on = day(_("付款日期"))
    channel = forms.ChoiceField(
        label=_("付款渠道"),
        choices=PayoutChannel.choices,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, duties: list[int], provider: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duties"].choices = [(pk, pk) for pk in duties]
        if not provider:
            self.fields["channel"].choices = [
                row for row in PayoutChannel.choices if row[0] != PayoutChannel.PROVIDER
            ]


class ReleaseForm(forms.Form):
    """What the person who releases has seen."""

    count = forms.IntegerField(widget=forms.HiddenInput)
    total = forms.DecimalField(widget=forms.HiddenInput, max_digits=14, decimal_places=2)
    checked = forms.BooleanField(
        label=_("我核对过收款人、金额和合计"),
        error_messages={"required": _("请先核对，再勾选放行。")},
    )


class NotPaidForm(forms.Form):
    """Why the bank did not pay."""

    reason = line(_("银行说的原因"), most=200, required=True, hint=_("消费者会收到通知"))


class PayeeForm(forms.Form):
    """Where money goes."""

    name = line(_("户名"), most=LONGEST_NAME, required=True)
    account = line(_("账号"), most=60, required=True, hint=_("加密保存，列表里只显示后四位"))
    bank = line(_("开户行"), most=LONGEST_NAME, hint=_("例如：招商银行上海闵行支行"))
    bank_code = line(_("开户行行号"), most=12, hint=_("12 位行号或 BIC 代码，不知道可以不填"))
    reason = text(
        _("为什么和协议不一样，怎样核实的"),
        rows=2,
        most=200,
        hint=_("和协议上的户名、账号一样时不用写；不一样的要由另一位财务同事核对"),
    )

    def party(self) -> Party:
        """Return the payee as it was filled in."""
        data = self.cleaned_data
        return Party(
            name=data["name"],
            account=data["account"],
            bank=data["bank"],
            bank_code=data["bank_code"].strip().upper(),
        )


class StatementForm(forms.Form):
    """A file of the bank: a statement, or its report on a batch."""

    file = forms.FileField(
        label=_("银行的文件"),
        help_text=_(
            "对账单（CSV 或 ISO 20022 camt.053），或批次的付款状态报告（pain.002），不超过 10 MB"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xml,text/csv,application/xml"}),
        error_messages={"required": ASK, "empty": _("文件是空的，请换一个")},
    )


class HandledForm(forms.Form):
    """What was done about an odd entry."""

    note = line(_("怎么处理的"), most=200, required=True)
