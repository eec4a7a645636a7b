"""The form of a public statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liability.services.statements import LONGEST_BODY, StatementText

_ASK = _("请填写这一项")


def _body(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "空一行分段；行首写 - 成列表；**两个星号**之间加粗；链接写成 [文字](https://…)"
        ),
        error_messages={"required": _ASK},
    )


class StatementForm(forms.Form):
    """What the public is told, in both languages."""

    title_zh = forms.CharField(
        label=_("中文标题"), max_length=60, error_messages={"required": _ASK}
    )
    body_zh = _body(_("中文内容"))
    title_en = forms.CharField(
        label=_("英文标题"), max_length=100, error_messages={"required": _ASK}
    )
    body_en = _body(_("英文内容"))

    def text(self) -> StatementText:
        """Return what was entered as the service takes it."""
        return StatementText(**self.cleaned_data)
