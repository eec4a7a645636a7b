"""Forms about odd claims: a person's decision, an established sign, an appeal and its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.models import ScreeningDecision
from compensation.selectors.claims import ESTABLISHED
from compensation.selectors.screening import SIGNAL_WORDS

_LONGEST = 3000
_ASK = _("请写明理由。")
_CHOOSE = _("请选一项")


def _words(label: Any, *, hint: Any = "", required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _ASK},
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )


class ScreeningDecisionForm(forms.Form):
    """What a person decides about a result."""

    outcome = _choice(_("决定"), ScreeningDecision.Outcome.choices)
    reason = _words(_("理由（内部）"))
    words = _words(
        _("告诉消费者的理由"),
        hint=_("对消费者不利的决定要写；不说是谁、不下评语，只说哪份材料哪里对不上"),
        required=False,
    )


class SignForm(forms.Form):
    """A sign that a person established."""

    signal = forms.ChoiceField(
        label=_("情况"),
        choices=[("", _("请选择")), *((str(code), SIGNAL_WORDS[code]) for code in ESTABLISHED)],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    sign_reason = _words(_("依据"), rows=2)


class AppealAnswerForm(forms.Form):
    """The answer to an appeal."""

    appeal_outcome = _choice(_("申诉结果"), ScreeningDecision.AppealOutcome.choices)
    appeal_words = _words(_("答复"), hint=_("消费者会看到"))


class ScreeningAppealForm(forms.Form):
    """What the consumer says against a decision."""

    text = _words(_("你的说明"), hint=_("哪里不对，写在这里；材料可以在案件页补充"), rows=6)
