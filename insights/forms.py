"""The dashboard's choice of days."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

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
