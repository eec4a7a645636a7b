"""What is filled in about care: tasks, their owners, the template, public words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compensation.models import CareCause, CareKind, PublicStatement

_WHY = {"required": _("请写明理由。")}
_CHOOSE = {"required": _("请选一项"), "invalid_choice": _("请选一项")}
_AMOUNT = {"required": _("请填写金额"), "invalid": _("金额写成 1437.00 这样")}


def _area(label: Any, *, rows: int = 3, most: int = 3000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class StartCareForm(forms.Form):
    """For which cause tasks are opened by hand."""

    cause = forms.ChoiceField(label=_("情形"), choices=CareCause.choices, error_messages=_CHOOSE)


class DoneForm(forms.Form):
    """A task that was done."""

    cost = forms.DecimalField(
        label=_("费用"), max_digits=10, decimal_places=2, initial="0.00", error_messages=_AMOUNT
    )
    note = _area(
        _("备注"),
        required=False,
        help_text=_("加密保存，只给办这件事的人和主管看，看一次记一次"),
    )


class SkipForm(forms.Form):
    """A task that is not needed."""

    reason = forms.CharField(label=_("不需要的理由"), max_length=300, error_messages=_WHY)


class GiveForm(forms.Form):
    """Who does a task."""

    owner = forms.ModelChoiceField(
        label=_("负责人"), queryset=User.objects.none(), error_messages=_CHOOSE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("display_name", "pk")
        self.fields["owner"].queryset = people


class StatementForm(forms.Form):
    """Public words."""

    kind = forms.ChoiceField(
        label=_("种类"), choices=PublicStatement.Kind.choices, error_messages=_CHOOSE
    )
    title = forms.CharField(
        label=_("标题"), max_length=80, error_messages={"required": _("请填写标题")}
    )
    text = _area(
        _("正文"),
        rows=8,
        most=5000,
        help_text=_("不写消费者的姓名和联系方式；提交以后不能改"),
        error_messages={"required": _("请填写正文")},
    )
    text_en = _area(_("英文"), rows=6, most=5000, required=False)


class TemplateLineForm(forms.Form):
    """A line of the template."""

    hours = forms.IntegerField(
        label=_("几小时内"), min_value=1, max_value=720, error_messages={"required": _("请填写")}
    )
    most_cost = forms.DecimalField(
        label=_("费用上限"), max_digits=10, decimal_places=2, min_value=0, error_messages=_AMOUNT
    )
    guidance = forms.CharField(label=_("怎样做"), max_length=300, required=False)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)


class NewLineForm(TemplateLineForm):
    """A new line of the template."""

    cause = forms.ChoiceField(label=_("情形"), choices=CareCause.choices, error_messages=_CHOOSE)
    kind = forms.ChoiceField(label=_("事项"), choices=CareKind.choices, error_messages=_CHOOSE)
    field_order = ("cause", "kind", "hours", "most_cost", "guidance")
    is_active = None
