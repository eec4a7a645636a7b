"""Forms about clocks: pausing one, telling of a finding by other ways, the list of pauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models import Evidence
from complaints.selectors.people import teams
from complaints.services.conversation import LONGEST_MESSAGE
from complaints.services.pausing import PauseChoice
from complaints.states import PauseCause

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")


def _words(label: Any, *, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _ASK},
    )


class PauseForm(forms.Form):
    """Why a clock rests, until when, and what proves it; only what its policy allows."""

    cause = forms.ChoiceField(
        label=_("为什么暂停"),
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    until = forms.DateTimeField(
        label=_("最晚到什么时候"),
        help_text=_("到时自动继续计时，不用再操作"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={
            "required": _("请选一个日期和时间"),
            "invalid": _("时间写成 2026-11-22 14:30 这样"),
        },
    )
    reason = _words(_("说明"), hint=_("原样发给消费者：在等什么，为什么现在不能往下办"))
    proof = forms.ModelChoiceField(
        label=_("证明材料"),
        queryset=Evidence.objects.none(),
        required=False,
        empty_label=_("不附材料"),
        help_text=_("从案件的材料里选；还没有的，先补充材料"),
        error_messages={"invalid_choice": _CHOOSE},
    )
    told = forms.BooleanField(
        label=_("已电话或书面告知消费者"),
        help_text=_("消费者没有留邮箱和手机，系统通知不到"),
        error_messages={"required": _("请先打电话或者写信告知，再勾选")},
    )

    def __init__(
        self,
        *args: Any,
        choices: Sequence[PauseChoice],
        evidence: Any,
        reachable: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if reachable:
            del self.fields["told"]
        cause, proof = self.fields["cause"], self.fields["proof"]
        cause.choices = [(each.cause, PauseCause(each.cause).label) for each in choices]
        cause.choice_hints = {each.cause: _hint(each) for each in choices}
        proof.queryset = evidence
        proof.label_from_instance = lambda found: found.caption or found.file.original_name


def _hint(choice: PauseChoice) -> str:
    words = {"at": _moment(choice.latest)}
    if choice.needs_proof:
        return str(_("最晚到 %(at)s，要有证明材料") % words)
    if choice.needs_asking:
        return str(_("最晚到 %(at)s，要已经写消息请消费者补充，或者有证明材料") % words)
    return str(_("最晚到 %(at)s") % words)


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


class FindingToldForm(forms.Form):
    """How the consumer was told of a finding where no mail or SMS could go."""

    way = forms.ChoiceField(
        label=_("怎么告知的"),
        choices=[("phone", _("电话")), ("letter", _("信函")), ("in_person", _("当面"))],
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    note = _words(_("经过"), hint=_("告知了谁、什么时候；信函写明单号"))


class PauseFilterForm(forms.Form):
    """How the list of pauses is narrowed; what doesn't parse is left out rather than refused."""

    cause = forms.ChoiceField(
        label=_("原因"), required=False, choices=[("", _("全部")), *PauseCause.choices]
    )
    team = forms.ChoiceField(label=_("小组"), required=False)
    after_reply = forms.BooleanField(label=_("只看消费者刚来消息就暂停的"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        known = [(str(team.pk), team.name) for team in teams()]
        self.fields["team"].choices = [("", _("全部")), *known]

    def filters(self) -> dict[str, Any]:
        """Return what was understood."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "cause": data.get("cause", ""),
            "team_id": int(data["team"]) if data.get("team") else None,
            "after_reply": bool(data.get("after_reply")),
        }
