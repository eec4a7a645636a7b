"""The dashboard's choice of days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.selectors.clock_figures import PARTS
from complaints.selectors.people import teams
from complaints.states import ClockKind
from insights.measures import MEASURES, OUTCOMES
from insights.periods import PRESETS, Period, period_between, preset_period


class PeriodForm(forms.Form):
    """Days from the address; anything that can't be read falls back to the last twelve weeks."""

    preset = forms.ChoiceField(choices=[(name, name) for name in PRESETS], required=False)
    start = forms.DateField(label=_("从"), required=False)
    end = forms.DateField(label=_("到"), required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    def period(self, *, today: date) -> Period:
        """Return the chosen period."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("start") and chosen.get("end"):
            return period_between(chosen["start"], chosen["end"])
        return preset_period(chosen.get("preset", ""), today=today)


class MeasureForm(PeriodForm):
    """Which figure's cases to list."""

    measure = forms.ChoiceField(choices=[(name, name) for name in MEASURES])
    outcome = forms.ChoiceField(choices=[(name, name) for name in OUTCOMES], required=False)


class ClocksForm(PeriodForm):
    """Whose clocks to count, and which of them to list."""

    team = forms.ChoiceField(label=_("小组"), required=False)
    code = forms.SlugField(required=False)
    kind = forms.ChoiceField(choices=ClockKind.choices, required=False)
    part = forms.ChoiceField(choices=[(name, name) for name in PARTS], required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["team"].choices = [
            ("", _("所有小组")),
            *((str(team.pk), team.name) for team in teams()),
        ]

    def team_id(self) -> int | None:
        """Return the chosen team."""
        self.is_valid()
        chosen = self.cleaned_data.get("team")
        return int(chosen) if chosen else None
