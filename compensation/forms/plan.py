"""The plan's form: some options, each with lines. It checks shape; rules are the services'."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.drafts import LineData, OptionData, PlanData
from compensation.models import CompensationPlan, EntitlementSheet, PlanOption
from compensation.services.planning import MOST_OPTIONS
from compensation.states import NEVER_CASH, Layer, LineKind, OptionKind
from complaints.numbers import whole_number

FEWEST_BLOCKS = 3
BLANK_LINES = 2
MOST_LINES = 20
_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")


def money_field(label: Any, *, required: bool = True, hint: Any = "", **attrs: str) -> Any:
    """Return a field for an amount of money."""
    return forms.DecimalField(
        label=label,
        required=required,
        help_text=hint,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(
            attrs={"step": "0.01", "min": "0", "inputmode": "decimal"} | attrs
        ),
        error_messages={
            "required": _("请填写金额"),
            "invalid": _("金额写成 1299.00 这样"),
            "max_decimal_places": _("金额最多两位小数"),
            "min_value": _("金额不能小于 0"),
        },
    )


class LineForm(forms.Form):
    """One item; a row left blank counts for nothing."""

    kind = forms.ChoiceField(
        label=_("项目"),
        choices=[("", _("请选择")), *LineKind.choices],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    description = forms.CharField(
        label=_("说明"), max_length=120, error_messages={"required": _ASK}
    )
    amount = money_field(_("金额"), **{"data-line": ""})
    quantity = forms.IntegerField(
        label=_("数量"), initial=1, min_value=1, error_messages={"required": _ASK}
    )
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    layer = forms.ChoiceField(label=_("层级"), choices=Layer.choices, initial=Layer.FLOOR)
    legal_basis = forms.CharField(label=_("依据"), max_length=200, required=False)

    def line(self) -> LineData:
        """Return the row as the service takes it."""
        data = self.cleaned_data
        return LineData(is_cash=data["kind"] not in NEVER_CASH, **data)


class _LineFormSet(forms.BaseFormSet):
    """Rows that may all be left blank, those filled beforehand too."""

    def initial_form_count(self) -> int:
        return 0


def _line_formset(
    form: type[LineForm], data: Any, prefix: str, initial: list[dict[str, Any]]
) -> Any:
    factory = forms.formset_factory(
        form,
        formset=_LineFormSet,
        extra=len(initial) + BLANK_LINES,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
    )
    return factory(data, prefix=prefix, initial=initial)


class OptionForm(forms.Form):
    """One way to make it good, with its lines."""

    line_form: type[LineForm] = LineForm
    kind = forms.ChoiceField(label=_("方式"), choices=OptionKind.choices, initial=OptionKind.REFUND)
    title = forms.CharField(
        label=_("标题"), max_length=60, error_messages={"required": _("请填写标题")}
    )
    arrival_text = forms.CharField(
        label=_("什么时候到"),
        max_length=120,
        help_text=_("例如：签署后 3 个工作日内原路退回"),
        error_messages={"required": _ASK},
    )
    performance_days = forms.IntegerField(
        label=_("签署后几天内履行"), initial=3, min_value=1, max_value=365
    )
    non_cash_duties = forms.CharField(
        label=_("非现金义务"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    legal_minimum = money_field(
        _("本方案法定最低金额"),
        required=False,
        hint=_("维修、换货之外依法还要给的钱；留空用整个方案的"),
    )

    def __init__(
        self, data: Any = None, *, prefix: str, initial: dict[str, Any], lines: list[dict[str, Any]]
    ) -> None:
        super().__init__(
            data, prefix=prefix, initial=initial, empty_permitted=True, use_required_attribute=False
        )
        self.lines = _line_formset(self.line_form, data, f"{prefix}-lines", lines)

    def is_valid(self) -> bool:
        """Say whether the option and every line that was begun is whole."""
        self.empty_permitted = not any(line.has_changed() for line in self.lines)
        lines = self.lines.is_valid()
        return super().is_valid() and lines

    @property
    def is_used(self) -> bool:
        """Whether anything was entered."""
        return self.has_changed() or any(line.has_changed() for line in self.lines)

    def option(self) -> OptionData:
        """Return the option as the service takes it."""
        lines = [line.line() for line in self.lines if line.has_changed()]
        return OptionData(lines=lines, **self.cleaned_data)


class PlanForm(forms.Form):
    """A plan with up to six options."""

    option_form: type[OptionForm] = OptionForm
    legal_minimum = money_field(_("法定最低金额"), hint=_("依法至少要给的金额；没有就填 0"))
    legal_basis = forms.CharField(
        label=_("法律依据"),
        max_length=300,
        required=False,
        help_text=_("例如：消费者权益保护法第五十二条"),
    )
    informed_choice = forms.BooleanField(
        label=_("消费者知情后，自己选择低于法定金额的方案"), required=False
    )
    informed_choice_reason = forms.CharField(
        label=_("怎样告知、消费者怎样选择"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    deviation_reason = forms.CharField(
        label=_("偏离公司标准的理由"),
        required=False,
        max_length=3000,
        help_text=_("比公司标准多或少一成以上，要写明为什么；审批人会看到"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    blocks = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_OPTIONS
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        sheet: EntitlementSheet | None = None,
    ) -> None:
        begun = initial or {}
        filled: list[dict[str, Any]] = begun.get("options", [])
        blocks = self._blocks(data, filled)
        super().__init__(data, initial={**begun, "blocks": blocks})
        if sheet is not None:
            del self.fields["legal_minimum"], self.fields["legal_basis"]
        self.options = [
            self.option_form(
                data,
                prefix=f"o{number}",
                initial=filled[number]["head"] if number < len(filled) and data is None else {},
                lines=filled[number]["lines"] if number < len(filled) and data is None else [],
            )
            for number in range(blocks)
        ]

    @staticmethod
    def _blocks(data: Any, filled: list[dict[str, Any]]) -> int:
        asked = data.get("blocks", "") if data is not None else ""
        wanted = whole_number(str(asked), len(filled) + 1)
        return min(max(wanted, FEWEST_BLOCKS), MOST_OPTIONS)

    def is_valid(self) -> bool:
        """Say whether the plan and every option that was begun is whole."""
        valid = [option.is_valid() for option in self.options]
        return super().is_valid() and all(valid)

    def plan(self) -> PlanData:
        """Return what was entered as the service takes it."""
        data = self.cleaned_data
        return PlanData(
            options=[option.option() for option in self.options if option.is_used],
            legal_minimum=data.get("legal_minimum", Decimal(0)),
            legal_basis=data.get("legal_basis", ""),
            informed_choice=data["informed_choice"],
            informed_choice_reason=data["informed_choice_reason"],
            deviation_reason=data["deviation_reason"],
        )


def plan_initial(
    plan: CompensationPlan | None, proposed: Sequence[OptionData] = ()
) -> dict[str, Any]:
    """Return what the form begins with: the last plan, or what the rules propose, or nothing."""
    if plan is None:
        begun = [_proposed_option(option) for option in proposed]
        return {"legal_minimum": Decimal("0.00"), "options": begun}
    return {
        "legal_minimum": plan.legal_minimum,
        "legal_basis": plan.legal_basis,
        "informed_choice": plan.informed_choice,
        "informed_choice_reason": plan.informed_choice_reason,
        "deviation_reason": plan.deviation_reason,
        "options": [_option_initial(option) for option in plan.options.all()],
    }


def _proposed_option(option: OptionData) -> dict[str, Any]:
    return {
        "head": {name: getattr(option, name) for name in OptionForm.base_fields},
        "lines": [
            {name: getattr(line, name) for name in LineForm.base_fields} for line in option.lines
        ],
    }


def _option_initial(option: PlanOption) -> dict[str, Any]:
    return {
        "head": {name: getattr(option, name) for name in OptionForm.base_fields},
        "lines": [
            {name: getattr(line, name) for name in LineForm.base_fields}
            for line in option.lines.all()
        ],
    }
