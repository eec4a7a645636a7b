"""Forms about cases that may be one: which to merge into this one, how others belong to it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.states import LinkKind, MergeCause

_CHOOSE = _("请选一项")
_APART = re.compile(r"[\s,，、;；]+")


class MergeHereForm(forms.Form):
    """Which cases are merged into this one, as ticked and as written, and why."""

    others = forms.CharField(
        label=_("其他编号"),
        required=False,
        max_length=1200,
        help_text=_("没有列出的，把编号写在这里，用逗号或空格隔开"),
    )
    cause = forms.ChoiceField(
        label=_("为什么并案"),
        choices=MergeCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.ticked = [str(each) for each in data.getlist("case")] if data else []

    def references(self) -> list[str]:
        """Return the references chosen, each once."""
        written = [word for word in _APART.split(self.cleaned_data["others"]) if word]
        return list(dict.fromkeys(word.strip().upper() for word in [*self.ticked, *written]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (self.ticked or (data.get("others") or "").strip()):
            self.add_error("others", _("勾选要并入的案件，或者填写编号"))
        return data


class LinkForm(forms.Form):
    """Another case and how it belongs to this one."""

    other = forms.CharField(
        label=_("另一案件"),
        max_length=20,
        help_text=_("填对方的编号，例如 RD-2026-004817"),
        error_messages={"required": _("请填写对方的编号")},
    )
    kind = forms.ChoiceField(
        label=_("什么关系"),
        choices=[
            (LinkKind.RELATED.value, LinkKind.RELATED.label),
            (LinkKind.SAME_EVENT.value, LinkKind.SAME_EVENT.label),
            (LinkKind.FOLLOW_UP.value, _("本案是它的后续")),
            (LinkKind.NOT_DUPLICATE.value, LinkKind.NOT_DUPLICATE.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE},
    )
