"""Facts of any kind, asked for by a form that is made from what the rules read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.forms.fact_words import CHOICES, HINTS, LABELS, OWN_LABELS, SECTIONS
from compensation.forms.plan import money_field
from compensation.rules import KINDS
from compensation.rules.facts import Shape, shape_of
from compensation.rules.schemas import FOUND_BY_PEOPLE

YES, NO = "yes", "no"
UNKNOWN = ("", _("不清楚"))
DEPENDANTS = "dependants"
_NUMBER = _("请填写数值")


class FactsForm(forms.Form):
    """What is left blank is not known, and no rule takes it for a no."""

    def __init__(self, data: Any = None, *, kind: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.kind = kind
        self.names = [name for _title, names in SECTIONS[kind] for name in names.split()]
        for name in self.names:
            self.fields[name] = _field(kind, name)
        if not FOUND_BY_PEOPLE.isdisjoint(self.names):
            self.fields["confirmed"] = forms.BooleanField(
                label=_("以上认定我已核对证据，由我确认"), required=False
            )

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (title, [self[name] for name in names.split()]) for title, names in SECTIONS[self.kind]
        ]

    def clean_dependants(self) -> list[dict[str, int]]:
        """Read people who are supported: 10/2 is ten years old, with two who support."""
        found = []
        for part in self.cleaned_data[DEPENDANTS].replace("；", ";").split(";"):
            age, slash, supporters = part.strip().partition("/")
            numbers = [one.strip() for one in (age, supporters if slash else "1")]
            if not part.strip():
                continue
            if not all(one.isascii() and one.isdecimal() and len(one) < 4 for one in numbers):
                raise forms.ValidationError(_("写成「年龄/扶养人数」，例如 10/2；14/1"))
            found.append({"age": int(numbers[0]), "supporters": int(numbers[1])})
        return found

    def facts(self) -> dict[str, Any]:
        """Return what was entered as the rules read it."""
        told = {name: self.cleaned_data.get(name) for name in self.names}
        return {
            name: _as_fact(self.kind, name, value)
            for name, value in told.items()
            if value not in (None, "", [])
        }


def _shape(kind: str, name: str) -> Shape | None:
    return shape_of(KINDS[kind][0][name])


def _field(kind: str, name: str) -> forms.Field:
    """Make the field of a fact from what its reader takes."""
    label = OWN_LABELS.get((kind, name), LABELS[name])
    hint = HINTS.get(name, "")
    more: dict[str, Any] = {"label": label, "required": False, "help_text": hint}
    if name == DEPENDANTS:
        return forms.CharField(max_length=200, **more)
    if (kind, name) in CHOICES:
        return forms.ChoiceField(choices=[UNKNOWN, *CHOICES[kind, name]], **more)
    shape = _shape(kind, name)
    if shape is None:
        raise LookupError(f"{kind}.{name} can't be asked for")
    if shape.name == "money":
        return money_field(label, required=False, hint=hint)
    if shape.name == "day":
        return forms.DateField(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("日期写成 2026-11-02 这样")},
            **more,
        )
    if shape.name == "flag":
        return forms.ChoiceField(choices=[UNKNOWN, (YES, _("是")), (NO, _("否"))], **more)
    if shape.name == "count":
        return forms.IntegerField(
            min_value=shape.least,
            max_value=int(shape.most),
            error_messages={"invalid": _NUMBER},
            **more,
        )
    return forms.DecimalField(
        min_value=0,
        max_value=shape.most,
        decimal_places=6,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
        error_messages={"invalid": _NUMBER},
        **more,
    )


def _as_fact(kind: str, name: str, value: Any) -> Any:
    """Write a value as the rules read it: money and shares as text, days as ISO."""
    shape = None if (kind, name) in CHOICES or name == DEPENDANTS else _shape(kind, name)
    if shape is None:
        return value
    if shape.name == "money":
        return f"{value:.2f}"
    if shape.name == "day":
        return value.isoformat()
    if shape.name == "flag":
        return value == YES
    return value if shape.name == "count" else f"{value:f}"


def facts_initial(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form begins with: facts told before; findings have to be confirmed anew."""
    return {name: _as_entered(kind, name, value) for name, value in facts.items()}


def _as_entered(kind: str, name: str, value: Any) -> Any:
    if name == DEPENDANTS:
        return "; ".join(f"{one['age']}/{one.get('supporters', 1)}" for one in value)
    if isinstance(value, bool):
        return YES if value else NO
    shape = None if (kind, name) in CHOICES else _shape(kind, name)
    return Decimal(value) if shape is not None and shape.name == "money" else value
