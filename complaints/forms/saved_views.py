"""Forms of what keeps the queue in order: saved views and tags."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.services.tagging import LONGEST_NAME
from complaints.states import Sharing


class ViewForm(forms.Form):
    """A name for a list, and who may use it."""

    name = forms.CharField(
        label=_("名称"),
        max_length=40,
        error_messages={"required": _("请给视图起个名称。")},
    )
    sharing = forms.ChoiceField(
        label=_("谁能用"),
        choices=Sharing.choices,
        initial=Sharing.OWN,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选谁能用。"), "invalid_choice": _("请选谁能用。")},
    )


class TagsForm(forms.Form):
    """Which tags a case carries, and a new one."""

    tags = forms.TypedMultipleChoiceField(
        label=_("标签"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    new = forms.CharField(
        label=_("新标签"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("几个字就好，例如「质检跟进」"),
    )

    def __init__(self, *args: Any, known: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].choices = known
