"""The form of a back-test: a log, and a policy as a file or made of the fields below it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from complaints.backtest import Policy, PolicyRefused, read_policy
from complaints.models import ClockPolicy
from complaints.selectors.policies import calendar_for
from complaints.services.back_test import MOST_BYTES, MOST_ROWS
from complaints.states import BudgetUnit

MOST_RULE_BYTES = 256 * 1024
_ASK = _("请填写这一项")
_BETWEEN_NAMES = re.compile(r"[,，;；\n]")


def _name(label: Any, *, hint: Any = "", initial: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, initial=initial, required=False, max_length=200
    )


class BackTestForm(forms.Form):
    """What to replay. Gives `policy`, a checked policy, beside the uploaded `log`."""

    log = forms.FileField(
        label=_("事件日志"),
        error_messages={"required": _("请选择文件"), "empty": _("文件是空的")},
    )
    rule = forms.FileField(
        label=_("规则文件"),
        help_text=_("JSON 文件。选了它，下面的栏目都不用填"),
        required=False,
        error_messages={"empty": _("文件是空的")},
    )
    clock_policy = forms.ModelChoiceField(
        label=_("时限规则"),
        help_text=_("用它的数量、单位和工作日历"),
        queryset=ClockPolicy.objects.none(),
        required=False,
        empty_label=_("请选择"),
    )
    case_column = _name(_("案件编号在哪一列"), initial="case")
    event_column = _name(_("事件名称在哪一列"), initial="event")
    time_column = _name(_("时间在哪一列"), initial="time")
    start_event = _name(_("从什么事件起"), hint=_("几个事件用逗号分开；空着就从每件的第一行起"))
    stop_event = _name(_("到什么事件止"), hint=_("几个事件用逗号分开"))
    stop_occurrence = forms.ChoiceField(
        label=_("出现几次时"),
        choices=[("first", _("算第一次")), ("last", _("算最后一次"))],
        initial="first",
        required=False,
    )
    pause_event = _name(_("什么事件暂停"))
    resume_event = _name(_("什么事件继续"), hint=_("空着就到下一行为止"))
    group_by = _name(_("按哪一列分组"))
    until = forms.DateField(
        label=_("截至哪一天"),
        help_text=_("算到这一天结束；空着就到最后一个事件"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("日期写成 2026-11-22 这样")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["log"].help_text = _(
            "CSV 文件（可以压缩成 .gz），UTF-8 编码，每行一个事件，最多 %(size)d MB、%(rows)s 行"
        ) % {"size": MOST_BYTES // 1024**2, "rows": f"{MOST_ROWS:,}"}
        policies = ClockPolicy.objects.exclude(unit=BudgetUnit.FIXED)
        self.fields["clock_policy"].queryset = policies.order_by("code", "-version")
        self.fields["clock_policy"].label_from_instance = policy_label

    def clean_log(self) -> UploadedFile:
        log = self.cleaned_data["log"]
        if log.size > MOST_BYTES:
            raise forms.ValidationError(
                _("文件超过 %(size)d MB。请分成几份，或者用命令试算。")
                % {"size": MOST_BYTES // 1024**2}
            )
        return log

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule"):
            self._read("rule", lambda: _from_file(data["rule"]))
        elif self._fields_are_there(data):
            self._read(None, lambda: _from_fields(data))
        return self.cleaned_data

    def _fields_are_there(self, data: dict[str, Any]) -> bool:
        for name in ("clock_policy", "case_column", "event_column", "time_column", "stop_event"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _ASK)
        return not self.errors

    def _read(self, field: str | None, make: Any) -> None:
        try:
            self.cleaned_data["policy"] = read_policy(make())
        except PolicyRefused as refusal:
            self.add_error(field, str(refusal))

    @property
    def policy(self) -> Policy:
        """The checked policy, once the form is valid."""
        return self.cleaned_data["policy"]


def policy_label(policy: ClockPolicy) -> str:
    """Name a policy's version with its budget."""
    return _("%(name)s 第 %(version)d 版，%(amount)s %(unit)s，%(state)s") % {
        "name": policy.name or policy.get_kind_display(),
        "version": policy.version,
        "amount": f"{policy.amount.normalize():f}",
        "unit": policy.get_unit_display(),
        "state": policy.get_state_display(),
    }


def _from_file(rule: UploadedFile) -> Any:
    if rule.size > MOST_RULE_BYTES:
        raise PolicyRefused("", str(_("文件太大，不像是规则。")))
    try:
        return json.loads(rule.read().decode("utf-8-sig"))
    except ValueError as error:
        raise PolicyRefused("", str(_("不是 JSON：%(error)s") % {"error": error})) from error


def _from_fields(data: dict[str, Any]) -> dict[str, Any]:
    policy = data["clock_policy"]
    made: dict[str, Any] = {
        "columns": {name: data[f"{name}_column"] for name in ("case", "event", "time")},
        "name": policy.name or policy.get_kind_display(),
        "calendar": calendar_for(policy, team_id=None).as_data(),
        "budget": {
            "amount": str(policy.amount),
            "unit": policy.unit,
            "rolls": policy.rolls,
        },
        "start": _events(data["start_event"]) or {"any": True},
        "stop": _events(data["stop_event"]) | {"occurrence": data["stop_occurrence"] or "first"},
    }
    if pause := _events(data["pause_event"]):
        made["pause"] = pause
        made["resume"] = _events(data["resume_event"]) or {"any": True}
    if data["group_by"]:
        made["group_by"] = [data["group_by"]]
    if data["until"]:
        made["as_of"] = (data["until"] + timedelta(days=1)).isoformat()
    return made


def _events(text: str) -> dict[str, Any]:
    names = [name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()]
    return {"events": names} if names else {}
