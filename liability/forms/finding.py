"""The finding's form: an outcome, reasons, and two tables of shares."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from liability.decisions import FindingData, ShareData
from liability.errors import ShareError
from liability.forms.investigation import text_field
from liability.selectors.facts import evidence_of
from liability.shares import apportion
from liability.states import (
    GroundKind,
    LiabilityKind,
    Outcome,
    Party,
    ShareTable,
    StandardOfProof,
)

BLANK_ROWS = 4
MOST_ROWS = 20
MOST_WEIGHT = 10**9
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
    ground_kind = forms.ChoiceField(
        label=_("依据的种类"),
        choices=GroundKind.choices,
        initial=GroundKind.ARTICLE,
        required=False,
        error_messages={"invalid_choice": _CHOOSE},
    )
    ground = forms.CharField(
        label=_("依据"), max_length=300, error_messages={"required": _("请写明依据")}
    )
    evidence = forms.MultipleChoiceField(
        label=_("证据"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("证据只能从本案的材料里选")},
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

    def has_changed(self) -> bool:
        """Say whether anything but a choice that stands there anyway was entered."""
        return bool(set(self.changed_data) - {"kind", "ground_kind"})

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
            ground_kind=data["ground_kind"] or GroundKind.ARTICLE,
            evidence=[int(pk) for pk in data.get("evidence", [])],
        )


class BaseShareFormSet(forms.BaseFormSet):
    """Rows of a table; one that was there before may be emptied like any other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = BLANK_ROWS + len(self.initial or [])

    def initial_form_count(self) -> int:
        """Return no row as given: each row may be left blank."""
        return 0

    def begun(self) -> list[ShareForm]:
        """Return the rows in which something was entered."""
        return [row for row in self.forms if row.has_changed()]


ShareFormSet = forms.formset_factory(
    ShareForm, formset=BaseShareFormSet, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
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
    reasons_internal = text_field(
        _("完整理由"),
        rows=4,
        required=False,
        hint=_("存档用：事实、证据怎样采信、法律怎样适用。消费者看不到"),
    )
    standard_of_proof = forms.ChoiceField(
        label=_("证明标准"),
        choices=StandardOfProof.choices,
        initial=StandardOfProof.PREPONDERANCE,
        required=False,
    )
    expected_amount = forms.DecimalField(
        label=_("预计补偿金额"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text=_("超过限额的认定要由另一位同事批准"),
        error_messages={
            "invalid": _("金额写成 1280.00 这样"),
            "min_value": _("金额不能小于 0"),
            "max_decimal_places": _("金额最多两位小数"),
        },
    )
    dissenter = forms.CharField(label=_("谁有不同意见"), max_length=80, required=False)
    dissent = text_field(_("不同意见"), rows=3, required=False)
    respondent_email = forms.EmailField(
        label=_("被投诉方的邮箱"),
        required=False,
        help_text=_("外部的被投诉方会和消费者同时收到结果，以及怎样申请复议"),
        error_messages={"invalid": _("邮箱写成 name@example.com 这样")},
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        case: Case,
        initial: dict[str, Any] | None = None,
    ) -> None:
        given = initial or {}
        super().__init__(data, initial=given)
        evidence = [(str(row.pk), row.file.original_name) for row in evidence_of(case)]
        self.outward = self._rows(data, ShareTable.OUTWARD, evidence, given)
        self.inward = self._rows(data, ShareTable.INWARD, evidence, given)

    def _rows(
        self, data: Any, table: ShareTable, evidence: list[tuple[str, str]], given: dict[str, Any]
    ) -> Any:
        return ShareFormSet(
            data,
            prefix=table.value,
            initial=given.get(table.value),
            form_kwargs={"table": table, "evidence": evidence},
        )

    def add_problem(self, error: CaseError) -> None:
        """Show a service's refusal where it belongs: at a row, a table, a field or above all."""
        tables = {ShareTable.OUTWARD: self.outward, ShareTable.INWARD: self.inward}
        rows = tables.get(error.table) if isinstance(error, ShareError) else None
        if rows is None or not isinstance(error, ShareError):
            add_case_error(self, error)
            return
        begun = rows.begun()
        if error.row is None or error.row >= len(begun):
            rows.non_form_errors().append(str(error))
            return
        row = begun[error.row]
        row.add_error(error.column if error.column in row.fields else None, str(error))

    def is_valid(self) -> bool:
        """Say whether the form and every row that was begun is whole."""
        valid = [super().is_valid(), self.outward.is_valid(), self.inward.is_valid()]
        return all(valid)

    def finding(self) -> FindingData:
        """Return what was entered as the service takes it."""
        rows = [*self.outward.begun(), *self.inward.begun()]
        data = dict(self.cleaned_data)
        data["standard_of_proof"] = data["standard_of_proof"] or StandardOfProof.PREPONDERANCE
        return FindingData(**data, shares=[row.share_data() for row in rows])


def initial_of(finding: FindingData) -> dict[str, Any]:
    """Return what the form begins with when a finding is worked on again."""
    given: dict[str, Any] = {name: getattr(finding, name) for name in FindingForm.base_fields}
    for table in ShareTable:
        given[table.value] = [
            {
                "party": share.party,
                "name": share.name,
                "share": share.share,
                "kind": share.kind,
                "ground_kind": share.ground_kind,
                "ground": share.ground,
                "evidence": [str(pk) for pk in share.evidence],
            }
            for share in finding.shares
            if share.table == table
        ]
    return given


def apportioned(data: Any, table: str) -> dict[str, Any]:
    """Return what was posted with the shares of a table worked out from weights.

    What stands as share is taken as weight, nothing as equal parts; text that is no number stays.
    """
    given = {name: data.get(name, "") for name in FindingForm.base_fields}
    for each in ShareTable:
        given[each.value] = _posted_rows(data, each.value)
    rows = [row for row in given[table] if row["party"]]
    weights = [_weight(row["share"]) for row in rows]
    if not any(row["share"] for row in rows):
        weights = [Decimal(1)] * len(rows)
    if rows and all(weight is not None and weight > 0 for weight in weights):
        parts = apportion([weight for weight in weights if weight is not None])
        for row, part in zip(rows, parts, strict=True):
            row["share"] = part
    return given


def _posted_rows(data: Any, prefix: str) -> list[dict[str, Any]]:
    names = [name for name in ShareForm.base_fields if name != "evidence"]
    rows = []
    for number in range(MOST_ROWS):
        row = {name: data.get(f"{prefix}-{number}-{name}", "") for name in names}
        row["evidence"] = data.getlist(f"{prefix}-{number}-evidence")
        if any(row[name] for name in ("party", "name", "share", "ground")):
            rows.append(row)
    return rows


def _weight(text: str) -> Decimal | None:
    try:
        weight = Decimal(text.strip())
    except InvalidOperation:
        return None
    return weight if weight.is_finite() and abs(weight) < MOST_WEIGHT else None


FindingForm.base_fields["outcome"].choice_hints = {
    Outcome.LIABLE: _("问题是我们造成的，消费者没有责任"),
    Outcome.PARTLY: _("我们和别人都有责任，写明各占多少"),
    Outcome.NOT_LIABLE: _("问题和我们无关，通知期满后可以结案"),
    Outcome.UNDETERMINED: _("查不清楚，仍然可以提出补偿方案"),
}
