"""What forms need on a page: lists of errors with links, titles, hints of single choices."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.utils.translation import ngettext

register = template.Library()


def form_problems(form: Form) -> Iterator[dict[str, str]]:
    """Give each problem of a form with the address of the field that has it."""
    for message in form.non_field_errors():
        yield {"href": "", "text": str(message)}
    for field in form:
        for message in field.errors:
            yield {"href": f"#{field_target(field)}", "text": str(message)}


def field_target(field: BoundField) -> str:
    """Give the id of the control that focus should go to: the first one of a group."""
    if field.use_fieldset:
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def problems(*sources: Any) -> list[dict[str, str]]:
    """Give the problems of forms, formsets or ready lists, in the order of the page."""
    found: list[dict[str, str]] = []
    for source in sources:
        if not source:
            continue
        if hasattr(source, "management_form"):
            found += [{"href": "", "text": str(text)} for text in source.non_form_errors()]
            found += [problem for form in source.forms for problem in form_problems(form)]
        elif hasattr(source, "non_field_errors"):
            found += form_problems(source) if source.is_bound else []
        else:
            found += source
    return found


@register.simple_tag
def error_prefix(*sources: Any) -> str:
    """Give what a page's title begins with when something needs a change, else nothing."""
    count = len(problems(*sources))
    if not count:
        return ""
    words = ngettext("有 %(count)d 处需要修改", "有 %(count)d 处需要修改", count)
    return f"{words % {'count': count}} - "


@register.filter
def choice_hint(field: BoundField, value: Any) -> str:
    """Give the hint of one choice, from the form field's `choice_hints` dictionary."""
    hints = getattr(field.field, "choice_hints", {})
    return hints.get(str(value), "")


@register.filter
def control_kind(field: BoundField) -> str:
    """Name the way a field is drawn: input, date, textarea, select, radios, ticks, tick, file."""
    kinds = {
        "radioselect": "radios",
        "checkboxselectmultiple": "ticks",
        "checkbox": "tick",
        "textarea": "textarea",
        "select": "select",
        "selectmultiple": "select",
        "clearablefile": "file",
        "file": "file",
        "date": "date",
        "hidden": "hidden",
    }
    if getattr(field.field.widget, "input_type", "") == "date":
        return "date"
    return kinds.get(field.widget_type, "input")
