"""Forms of the evidence vault."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Evidence
from complaints.vault_states import Purpose


class OriginalForm(forms.Form):
    """Why an original is taken out."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个用途。"), "invalid_choice": _("请选一个用途。")},
    )
    note = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会写进保管记录，比如送检的编号、来函的文号。"),
    )

    @classmethod
    def for_file(cls, evidence: Evidence, **kwargs: Any) -> OriginalForm:
        """Return an empty form; what has no copy is mostly opened to handle the case."""
        initial = {} if evidence.file.is_photo else {"purpose": Purpose.HANDLING}
        return cls(initial=initial, **kwargs)


class ReleaseForm(forms.Form):
    """Why a quarantined file is harmless after all."""

    note = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明怎样确认它没有害处，比如谁用什么程序复查过。"),
        error_messages={"required": _("请写明理由。")},
    )
