"""A message from the consumer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.files import FilesField, FilesInput
from complaints.forms.intake import CleanText


class MessageForm(forms.Form):
    """What the consumer wants to say; the nonce makes a repeated sending the same message."""

    nonce = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    body = CleanText(
        label=_("写给处理人"),
        lines=True,
        max_length=2000,
        error_messages={
            "required": _("请写点内容再发送"),
            "max_length": _("内容最多 %(limit_value)d 字，请删去一些"),
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    files = FilesField(
        label=_("附上照片或文件"),
        required=False,
        help_text=_("照片、PDF、视频都可以，最多 20 个"),
        widget=FilesInput(attrs={"multiple": True}),
    )
