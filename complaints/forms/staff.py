"""Forms about people's work: skills and limits, days of absence, what skills cases ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Skill, User
from accounts.states import AbsenceReason
from complaints.models import SkillNeed
from complaints.selectors.people import possible_owners
from complaints.states import Category, ConflictGround, Urgency

_CHOOSE = _("请选一项")
_ASK = _("请填写这一项")
MOST_CASES = 500


class WorkloadForm(forms.ModelForm):
    """What somebody can do, and how much at once."""

    class Meta:
        model = User
        fields = ("takes_cases", "most_open_cases", "skills")
        widgets = {"skills": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["takes_cases"].help_text = _("不勾的，只有手动转交才会收到案件")
        limit = self.fields["most_open_cases"]
        limit.min_value, limit.max_value = 1, MOST_CASES
        limit.help_text = _("满了以后不再自动分配；紧急案件最多可以再多两件")
        limit.widget.attrs.update(min=1, max=MOST_CASES)
        self.fields["skills"].queryset = Skill.objects.order_by("name")

    def clean_most_open_cases(self) -> int:
        number = self.cleaned_data["most_open_cases"]
        if not 1 <= number <= MOST_CASES:
            raise forms.ValidationError(_("请填 1 到 500 之间的整数"))
        return number


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请选一个日期"), "invalid": _("日期写成 2026-11-22 这样")},
    )


class AbsenceForm(forms.Form):
    """On which days somebody is away."""

    starts_on = _day(_("从哪天"))
    ends_on = _day(_("到哪天"))
    reason = forms.ChoiceField(
        label=_("原因"), choices=AbsenceReason.choices, error_messages={"required": _CHOOSE}
    )
    stand_in = forms.ModelChoiceField(
        label=_("由谁代理"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("不指定，按规则分配"),
        help_text=_("紧急的、等不到本人回来的案件，先交给代理人"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = possible_owners().exclude(pk=person.pk)


class SkillForm(forms.ModelForm):
    """A new skill."""

    class Meta:
        model = Skill
        fields = ("name",)
        error_messages = {
            "name": {"required": _ASK, "unique": _("已经有这个技能")},
        }


class SkillNeedForm(forms.ModelForm):
    """Which cases ask for a skill."""

    category = forms.ChoiceField(
        label=_("类别"), choices=[("", _("不限")), *Category.choices], required=False
    )
    urgency = forms.ChoiceField(
        label=_("紧急程度"), choices=[("", _("不限")), *Urgency.choices], required=False
    )
    language = forms.ChoiceField(
        label=_("语言"),
        choices=[("", _("不限")), ("zh-hans", _("中文")), ("en", "English")],
        required=False,
    )

    class Meta:
        model = SkillNeed
        fields = ("skill", "category", "product_line", "language", "urgency", "for_care")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skill = self.fields["skill"]
        skill.queryset, skill.empty_label = Skill.objects.order_by("name"), _("请选择")
        skill.error_messages["required"] = _CHOOSE
        self.fields["product_line"].help_text = _("和商品资料里的品类写得一样，例如：空调")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked = ("category", "product_line", "language", "urgency", "for_care")
        if not any(data.get(name) for name in asked):
            self.add_error("category", _("至少选一个条件，不然所有案件都要这个技能"))
        return data


class ConflictForm(forms.Form):
    """Who must not handle a case, and why."""

    user = forms.ModelChoiceField(
        label=_("谁"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    ground = forms.ChoiceField(
        label=_("原因"), widget=forms.RadioSelect, error_messages={"required": _CHOOSE}
    )
    with_customer = forms.BooleanField(
        label=_("这位客户的所有案件都回避"), required=False, help_text=_("包括以后的投诉")
    )

    def __init__(self, *args: Any, may_clear: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = possible_owners()
        grounds = [each for each in ConflictGround.choices if each[0] != ConflictGround.NONE]
        cleared = [(ConflictGround.NONE.value, ConflictGround.NONE.label)] if may_clear else []
        self.fields["ground"].choices = [*grounds, *cleared]
