"""Taking a complaint back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.intake import CleanText


class WithdrawForm(forms.Form):
    """The reason, which is nobody's duty to give, and a tick that it is meant."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = CleanText(
        label=_("撤回的原因"),
        lines=True,
        max_length=500,
        required=False,
        help_text=_("可以不写"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(
        label=_("我确定撤回这份投诉"),
        error_messages={"required": _("请勾选确认，再撤回")},
    )
