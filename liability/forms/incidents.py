"""Forms of a batch incident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from liability.states import IncidentTaskKind

_ASK = _("请填写这一项")
_CHOOSE = {"required": _("请选一项"), "invalid_choice": _("请选一项")}


def _text(label: Any, *, most: int = 500, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _ASK},
    )


class DecisionForm(forms.Form):
    """Confirm or reject an alarm."""

    decision = forms.ChoiceField(
        label=_("决定"),
        choices=[("confirm", _("是批次问题，确认")), ("reject", _("不是批次问题，排除"))],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    reason = _text(_("理由"))


class CloseForm(forms.Form):
    """Close an incident."""

    reason = _text(_("结果和理由"))


class TaskForm(forms.Form):
    """A task with its owner and day."""

    kind = forms.ChoiceField(
        label=_("任务"), choices=IncidentTaskKind.choices, error_messages=_CHOOSE
    )
    owner = forms.ModelChoiceField(
        label=_("负责人"), queryset=User.objects.none(), error_messages=_CHOOSE
    )
    due_on = forms.DateField(
        label=_("完成期限"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _ASK, "invalid": _("日期写成 2026-11-30 这样")},
    )
    note = forms.CharField(label=_("要做什么"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = User.objects.filter(is_active=True).order_by("display_name", "pk")
        self.fields["owner"].queryset = active


class ResultForm(forms.Form):
    """What came of a task."""

    result = _text(_("结果"))


class ConsentForm(forms.Form):
    """Whether a consumer agrees to be treated like the others."""

    given = forms.ChoiceField(
        label=_("消费者是否同意统一方案"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        error_messages=_CHOOSE,
    )
    source = forms.CharField(
        label=_("怎样表示的"),
        max_length=200,
        help_text=_("如：11 月 20 日电话"),
        error_messages={"required": _ASK},
    )
