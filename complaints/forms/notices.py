"""Forms about notices that did not arrive, and about receivers of events outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_ASK = _("请填写这一项")


class GiveUpForm(forms.Form):
    """Why a notice is not sent any more."""

    reason = forms.CharField(
        label=_("为什么不再发送"),
        max_length=200,
        help_text=_("例如：已经打电话告诉消费者。通知里的一次性链接会同时清除。"),
        error_messages={"required": _ASK},
    )


class EndpointForm(forms.Form):
    """A receiver: what it is called, where it is, which events it wants."""

    name = forms.CharField(
        label=_("名称"),
        max_length=80,
        help_text=_("给同事看的，例如：客户关系系统"),
        error_messages={"required": _ASK},
    )
    url = forms.CharField(
        label=_("地址"),
        max_length=500,
        help_text=_("以 https:// 开头，不能指向内部网络"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": _ASK},
    )
    kinds = forms.MultipleChoiceField(
        label=_("推送哪些事件"),
        required=False,
        help_text=_("一个都不选，就推送全部事件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请从列出的事件里选")},
    )
    is_active = forms.BooleanField(
        label=_("启用"), required=False, help_text=_("停用后，还没送达的事件留在未送达的通知里")
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = list(choices)
