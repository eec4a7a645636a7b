"""The finding's form: an outcome, reasons, and two tables of shares."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from liability.decisions import FindingData, ShareData
from liability.forms.investigation import text_field
from liability.selectors.facts import evidence_of
from liability.states import LiabilityKind, Outcome, Party, ShareTable

BLANK_ROWS = 4
MOST_ROWS = 20
_CHOOSE = _("请选一项")


class ShareForm(forms.Form):
    """One party's share; a row left blank counts for nothing."""

    party = forms.ChoiceField(
        label=_("责任方"),
        choices=[("", _("请选择")), *Party.choices],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    name = forms.CharField(label=_("名称"), max_length=120, required=False)
    share = forms.DecimalField(
        label=_("比例"),
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-share": "", "step": "0.01", "min": "0"}),
        error_messages={
            "required": _("请填写比例"),
            "invalid": _("比例写成 60 或 33.33 这样"),
            "max_decimal_places": _("比例最多两位小数"),
            "max_digits": _("比例不超过 100"),
            "max_whole_digits": _("比例不超过 100"),
        },
    )
    kind = forms.ChoiceField(
        label=_("责任形式"),
        choices=LiabilityKind.choices,
        initial=LiabilityKind.SEVERAL,
        required=False,
    )
    ground = forms.CharField(
        label=_("依据"), max_length=300, error_messages={"required": _("请写明依据")}
    )
    evidence = forms.MultipleChoiceField(
        label=_("证据"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, table: str, evidence: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.fields["evidence"].choices = evidence
        if table == ShareTable.INWARD:
            del self.fields["kind"]
        if not evidence:
            del self.fields["evidence"]

    def share_data(self) -> ShareData:
        """Return the row as the service takes it."""
        data = self.cleaned_data
        return ShareData(
            table=self.table,
            party=data["party"],
            share=data["share"],
            ground=data["ground"],
            name=data.get("name", ""),
            kind=data.get("kind", ""),
            evidence=[int(pk) for pk in data.get("evidence", [])],
        )


ShareFormSet = forms.formset_factory(
    ShareForm, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class FindingForm(forms.Form):
    """A finding with its shares outward and inward."""

    outcome = forms.ChoiceField(
        label=_("结论"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    reasons_consumer = text_field(
        _("给消费者的理由"),
        rows=6,
        hint=_("用平实的话写，一段一行。消费者会看到，也写进责任认定书"),
    )
    reasons_internal = text_field(_("内部理由"), rows=3, required=False)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        case: Case,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        evidence = [(str(row.pk), row.file.original_name) for row in evidence_of(case)]
        self.outward = self._rows(data, ShareTable.OUTWARD, evidence)
        self.inward = self._rows(data, ShareTable.INWARD, evidence)

    def _rows(self, data: Any, table: ShareTable, evidence: list[tuple[str, str]]) -> Any:
        return ShareFormSet(
            data, prefix=table.value, form_kwargs={"table": table, "evidence": evidence}
        )

    def is_valid(self) -> bool:
        """Say whether the form and every row that was begun is whole."""
        valid = [super().is_valid(), self.outward.is_valid(), self.inward.is_valid()]
        return all(valid)

    def finding(self) -> FindingData:
        """Return what was entered as the service takes it."""
        rows = [*self.outward.forms, *self.inward.forms]
        return FindingData(
            outcome=self.cleaned_data["outcome"],
            reasons_consumer=self.cleaned_data["reasons_consumer"],
            reasons_internal=self.cleaned_data["reasons_internal"],
            shares=[row.share_data() for row in rows if row.has_changed()],
        )


FindingForm.base_fields["outcome"].choice_hints = {
    Outcome.LIABLE: _("问题是我们造成的，消费者没有责任"),
    Outcome.PARTLY: _("我们和别人都有责任，写明各占多少"),
    Outcome.NOT_LIABLE: _("问题和我们无关，通知期满后可以结案"),
    Outcome.UNDETERMINED: _("查不清楚，仍然可以提出补偿方案"),
}
