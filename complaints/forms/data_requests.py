"""Forms about personal data: what the consumer asks, and what we answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.intake import CleanText
from complaints.services.data_requests import CONTACT
from complaints.states import DataRequestKind, DataRequestOutcome

_CHOOSE = _("请选一项")


class DataRequestForm(forms.Form):
    """One of the rights over one's own data, in the consumer's words."""

    kind = forms.ChoiceField(
        label=_("你想做什么"),
        choices=DataRequestKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    text = CleanText(
        label=_("说明"),
        lines=True,
        max_length=1000,
        required=False,
        help_text=_("更正时写明哪里不对，应该是什么；删除时写明想删掉什么"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


DataRequestForm.base_fields["kind"].choice_hints = {
    DataRequestKind.COPY: _("拿到一份我们保存的、和这起投诉有关的个人信息"),
    DataRequestKind.CORRECTION: _("姓名、电话、邮箱或者地址写错了，或者少了"),
    DataRequestKind.ERASURE: _("法律要求保留的部分，到期以后才能删除"),
    DataRequestKind.TRANSFER: _("拿到一份机器能读的文件，交给你指定的另一家"),
    DataRequestKind.CONSENT: _("不再同意我们使用你自愿提供的信息；之前已经做的处理不受影响"),
    DataRequestKind.EXPLAIN: _("请我们说明你的信息是怎么用的"),
}


class AnswerDataForm(forms.Form):
    """Our answer with its reason; for a correction also what is put right."""

    outcome = forms.ChoiceField(
        label=_("答复"),
        choices=DataRequestOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    answer = forms.CharField(
        label=_("答复的内容和理由"),
        help_text=_("原样给消费者看；不能同意或者只能部分同意的，写明依据"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请填写这一项")},
    )
    name = forms.CharField(label=_("更正后的姓名"), max_length=80, required=False)
    phone = forms.CharField(label=_("更正后的手机"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("更正后的邮箱"),
        required=False,
        error_messages={"invalid": _("邮箱写成 name@example.com 这样")},
    )
    address = forms.CharField(label=_("更正后的地址"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != DataRequestKind.CORRECTION:
            for field in CONTACT:
                del self.fields[field]
