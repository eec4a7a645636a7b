"""Forms of a common remedy: the plan's form, with amounts that may follow each one's price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.drafts import PlanData
from compensation.forms.plan import LineForm, OptionForm, PlanForm
from compensation.models import CommonRemedy
from compensation.periods import FEWEST_OFFER_DAYS, MOST_OFFER_DAYS, OFFER_DAYS
from compensation.remedies import RemedyTerms, from_json


class RemedyLineForm(LineForm):
    """One item, the same for everybody or what each one paid."""

    of_price = forms.BooleanField(label=_("按每人的实付金额，不超过上面的金额"), required=False)


class RemedyOptionForm(OptionForm):
    """One way to make it good for everybody."""

    line_form = RemedyLineForm


class RemedyForm(PlanForm):
    """A common remedy with up to six options; never below what the law gives."""

    option_form = RemedyOptionForm
    floor_of_price = forms.BooleanField(label=_("法定最低金额就是每人的实付金额"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        del self.fields["informed_choice"], self.fields["informed_choice_reason"]

    def terms(self) -> RemedyTerms:
        """Return what was entered as the service takes it."""
        data = self.cleaned_data
        plan = PlanData(
            options=[option.option() for option in self.options if option.is_used],
            legal_minimum=data["legal_minimum"],
            legal_basis=data["legal_basis"],
        )
        return RemedyTerms(plan, data["floor_of_price"])


def remedy_initial(remedy: CommonRemedy | None) -> dict[str, Any]:
    """Return what the form begins with: the newest version, or nothing."""
    if remedy is None:
        return {"legal_minimum": Decimal("0.00"), "options": []}
    terms = from_json(remedy.terms)
    return {
        "legal_minimum": terms.plan.legal_minimum,
        "legal_basis": terms.plan.legal_basis,
        "floor_of_price": terms.floor_of_price,
        "options": [
            {
                "head": {name: getattr(option, name) for name in OptionForm.base_fields},
                "lines": [
                    {name: getattr(line, name) for name in RemedyLineForm.base_fields}
                    for line in option.lines
                ],
            }
            for option in terms.plan.options
        ],
    }


class RemedyDecisionForm(forms.Form):
    """Approve a version or give it back."""

    decision = forms.ChoiceField(
        label=_("决定"),
        choices=[("approve", _("批准")), ("return", _("退回"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项"), "invalid_choice": _("请选一项")},
    )
    reason = forms.CharField(
        label=_("意见"),
        max_length=500,
        required=False,
        help_text=_("退回要写理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RemedySendForm(forms.Form):
    """For how long the offers hold."""

    valid_days = forms.IntegerField(
        label=_("有效天数"),
        initial=OFFER_DAYS,
        min_value=FEWEST_OFFER_DAYS,
        max_value=MOST_OFFER_DAYS,
        error_messages={"required": _("请填写这一项"), "invalid": _("请填写一个整数")},
    )
