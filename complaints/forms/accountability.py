"""Forms about missed promises: the owner's explanation, the manager's decision, the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models import AccountabilityItem
from complaints.selectors import accountability
from complaints.selectors.accountability import ItemFilters, people_to_answer
from complaints.selectors.people import teams
from complaints.services.conversation import LONGEST_MESSAGE
from complaints.states import ClockKind

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")


def _words(label: Any, *, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _ASK},
    )


def _cause() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("没有按时的原因"),
        choices=[("", _("请选择")), *AccountabilityItem.Cause.choices],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )


def _cause_note() -> forms.CharField:
    return forms.CharField(
        label=_("补充原因"),
        max_length=200,
        required=False,
        help_text=_("选了「其他原因」时写明是什么"),
    )


def _person(label: Any, *, required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=User.objects.none(),
        required=required,
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )


class ReplyItemForm(forms.Form):
    """The owner's explanation of a missed deadline."""

    cause = _cause()
    cause_note = _cause_note()
    reply = _words(_("说明"), hint=_("为什么没有按时，现在怎样补救"))

    def __init__(self, *args: Any, item: AccountabilityItem, **kwargs: Any) -> None:
        said = {"cause": item.cause, "cause_note": item.cause_note, "reply": item.reply}
        super().__init__(*args, initial=said, **kwargs)


class DecideItemForm(forms.Form):
    """A manager's decision about a missed deadline, and what will be changed."""

    outcome = forms.ChoiceField(
        label=_("结论"),
        choices=AccountabilityItem.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    cause = _cause()
    cause_note = _cause_note()
    decision = _words(_("理由"), hint=_("根据什么这样认定，怎样处理"))
    measure = _words(_("改进措施"), hint=_("改什么，怎样避免再发生"), required=False)
    measure_owner = _person(_("由谁完成"), required=False)
    measure_until = forms.DateField(
        label=_("什么时候完成"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("日期写成 2026-11-22 这样")},
    )

    def __init__(self, *args: Any, item: AccountabilityItem, **kwargs: Any) -> None:
        said = {"cause": item.cause, "cause_note": item.cause_note}
        super().__init__(*args, initial=said, **kwargs)
        people = User.objects.filter(is_active=True).order_by("display_name", "pk")
        self.fields["measure_owner"].queryset = people


class AssignItemForm(forms.Form):
    """Who answers for an item."""

    owner = _person(_("由谁说明"))

    def __init__(self, *args: Any, item: AccountabilityItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_to_answer(item)


class ItemFilterForm(forms.Form):
    """How the list is narrowed; what doesn't parse is left out rather than refused."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("还没有决定")),
            (accountability.OPEN, _("待说明")),
            (accountability.REPLIED, _("已说明，待决定")),
            (accountability.DECIDED, _("已决定")),
            (accountability.MEASURE, _("改进措施没有完成")),
        ],
    )
    team = forms.ChoiceField(label=_("小组"), required=False)
    clock = forms.ChoiceField(
        label=_("期限"), required=False, choices=[("", _("全部")), *ClockKind.choices]
    )
    overdue = forms.BooleanField(label=_("只看决定已逾期的"), required=False)
    mine = forms.BooleanField(label=_("只看我的"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["team"].choices = [
            ("", _("全部")),
            *((str(team.pk), team.name) for team in teams()),
        ]

    def filters(self) -> ItemFilters:
        """Return what was understood."""
        self.is_valid()
        data = self.cleaned_data
        return ItemFilters(
            state=data.get("state", ""),
            team_id=int(data["team"]) if data.get("team") else None,
            clock=data.get("clock", ""),
            overdue=bool(data.get("overdue")),
            mine=bool(data.get("mine")),
        )
