"""What is filled in about caring calls: the answer, a call in vain, a rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import CHOOSE, line, text
from agreements.states import CareCause, CareState
from complaints.states import Category


class CareForm(forms.Form):
    """How somebody is who was reached."""

    state = forms.ChoiceField(
        label=_("消费者现在怎么样"),
        choices=[
            (CareState.WELL, _("都好")),
            (CareState.NEEDS_HELP, _("需要帮助，马上告诉负责人")),
            (CareState.NO_MORE, _("不想再接电话")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    words = text(_("消费者说了什么"), rows=3, hint=_("加密保存；需要帮助的，写明是什么"))


class RuleForm(forms.Form):
    """After which cases somebody calls, and when."""

    name = line(_("名称"), most=60, required=True)
    cause = forms.ChoiceField(label=_("哪些案件"), choices=CareCause.choices)
    category = forms.ChoiceField(
        label=_("类别"), choices=[("", _("全部")), *Category.choices], required=False
    )
    after_days = forms.IntegerField(
        label=_("结案多少天以后"),
        min_value=1,
        max_value=365,
        error_messages={"required": _("请填写这一项"), "invalid": _("写成 21 这样的整数")},
    )
    is_active = forms.BooleanField(label=_("使用中"), required=False, initial=True)
