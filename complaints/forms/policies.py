"""The forms of a time limit: what it says, its ladder, its pauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.policy_rows import ladder_forms, pause_forms
from complaints.models import ClockPolicy
from complaints.policy_words import FACT_CHOICES, FACT_LABELS, POLICY_EVENTS
from complaints.selectors.policy_pages import calendars, product_lines
from complaints.states import EVENT_CLOCKS, BudgetUnit, ClockKind, DatedBy, SourceStatus

_ASK = gettext_lazy("请填写这一项")
_CHOOSE = gettext_lazy("请选一项")
_DAY = gettext_lazy("日期写成 2026-11-22 这样")
_MARKET = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def _many(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _CHOOSE},
    )


def _day(label: Any, *, hint: Any, required: bool) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _ASK, "invalid": _DAY},
    )


class PolicyForm(forms.Form):
    """What one version of a time limit says, without its ladder and pauses."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, error_messages={"required": _ASK}
    )
    amount = forms.DecimalField(
        label=gettext_lazy("多长"),
        max_digits=6,
        decimal_places=2,
        min_value=0,
        error_messages={
            "required": _ASK,
            "invalid": gettext_lazy("写成 24 或者 1.5 这样的数"),
            "min_value": gettext_lazy("数量要大于零。"),
            "max_digits": gettext_lazy("数量最多写到 9999"),
            "max_whole_digits": gettext_lazy("数量最多写到 9999"),
            "max_decimal_places": gettext_lazy("最多两位小数"),
        },
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("单位"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    rolls = forms.BooleanField(
        label=gettext_lazy("最后一天休息，就顺延到下一个工作日"), required=False
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("工作日历"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("负责小组的日历"),
        error_messages={"invalid_choice": _CHOOSE},
    )
    start_event = forms.ChoiceField(
        label=gettext_lazy("从哪件事起"),
        choices=[("", gettext_lazy("请选择")), *POLICY_EVENTS.items()],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    stop_events = forms.MultipleChoiceField(
        label=gettext_lazy("到哪件事止"),
        help_text=gettext_lazy("其中一件发生，就不再计时"),
        choices=list(POLICY_EVENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    severity = _many(FACT_LABELS["severity"])
    urgency = _many(FACT_LABELS["urgency"])
    channel = _many(FACT_LABELS["channel"])
    customer_tier = _many(FACT_LABELS["customer_tier"])
    product_line = _many(FACT_LABELS["product_line"])
    market = forms.CharField(
        label=FACT_LABELS["market"],
        required=False,
        max_length=120,
        help_text=gettext_lazy("国家或地区的两个字母，几个之间用逗号隔开，例如 GB, IE"),
    )
    dated_by = forms.ChoiceField(
        label=gettext_lazy("按哪天选版本"),
        choices=DatedBy.choices,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    source = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        help_text=gettext_lazy("法条、规定或者公司的决定"),
        error_messages={"required": gettext_lazy("请写明依据：法条、规定或者公司的决定。")},
    )
    source_status = forms.ChoiceField(
        label=gettext_lazy("依据是否核对"),
        choices=SourceStatus.choices,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    effective_from = _day(
        gettext_lazy("从哪天起"),
        hint=gettext_lazy(
            "那天起开始计时的案件用这一版。写过去的日子，那天以后开始的未结案件也会改"
        ),
        required=True,
    )
    effective_to = _day(gettext_lazy("到哪天止"), hint=gettext_lazy("不定期就留空"), required=False)

    def __init__(self, data: Any, *, policy: ClockPolicy) -> None:
        super().__init__(data, initial=_initial(policy), use_required_attribute=False)
        fields = self.fields
        if policy.kind not in EVENT_CLOCKS:
            del fields["start_event"], fields["stop_events"]
        fields["unit"].choices = [
            choice
            for choice in BudgetUnit.choices
            if choice[0] != BudgetUnit.FIXED or policy.unit == BudgetUnit.FIXED
        ]
        fields["calendar"].queryset = calendars()
        lines = [(line, line) for line in product_lines()]
        for name, known in {**FACT_CHOICES, "product_line": lines}.items():
            kept = [v for v in policy.conditions.get(name, ()) if v not in dict(known)]
            fields[name].choices = [*known, *((value, value) for value in kept)]

    def clean_market(self) -> list[str]:
        """Return the markets named, in capitals."""
        markets = [part for part in re.split(r"[\s,，、;；]+", self.cleaned_data["market"]) if part]
        found = [part.upper() for part in markets]
        if not all(_MARKET.fullmatch(part) for part in found):
            raise forms.ValidationError(_("写国家或地区的两个字母，例如 GB"))
        return found

    def values(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        data = dict(self.cleaned_data)
        conditions = {name: data.pop(name) for name in FACT_LABELS}
        return {**data, "conditions": {name: v for name, v in conditions.items() if v}}


def _initial(policy: ClockPolicy) -> dict[str, Any]:
    names = [name for name in PolicyForm.base_fields if name not in FACT_LABELS]
    values = {name: getattr(policy, name) for name in names}
    values["amount"] = f"{Decimal(policy.amount).normalize():f}"
    conditions = {name: policy.conditions.get(name, []) for name in FACT_LABELS}
    return {**values, **conditions, "market": ", ".join(conditions["market"])}


class PolicyEditor:
    """A time limit's form with the rows of its ladder and its pauses."""

    def __init__(self, data: Any, *, policy: ClockPolicy) -> None:
        self.policy = policy
        self.form = PolicyForm(data, policy=policy)
        self.ladder = ladder_forms(data, policy.ladder)
        self.pauses = pause_forms(data, policy.pause_rules)

    def is_valid(self) -> bool:
        """Say whether all of it can be taken; every part is looked at."""
        return all([self.form.is_valid(), self.ladder.is_valid(), self.pauses.is_valid()])

    def values(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        return {
            **self.form.values(),
            "ladder": self.ladder.rows(),
            "pause_rules": self.pauses.rows(),
        }

    def add_error(self, error: CaseError) -> None:
        """Show a service's refusal where it belongs."""
        rows = {"ladder": self.ladder, "pause_rules": self.pauses}.get(error.field or "")
        if rows is None:
            add_case_error(self.form, error)
        else:
            rows.refuse(str(error))


class NewPolicyForm(forms.Form):
    """Which promise a new time limit is about, and its name in addresses."""

    kind = forms.ChoiceField(
        label=gettext_lazy("哪一种时限"),
        help_text=gettext_lazy("流程里的时限，新规则只用于一部分案件；按事件计时的，可以另加"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    code = forms.SlugField(
        label=gettext_lazy("代号"),
        max_length=40,
        help_text=gettext_lazy("用英文字母、数字和连字符，例如 ack-vip，以后不能改"),
        error_messages={
            "required": _ASK,
            "invalid": gettext_lazy("只用英文字母、数字、连字符和下划线"),
            "max_length": gettext_lazy("代号最多 40 个字符"),
        },
    )

    def __init__(self, data: Any = None, *, taken: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self._taken = taken or {}
        self.fields["kind"].choices = [
            ("", gettext_lazy("请选择")),
            *(choice for choice in ClockKind.choices if choice[0] != ClockKind.PAUSE_END),
        ]

    def clean_code(self) -> str:
        """Return the code, which nobody may have yet."""
        code: str = self.cleaned_data["code"]
        if code in self._taken:
            raise forms.ValidationError(_("这个代号已经有了，请换一个。"))
        return code


def first_version(code: str, kind: str, *, like: ClockPolicy | None, today: date) -> ClockPolicy:
    """Return an unsaved policy to begin a new one with, like the usual one of its kind."""
    policy = ClockPolicy(code=code, kind=kind, effective_from=today)
    if like is not None:
        for name in ("amount", "unit", "rolls", "calendar", "ladder", "pause_rules"):
            setattr(policy, name, getattr(like, name))
    else:
        policy.amount, policy.unit = Decimal(1), BudgetUnit.WORKING_DAYS
        policy.ladder = [{"rung": "breach", "fraction": "1"}]
    return policy
