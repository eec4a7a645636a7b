"""Forms of plans and consult tasks: they check shape; rules are the services' to say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.states import Role
from complaints.forms.files import FilesField
from complaints.selectors.taxonomy import category_choices
from complaints.states import Severity
from liability.forms.investigation import text_field
from liability.models import PlanItem
from liability.selectors.consulting import departments, suppliers
from liability.services.consulting import Question
from liability.services.planning import MOST_LINES, TemplateLine
from liability.states import INSIDE, OUTSIDE, Addressee, PlanKind

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")


def day_field(label: Any, *, hint: Any = "", required: bool = False) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请选一个日期"), "invalid": _("日期写成 2026-11-22 这样")},
    )


def choice_field(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """Return a select with a blank first line."""
    return forms.ChoiceField(
        label=label,
        choices=[("", _("请选择")), *choices],
        required=required,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )


def line_field(label: Any, *, length: int = 120, hint: Any = "", required: bool = False) -> Any:
    """Return a field for one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=length,
        error_messages={"required": _ASK},
    )


class NonceForm(forms.Form):
    """A form that may be sent twice and counts once."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ItemForm(forms.Form):
    """One more line of a plan."""

    kind = choice_field(_("种类"), PlanKind.choices)
    text = line_field(_("内容"), length=300, required=True)
    addressee = forms.ChoiceField(
        label=_("由谁"), choices=Addressee.choices, initial=Addressee.INVESTIGATOR
    )
    due_on = day_field(_("最晚哪天"))


class ConsultForm(NonceForm):
    """A question, whom it goes to, and until when."""

    addressee = choice_field(
        _("交给谁"), [each for each in Addressee.choices if each[0] in INSIDE | OUTSIDE]
    )
    department = forms.ModelChoiceField(
        label=_("部门"), queryset=departments().none(), required=False, empty_label=_("请选择")
    )
    role = choice_field(_("岗位"), Role.choices, required=False)
    supplier = forms.ModelChoiceField(
        label=_("供货者"),
        queryset=suppliers().none(),
        required=False,
        empty_label=_("不在名单里，下面写名称"),
    )
    party_name = line_field(_("对方单位"), hint=_("公司以外的单位写名称"))
    email = line_field(_("对方邮箱"), length=254, hint=_("链接发到这里，只能打开这一个问题"))
    question = text_field(_("要对方回答什么"), hint=_("对方看得到。不要写消费者的姓名和联系方式"))
    facts = text_field(
        _("对方需要知道的情况"),
        rows=3,
        required=False,
        hint=_("商品、型号、批次和发生日期会自动带上"),
    )
    due_on = day_field(_("答复期限"), hint=_("不选就按时限规则，通常两个工作日"))
    asks_statement = forms.BooleanField(
        label=_("同时作为向对方送达的陈述通知"),
        required=False,
        help_text=_("认定对方承担责任之前，必须听取对方陈述，或者等答复期限过去"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments()
        self.fields["supplier"].queryset = suppliers()

    def question_data(self, item: PlanItem | None) -> Question:
        """Return what was entered as the service takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "nonce"}
        return Question(**data, plan_item=item)


class AnswerForm(forms.Form):
    """An answer to a consult task, with files."""

    text = text_field(_("你的答复"), rows=8)
    files = FilesField(
        label=_("附件"), required=False, help_text=_("照片、检验记录、单据，最多 10 个")
    )


class PartnerAnswerForm(AnswerForm):
    """An answer by somebody who has no account."""

    name = line_field(_("答复人"), length=80, hint=_("姓名和职务"), required=True)
    field_order = ["text", "files", "name"]


class RevokeForm(forms.Form):
    """Why a question is taken back."""

    reason = line_field(_("为什么撤销"), length=300, required=True)


class ExtendForm(forms.Form):
    """Until when there is more time, and why."""

    due_on = day_field(_("新的答复期限"), required=True)
    reason = line_field(_("为什么延期"), length=300, required=True)


class LineForm(forms.Form):
    """One line of a template; a row without words counts for nothing: to clear is to remove."""

    kind = choice_field(_("种类"), PlanKind.choices, required=False)
    text = line_field(_("内容"), length=300)
    text_en = line_field(_("内容（英文）"), length=300)
    to = choice_field(_("由谁"), Addressee.choices, required=False)
    days = forms.IntegerField(
        label=_("几个工作日内"),
        required=False,
        min_value=1,
        max_value=60,
        error_messages={"invalid": _("天数写整数")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("kind", "to"):
            if data.get("text") and not data.get(name) and name not in self.errors:
                self.add_error(name, _CHOOSE)
        if data.get("text_en") and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("先写中文内容，英文是它的译文"))
        return data

    def line(self) -> TemplateLine:
        """Return the row as the service takes it."""
        return TemplateLine(**{name: self.cleaned_data[name] for name in self.fields})


LineFormSet = forms.formset_factory(
    LineForm, extra=4, max_num=MOST_LINES, absolute_max=MOST_LINES, can_delete=False
)


class TemplateForm(forms.Form):
    """Which cases a template is for, and the version that its author began with."""

    category = forms.ChoiceField(label=_("类别"), required=False)
    severity = forms.ChoiceField(
        label=_("严重程度"), required=False, choices=[("", _("不限")), *Severity.choices]
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lines: Any = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["category"].choices = [("", _("不限")), *category_choices()]
        self.rows = LineFormSet(data, prefix="lines", initial=list(lines))

    def is_valid(self) -> bool:
        """Say whether the form and every row that was begun is whole."""
        valid = [super().is_valid(), self.rows.is_valid()]
        return all(valid)

    def lines(self) -> list[TemplateLine]:
        """Return the rows that say something, in their order."""
        filled = [row for row in self.rows.forms if row.cleaned_data.get("text")]
        return [row.line() for row in filled]
