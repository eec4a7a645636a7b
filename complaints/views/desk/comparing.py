"""Two people changed the same facts: both versions side by side, one choice for each field.

A page carries what its fields were when it was loaded (`was-<field>`). Saved too late, it shows for
each field that differs what the colleague left and what was typed; choosing posts the form again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from complaints.comparing import Compared, compared

WAS = "was-"


def plain(value: Any) -> str:
    """Return a fact as the text that a form posts for it."""
    if value is None:
        return ""
    return str(getattr(value, "pk", value))


def was_fields(facts: Mapping[str, Any], names: Iterable[str]) -> list[dict[str, str]]:
    """Return the hidden fields that say what somebody saw."""
    return [{"name": WAS + name, "value": plain(facts.get(name))} for name in names]


def compared_rows(
    form: forms.Form, now: Mapping[str, Any], posted: Mapping[str, str], names: Iterable[str]
) -> list[dict[str, Any]]:
    """Return a row for every field that a colleague changed, and the late post would undo.

    `now` are the case's facts as they stand, `posted` the late post and what its page began with.
    """
    names = [name for name in names if name in form.fields]
    before = {name: posted[WAS + name] for name in names if WAS + name in posted}
    theirs = {name: plain(now.get(name)) for name in names}
    mine = {name: str(posted.get(name, "")) for name in names}
    rows = compared(before, theirs, mine)
    return [_row(form, each) for each in rows if each.differs and each.before != each.theirs]


def _row(form: forms.Form, each: Compared) -> dict[str, Any]:
    labels = _labels(form.fields[each.name])
    return {
        "name": each.name,
        "label": form.fields[each.name].label,
        "conflict": each.is_conflict,
        "before": labels.get(each.before, each.before),
        "choices": [
            {
                "who": who,
                "value": value,
                "label": labels.get(value, value),
                "checked": value == each.proposed,
            }
            for who, value in (("theirs", each.theirs), ("mine", each.mine))
        ],
    }


def _labels(field: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple):
            found |= {plain(inner): str(name) for inner, name in label}
        else:
            found[str(value)] = str(label)
    return found
