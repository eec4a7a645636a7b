"""Approving a finding or giving it back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from liability.forms.investigation import text_field


class ApprovalForm(forms.Form):
    """A note; the button pressed says what it is for."""

    reason = text_field(_("批语"), rows=3, required=False, hint=_("退回时写明要改什么"))
