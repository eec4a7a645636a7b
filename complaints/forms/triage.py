"""Forms of triage: deciding on a proposal, lowering, reports of wrongdoing, the taxonomy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import ComplaintCategory, WrongdoingReport
from complaints.selectors.reports import next_statuses
from complaints.selectors.taxonomy import categories
from complaints.services.conversation import LONGEST_MESSAGE
from complaints.states import Severity, Urgency, Wrongdoing

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")
_MISSING = {"required": _CHOOSE, "invalid_choice": _CHOOSE}


def _reason(label: Any, *, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _ASK},
    )


def _radio(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=_MISSING
    )


class LevelsForm(forms.Form):
    """Urgency and severity, with a reason."""

    urgency = _radio(_("紧急程度"), Urgency.choices)
    severity = _radio(_("严重程度"), Severity.choices)


class TriageForm(LevelsForm):
    """Confirm a proposal, or change it and say why."""

    reason = _reason(_("改动的理由"), hint=_("按建议确认不用填"), required=False)


class LoweringForm(LevelsForm):
    """Ask that a safety case be put lower."""

    reason = _reason(_("为什么可以降级"), hint=_("例如：已电话核实，没有人受伤，商品没有通电"))


class LoweringDecisionForm(forms.Form):
    """Approve or refuse somebody else's request."""

    YES, NO = "yes", "no"
    approve = _radio(_("决定"), [(YES, _("批准降级")), (NO, _("不批准"))])
    reason = _reason(_("理由"))


class ReportForm(forms.Form):
    """A report of wrongdoing."""

    about = _radio(_("举报事项"), Wrongdoing.choices)
    facts = _reason(_("举报的事实"), hint=_("谁在什么时候做了什么，有什么线索或材料"))
    wants_answer = forms.BooleanField(label=_("举报人要求告知结果"), required=False)


class ReportStepForm(forms.Form):
    """The next status of a report."""

    status = _radio(_("下一步"), [])
    note = _reason(_("说明"))

    def __init__(self, *args: Any, report: WrongdoingReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = next_statuses(report)


class TermForm(forms.Form):
    """The names of a category or an issue."""

    name_zh = forms.CharField(label=_("中文名称"), max_length=40, error_messages={"required": _ASK})
    name_en = forms.CharField(label=_("英文名称"), max_length=60, error_messages={"required": _ASK})
    position = forms.IntegerField(
        label=_("顺序"), min_value=0, max_value=9999, initial=100, help_text=_("小的排在前面")
    )


class NewTermForm(TermForm):
    """A new category, or a new issue of one."""

    code = forms.CharField(
        label=_("代码"),
        max_length=20,
        help_text=_("大写字母、数字和下划线，定了就不能改"),
        error_messages={"required": _ASK},
    )
    category = forms.ModelChoiceField(
        label=_("属于哪个类别"),
        queryset=ComplaintCategory.objects.none(),
        required=False,
        empty_label=_("这是一个新类别"),
    )
    field_order = ("category", "code", "name_zh", "name_en", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [category.code for category in categories()]
        self.fields["category"].queryset = ComplaintCategory.objects.filter(pk__in=codes).order_by(
            "position"
        )
        self.fields["category"].label_from_instance = lambda category: category.name
