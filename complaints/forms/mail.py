"""Forms about mail that a person decides on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.forms.intake import CleanText
from complaints.models import Case

_ASK = gettext_lazy("请填写这一项")
AS_CONSUMER, AS_NOTE = "consumer", "note"


class JoinMailForm(forms.Form):
    """Into which case a mail goes, and as whose words; `cleaned_data["case"]` is the case."""

    reference = CleanText(
        label=gettext_lazy("案件编号"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _ASK},
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("放进案件的方式"),
        choices=[
            (AS_CONSUMER, gettext_lazy("消费者本人写的：作为消息，双方可见")),
            (AS_NOTE, gettext_lazy("别人写的：作为内部备注，消费者看不到")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "reference" in given:
            reference = given["reference"].upper()
            case = visible_cases(self.actor).filter(reference=reference).first()
            if case is None:
                self.add_error("reference", _("没有这个编号的案件，核对一下。"))
            given["case"] = case
        return given

    @property
    def case(self) -> Case:
        """The case that was named."""
        return self.cleaned_data["case"]

    @property
    def as_consumer(self) -> bool:
        """Say whether the mail is the consumer's own."""
        return self.cleaned_data["whose"] == AS_CONSUMER


class DiscardMailForm(forms.Form):
    """Why nothing is done about a mail."""

    reason = CleanText(
        label=gettext_lazy("为什么不处理"),
        max_length=200,
        help_text=gettext_lazy("例如：广告。不会通知发件人，内容 30 天后清除。"),
        error_messages={"required": _ASK},
    )
