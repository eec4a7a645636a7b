"""Forms of an investigation: they check shape; rules are the services' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liability.selectors.facts import possible_leads
from liability.states import StatementParty

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")
_LONGEST = 5000


def text_field(label: Any, *, rows: int = 4, hint: Any = "", required: bool = True) -> Any:
    """Return a field for some sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _ASK},
    )


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("时间写成 2026-11-22 14:08 这样")},
    )


class RoundForm(forms.Form):
    """Who leads a round, and what it is to find out."""

    lead = forms.ModelChoiceField(
        label=_("由谁负责调查"),
        queryset=possible_leads().none(),
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    questions = text_field(_("要查清的问题"), hint=_("一行一个，例如：温控器有没有缺陷"))
    due_on = forms.DateField(
        label=_("计划完成日期"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("日期写成 2026-11-22 这样")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = possible_leads()


class SettleForm(forms.Form):
    """Why we admit a minor case."""

    reasons = text_field(
        _("告诉消费者我们为什么承认责任"), hint=_("用平实的话写，消费者会看到，也写进责任认定书")
    )
    reasons_internal = text_field(_("内部理由"), rows=3, required=False)


class NoteForm(forms.Form):
    """What was found or done."""

    text = text_field(_("调查记录"), rows=6, hint=_("只有工作人员能看到"))


class StatementForm(forms.Form):
    """What a side said, or that it was asked to speak by a time."""

    HEARD, SERVED = "heard", "served"
    party = forms.ChoiceField(
        label=_("陈述方"),
        choices=StatementParty.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    name = forms.CharField(label=_("姓名或单位"), max_length=120, error_messages={"required": _ASK})
    how = forms.ChoiceField(
        label=_("进行到哪一步"),
        choices=[(HEARD, _("已经听取陈述")), (SERVED, _("已经通知，等待答复"))],
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    text = text_field(_("陈述内容"), rows=6, required=False)
    heard_at = _moment(_("听取时间"))
    served_at = _moment(_("通知时间"))
    answer_by = _moment(_("答复期限"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == self.SERVED:
            return {**data, "text": "", "heard_at": None}
        if data.get("how") == self.HEARD:
            if not data.get("heard_at") and "heard_at" not in self.errors:
                self.add_error("heard_at", _("请填写听取的时间"))
            return {**data, "served_at": None, "answer_by": None}
        return data
