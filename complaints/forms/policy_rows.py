"""Rows of a time limit's form: the rungs of its ladder, and the causes for which it may pause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.policy_words import EFFECT_WORDS, RECIPIENT_WORDS
from complaints.states import PauseCause

PERCENT, DUE, AFTER = "percent", "due", "after"
FEWEST_ROWS, SPARE_ROWS, MOST_ROWS = 6, 2, 40
MOST_ESCALATIONS = 9
LONGEST_PAUSE = 3650
_CHOOSE = gettext_lazy("请选一项")
_NUMBER = gettext_lazy("写成 50 或者 0.5 这样的数")


class _Rows(forms.BaseFormSet):
    """Rows of which all count, those filled beforehand too."""

    def initial_form_count(self) -> int:
        return 0

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form: forms.Form = super()._construct_form(i, **kwargs)
        form.empty_permitted = False
        return form

    def refuse(self, words: str) -> None:
        """Show a refusal that concerns all rows."""
        self.non_form_errors().append(words)


class RungForm(forms.Form):
    """One rung: when, whom to tell, what changes. A row without a "when" counts for nothing."""

    when = forms.ChoiceField(
        label=gettext_lazy("什么时候"),
        required=False,
        choices=[
            ("", gettext_lazy("不用这一行")),
            (PERCENT, gettext_lazy("用去时长的百分之几")),
            (DUE, gettext_lazy("到期时")),
            (AFTER, gettext_lazy("到期后几小时")),
        ],
        error_messages={"invalid_choice": _CHOOSE},
    )
    value = forms.DecimalField(
        label=gettext_lazy("数"),
        required=False,
        max_digits=6,
        decimal_places=2,
        error_messages={
            "invalid": _NUMBER,
            "max_digits": _NUMBER,
            "max_whole_digits": _NUMBER,
            "max_decimal_places": gettext_lazy("最多两位小数"),
        },
    )
    tell = forms.MultipleChoiceField(
        label=gettext_lazy("告诉谁"),
        required=False,
        choices=list(RECIPIENT_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _CHOOSE},
    )
    effect = forms.ChoiceField(
        label=gettext_lazy("改变什么"),
        required=False,
        choices=[(key, words) for key, words in EFFECT_WORDS.items() if key != "resume"],
        error_messages={"invalid_choice": _CHOOSE},
    )

    def clean(self) -> dict[str, Any]:
        """Check that the number fits the moment."""
        data = self.cleaned_data
        when, value = data.get("when"), data.get("value")
        if not when and (value is not None or data.get("tell") or data.get("effect")):
            self.add_error("when", _("请选择这一行什么时候发生"))
        elif when == PERCENT and "value" in data:
            if value is None or value != int(value) or not 1 <= value <= 99:
                self.add_error("value", _("写 1 到 99 之间的整数"))
        elif when == AFTER and "value" in data and (value is None or value < 0):
            self.add_error("value", _("写到期以后过几小时，例如 4"))
        return data

    @property
    def place(self) -> tuple[int, Decimal]:
        """A key that sorts rungs as they follow each other."""
        data = self.cleaned_data
        order = {PERCENT: 0, DUE: 1, AFTER: 2}[data["when"]]
        return order, Decimal(0) if order == 1 else data["value"]


class _LadderRows(_Rows):
    def used(self) -> list[RungForm]:
        """Return the rows that count, in the order of their moments."""
        used = [form for form in self.forms if form.is_valid() and form.cleaned_data["when"]]
        return sorted(used, key=lambda form: form.place)

    def clean(self) -> None:
        """Each moment once, and the due moment among them."""
        if any(not form.is_valid() for form in self.forms):
            return
        seen: set[tuple[int, Decimal]] = set()
        for form in self.used():
            place = form.place
            if place in seen:
                form.add_error("when", _("这个时候已经有一行了，请合成一行"))
            seen.add(place)
        if (1, Decimal(0)) not in seen:
            raise forms.ValidationError(_("请留一行「到期时」：到期一定要记下来。"))
        if sum(place[0] == 2 for place in seen) > MOST_ESCALATIONS:
            raise forms.ValidationError(_("到期以后最多九行。"))

    def is_valid(self) -> bool:
        """Say whether every row can be taken; a row may be refused for the sake of another."""
        return super().is_valid() and not any(form.errors for form in self.forms)

    def rows(self) -> list[dict[str, Any]]:
        """Return the ladder as it is stored."""
        found, level = [], 0
        for form in self.used():
            data, row = form.cleaned_data, {}
            if data["when"] == PERCENT:
                row = {
                    "rung": f"warn_{int(data['value'])}",
                    "fraction": _plain(data["value"] / 100),
                }
            elif data["when"] == DUE:
                row = {"rung": "breach", "fraction": "1"}
            else:
                level += 1
                row = {"rung": f"escalation_{level}", "after_hours": _plain(data["value"])}
            if data["tell"]:
                row["tell"] = data["tell"]
            if data["effect"]:
                row["effect"] = data["effect"]
            found.append(row)
        return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def ladder_forms(data: Any, ladder: Sequence[Mapping[str, Any]]) -> _LadderRows:
    """Return the rows of a ladder, with some spare."""
    initial = [_rung_initial(row) for row in ladder]
    factory = forms.formset_factory(
        RungForm,
        formset=_LadderRows,
        extra=max(FEWEST_ROWS, len(initial) + SPARE_ROWS),
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )
    return factory(data, prefix="ladder", initial=initial)


def _rung_initial(row: Mapping[str, Any]) -> dict[str, Any]:
    said = {"tell": row.get("tell", []), "effect": row.get("effect", "")}
    if row["rung"] == "breach":
        return {"when": DUE, **said}
    if "fraction" in row:
        return {"when": PERCENT, "value": _plain(Decimal(row["fraction"]) * 100), **said}
    return {"when": AFTER, "value": _plain(Decimal(row["after_hours"])), **said}


class PauseForm(forms.Form):
    """One cause: whether it may pause the clock, for how many days, and whether with proof."""

    allowed = forms.BooleanField(required=False)
    cap_days = forms.IntegerField(
        label=gettext_lazy("最多几天"),
        required=False,
        min_value=1,
        max_value=LONGEST_PAUSE,
        error_messages={
            "invalid": gettext_lazy("写整数的天数，例如 15"),
            "min_value": gettext_lazy("至少一天"),
            "max_value": gettext_lazy("最多写 3650 天"),
        },
    )
    proof = forms.BooleanField(label=gettext_lazy("要有证明材料"), required=False, initial=True)
    cause = ""

    def clean(self) -> dict[str, Any]:
        """A cause that is allowed has its longest time."""
        data = self.cleaned_data
        if data.get("allowed") and "cap_days" in data and data["cap_days"] is None:
            self.add_error("cap_days", _("请写明最多暂停几天"))
        return data


class _PauseRows(_Rows):
    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        form.cause = PauseCause.values[i] if i < len(PauseCause.values) else ""
        form.fields["allowed"].label = PauseCause(form.cause).label if form.cause else ""
        return form

    def rows(self) -> list[dict[str, Any]]:
        """Return the causes as they are stored."""
        return [
            {
                "cause": form.cause,
                "cap_days": form.cleaned_data["cap_days"],
                "proof": form.cleaned_data["proof"],
            }
            for form in self.forms
            if form.cause and form.cleaned_data.get("allowed")
        ]


def pause_forms(data: Any, rules: Sequence[Mapping[str, Any]]) -> _PauseRows:
    """Return a row for each cause for which a clock may ever pause."""
    held = {rule["cause"]: rule for rule in rules}
    initial = [
        {
            "allowed": cause in held,
            "cap_days": held.get(cause, {}).get("cap_days"),
            "proof": held.get(cause, {}).get("proof", True),
        }
        for cause in PauseCause.values
    ]
    count = len(initial)
    factory = forms.formset_factory(
        PauseForm, formset=_PauseRows, extra=count, max_num=count, absolute_max=count
    )
    return factory(data, prefix="pauses", initial=initial)
