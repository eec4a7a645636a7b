"""What the consumer fills in: a signature, a refusal, whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import rating, resolved, text, yes_or_no
from agreements.models import Obligation


class SignForm(forms.Form):
    """A drawn or typed name, the code, and a consent that is never ticked beforehand.

    `number` is that of the text on the page: another version is not signed by it.
    """

    number = forms.CharField(
        max_length=20,
        widget=forms.HiddenInput,
        error_messages={"required": _("请先打开协议读一遍，再签。")},
    )
    signature = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label=_("输入你的姓名"),
        required=False,
        max_length=120,
        help_text=_("没有手写签名时填写，要和协议上的姓名一样"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    code = forms.CharField(
        label=_("校验码"),
        max_length=12,
        help_text=_("六位数字，10 分钟内有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("请先获取校验码，再填在这里。")},
    )
    consent = forms.BooleanField(
        label=_("我已阅读协议，同意按以上方式补偿"),
        error_messages={"required": _("请先勾选「我已阅读协议」。")},
    )


class RefusalForm(forms.Form):
    """Why the consumer does not sign."""

    reason = text(
        _("哪里不合适"), rows=4, required=True, hint=_("例如：金额、日期，或者哪一条看不明白")
    )


class ArrivalForm(forms.Form):
    """Did it all arrive, and how was it?"""

    arrived = yes_or_no(_("约定的都收到了吗？"), yes=_("都收到了"), no=_("还没有收到"))
    missing = forms.TypedMultipleChoiceField(
        label=_("哪一项没有收到"),
        choices=(),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rating = rating()
    resolved = resolved()
    comment = text(_("想说的话"), rows=4)
    change = text(_("我们的处理过程，哪里应该改"), rows=3)

    def __init__(self, *args: Any, duties: Sequence[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"].choices = [(duty.pk, duty.description) for duty in duties]
