"""The standard that is tried on last year's cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.consistency import Standard
from complaints.selectors.taxonomy import category_choices
from complaints.states import Severity


class StandardForm(forms.Form):
    """At least so much of the price, and so much on top, for which cases."""

    percent = forms.DecimalField(
        label=_("至少赔实付价款的（%）"),
        min_value=0,
        max_value=1000,
        decimal_places=2,
        error_messages={"required": _("请填写"), "invalid": _("写成 10 或 12.5 这样")},
    )
    extra = forms.DecimalField(
        label=_("另加"),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        required=False,
        error_messages={"invalid": _("金额写成 1437.00 这样")},
    )
    severity = forms.ChoiceField(label=_("严重程度"), required=False)
    category = forms.ChoiceField(label=_("投诉类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [("", _("所有程度")), *Severity.choices]
        self.fields["category"].choices = [("", _("所有类别")), *category_choices()]

    def standard(self) -> Standard:
        """Return what was filled in; the form is valid."""
        data = self.cleaned_data
        return Standard(
            percent=data["percent"],
            extra=data["extra"] or 0,
            severity=data["severity"],
            category=data["category"],
        )
