"""Forms of the desk: they check shape; whether a step may be taken is the services' to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.files import FilesField
from complaints.models import Batch, Product
from complaints.selectors.people import possible_owners
from complaints.selectors.taxonomy import (
    category_choices,
    category_name,
    issue_choices,
    issue_codes,
    issue_name,
)
from complaints.services.conversation import LONGEST_MESSAGE
from complaints.states import (
    DeclineGround,
    MergeCause,
    Scope,
    Severity,
)

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")
REVIEW_WINDOW = timedelta(days=15)


def _text(label: Any, *, rows: int = 4, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _ASK},
    )


def _date(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请选一个日期"), "invalid": _("日期写成 2026-11-22 这样")},
    )


def _choice(
    label: Any, choices: list[tuple[str, Any]], *, required: bool = True, radio: bool = False
) -> forms.ChoiceField:
    blank = [] if radio else [("", _("请选择"))]
    return forms.ChoiceField(
        label=label,
        choices=[*blank, *choices],
        required=required,
        widget=forms.RadioSelect if radio else forms.Select,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )


class ClassificationFields(forms.Form):
    """Category, issue and severity; an issue belongs to its category."""

    category = _choice(_("类别"), [])
    issue = _choice(_("问题"), [])
    severity = _choice(_("严重程度"), Severity.choices, radio=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("请选择")), *category_choices()]
        self.fields["issue"].choices = [("", _("请选择")), *issue_choices()]
        for name, named in (("category", category_name), ("issue", issue_name)):
            self._keep(name, named)

    def _keep(self, name: str, named: Any) -> None:
        """Let a case keep a term that was retired since."""
        field, kept = self.fields[name], self.initial.get(name) or ""
        offered = {
            code
            for choice in field.choices
            for code in ([c for c, _n in choice[1]] if isinstance(choice[1], list) else [choice[0]])
        }
        if kept and kept not in offered:
            field.choices = [*field.choices, (kept, named(kept))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        category, issue = data.get("category"), data.get("issue")
        if category and issue and issue not in issue_codes(category):
            self.add_error("issue", _("这个问题不属于所选的类别"))
        return data


ClassificationFields.base_fields["severity"].choice_hints = {
    Severity.MINOR: _("不影响使用，没有损失或损失很小"),
    Severity.MODERATE: _("影响正常使用，或有财产损失"),
    Severity.SEVERE: _("危及人身，或损失重大"),
}


class AcceptForm(ClassificationFields):
    """Acceptance: what happens next and by when; it goes to the consumer as written."""

    next_steps = _text(
        _("接下来怎么处理"), hint=_("原样发给消费者：谁在什么时候做什么，需要对方准备什么")
    )
    expected_on = _date(_("预计办结日期"))


class DeclineForm(forms.Form):
    """Non-acceptance: a listed ground, and where the consumer can go instead."""

    ground = _choice(_("理由"), DeclineGround.choices, radio=True)
    advice = _text(
        _("告诉消费者为什么，以及可以怎么办"), hint=_("原样发给消费者，写明还有哪些途径")
    )
    review_until = _date(_("可以申请复议到哪一天"))


class ClassifyForm(ClassificationFields):
    """The classification of a case, with the article it is about."""

    scope = _choice(_("范围"), Scope.choices, radio=True)
    product = forms.ModelChoiceField(
        label=_("商品"), queryset=Product.objects.none(), required=False, empty_label=_("不确定")
    )
    batch = forms.ModelChoiceField(
        label=_("批次"), queryset=Batch.objects.none(), required=False, empty_label=_("不确定")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.order_by("name", "model")
        self.fields["batch"].queryset = Batch.objects.select_related("product").order_by("code")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        product, batch = data.get("product"), data.get("batch")
        if batch and batch.product_id != getattr(product, "pk", None):
            self.add_error("batch", _("这个批次不属于所选的商品"))
        return data


class AssignForm(forms.Form):
    """Who is responsible from now on."""

    owner = forms.ModelChoiceField(
        label=_("交给谁"),
        queryset=possible_owners().none(),
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = possible_owners()


class ReasonForm(forms.Form):
    """A step that needs nothing but its reason."""

    reason = _text(_("理由"))

    def __init__(self, *args: Any, label: Any = None, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = hint


class RevealForm(forms.Form):
    """Why somebody needs to see contact details in clear."""

    reason = forms.CharField(
        label=_("为什么要看"),
        max_length=200,
        help_text=_("会记在案件里，主管能看到"),
        error_messages={"required": _ASK},
    )


class SafetyActionForm(forms.Form):
    """What was done about a danger."""

    action = _text(_("采取了什么措施"), hint=_("例如：电话请消费者断电停用，安排当天取回实物"))
    consumer_reached = forms.BooleanField(label=_("已经联系上消费者本人"), required=False)


class MergeForm(forms.Form):
    """Which case carries this one on."""

    into = forms.CharField(
        label=_("并入哪个案件"),
        max_length=20,
        help_text=_("填对方的编号，例如 RD-2026-004817"),
        error_messages={"required": _("请填写对方的编号")},
    )
    cause = _choice(_("为什么并案"), MergeCause.choices, radio=True)


class ConfirmForm(forms.Form):
    """A step that needs a yes and nothing else."""


class EvidenceForm(forms.Form):
    """Files for a case."""

    files = FilesField(label=_("文件"))
    caption = forms.CharField(label=_("说明"), max_length=200, required=False)
    for_consumer = forms.BooleanField(
        label=_("消费者也能看到"), required=False, help_text=_("检测报告等内部材料不要勾")
    )


class ComposerForm(forms.Form):
    """A reply to the consumer, or a note that stays inside."""

    REPLY, NOTE = "reply", "internal"
    kind = forms.ChoiceField(choices=[(REPLY, REPLY), (NOTE, NOTE)])
    text = forms.CharField(required=False, max_length=LONGEST_MESSAGE)
    files = FilesField(required=False)
    nonce = forms.CharField(required=False, max_length=64)
    next = forms.BooleanField(required=False)
