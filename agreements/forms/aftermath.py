"""What the desk fills in when the consumer did not do in time what was promised."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import CHOOSE, day, text
from agreements.states import LapseOutcome


class LapseForm(forms.Form):
    """What becomes of it, and why."""

    outcome = forms.ChoiceField(
        label=_("怎么办"),
        choices=[
            (LapseOutcome.EXTENDED, _("再约一个日期")),
            (LapseOutcome.WAIVED, _("不再要求（要有审批权）")),
            (LapseOutcome.PURSUED, _("通过调解、仲裁或诉讼解决（宽限期过后）")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    new_due = day(_("新的日期"), required=False, hint=_("再约日期时填写"))
    note = text(_("理由"), required=True, hint=_("例如：消费者在外地，月底才能寄回"))
