"""What a person asks to be done to many cases at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.models import Macro
from complaints.selectors.macros import offered_macros
from complaints.selectors.people import possible_owners
from complaints.services.tagging import LONGEST_NAME
from complaints.states import BulkKind, MergeCause, Severity

_CHOOSE = _("请选一项")
KINDS = tuple(kind for kind in BulkKind if kind != BulkKind.UNDO)


class BulkForm(forms.Form):
    """The parameters of one kind of bulk work."""

    def __init__(self, kind: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.kind = kind
        self.fields.update(_FIELDS[kind]())

    def params(self) -> dict[str, Any]:
        """Return what was given, as the service takes it; the tag by its name."""
        given = dict(self.cleaned_data)
        if self.kind == BulkKind.ASSIGN:
            given["owner"] = given["owner"].pk
        return given


def _owner() -> dict[str, forms.Field]:
    owner = forms.ModelChoiceField(
        label=_("交给谁"),
        queryset=possible_owners(),
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    return {"owner": owner}


def _tag() -> dict[str, forms.Field]:
    tag = forms.CharField(
        label=_("标签"),
        max_length=LONGEST_NAME,
        help_text=_("已有的标签直接写名称，没有的会新建"),
        error_messages={"required": _("请写一个标签。")},
    )
    return {"tag": tag}


def _severity() -> dict[str, forms.Field]:
    severity = forms.ChoiceField(
        label=_("严重程度"),
        choices=Severity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    return {"severity": severity}


def _merge() -> dict[str, forms.Field]:
    into = forms.CharField(
        label=_("并入哪个案件"),
        max_length=20,
        help_text=_("填对方的编号，例如 RD-2026-004817"),
        error_messages={"required": _("请填写对方的编号")},
    )
    cause = forms.ChoiceField(
        label=_("为什么并案"),
        choices=MergeCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    return {"into": into, "cause": cause}


class _OfferedMacro(forms.ChoiceField):
    """One of the macros on the page; its value names the version that the person saw."""

    def clean(self, value: Any) -> Macro:
        chosen = str(super().clean(value))
        return next(each for each in self.offered if _value(each) == chosen)

    def __init__(self) -> None:
        self.offered = offered_macros()
        super().__init__(
            label=_("哪个快捷操作"),
            choices=[(_value(each), each.name) for each in self.offered],
            widget=forms.RadioSelect,
            error_messages={
                "required": _CHOOSE,
                "invalid_choice": _("这个快捷操作刚刚改过或停用了，看看现在的再选。"),
            },
        )


def _value(macro: Macro) -> str:
    return f"{macro.pk}.{macro.version}"


def _macro() -> dict[str, forms.Field]:
    return {"macro": _OfferedMacro()}


_FIELDS = {
    BulkKind.ASSIGN: _owner,
    BulkKind.TAG: _tag,
    BulkKind.UNTAG: _tag,
    BulkKind.SEVERITY: _severity,
    BulkKind.MERGE: _merge,
    BulkKind.MACRO: _macro,
}
