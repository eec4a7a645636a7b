"""What was agreed or ordered, as a form: lines of money, duties with days, and some texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.states import Debtor, ObligationKind
from agreements.terms import AgreementTerms, PartyData, TermLine, Undertaking
from reviews.forms.fields import CHOOSE, day_field, line_field, money_field, text_field

BLANK_ROWS = 2
MOST_ROWS = 12


class LineForm(forms.Form):
    """One item of money."""

    label = line_field(_("项目"), most=120)
    amount = money_field(_("金额"))
    basis = line_field(_("依据"), most=200, required=False)

    def value(self) -> TermLine:
        """Return the row as the terms take it."""
        data = self.cleaned_data
        return TermLine(label=data["label"], amount=data["amount"], basis=data["basis"])


class DutyForm(forms.Form):
    """One thing that somebody promises, with its day."""

    kind = forms.ChoiceField(
        label=_("做什么"),
        choices=[("", _("请选择")), *ObligationKind.choices],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    description = line_field(_("说明"), most=300)
    amount = money_field(_("付款金额"), required=False)
    due_on = day_field(_("最晚哪天完成"))
    debtor = forms.ChoiceField(
        label=_("谁来做"),
        choices=Debtor.choices,
        initial=Debtor.COMPANY,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == ObligationKind.PAYMENT and not data.get("amount"):
            if "amount" not in self.errors:
                self.add_error("amount", _("请填写付款的金额"))
        elif data.get("kind"):
            data["amount"] = data["amount"] if data["kind"] == ObligationKind.PAYMENT else None
        return data

    def value(self) -> Undertaking:
        """Return the row as the terms take it."""
        data = self.cleaned_data
        return Undertaking(
            kind=data["kind"],
            description=data["description"],
            due_on=data["due_on"],
            debtor=data["debtor"],
            amount=data["amount"],
        )


LineFormSet = forms.formset_factory(
    LineForm, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
DutyFormSet = forms.formset_factory(
    DutyForm, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class TermsForm(forms.Form):
    """Lines and duties; subclasses add the texts that go with them."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, initial=initial, **kwargs)
        given = initial or {}
        self.lines = LineFormSet(data, prefix="lines", initial=given.get("lines"))
        self.duties = DutyFormSet(data, prefix="duties", initial=given.get("duties"))

    def is_valid(self) -> bool:
        """Say whether the form and every row that was begun is whole."""
        valid = [super().is_valid(), self.lines.is_valid(), self.duties.is_valid()]
        return all(valid)

    def terms(self) -> AgreementTerms:
        """Return what was entered as the services take it."""
        return AgreementTerms(
            lines=tuple(row.value() for row in self.lines.forms if row.has_changed()),
            undertakings=tuple(row.value() for row in self.duties.forms if row.has_changed()),
            **self.texts(),
        )

    def texts(self) -> dict[str, Any]:
        """Return the texts of the terms."""
        return {}


class MediationTermsForm(TermsForm):
    """A mediation agreement: facts, responsibility, what is to be done, and who the consumer is."""

    name = line_field(_("消费者姓名"), most=80, hint=_("写进协议，签署时按这个姓名核对"))
    findings = text_field(_("主要事实和争议"), rows=5)
    liability = text_field(_("各方的责任"), rows=3)
    method = line_field(_("履行方式"), most=200, required=False, hint=_("例如：原路退回"))
    gives_up = text_field(
        _("消费者放弃什么"), rows=2, hint=_("没有就写「无」。人身损害和以后才发现的损失不能放弃")
    )
    minimum_waiver = text_field(_("低于法定标准时，消费者为什么这样选"), rows=2, required=False)

    def texts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("findings", "liability", "method", "gives_up")}

    def party(self, known: PartyData) -> PartyData:
        """Return the consumer's particulars under the name as it was entered."""
        return PartyData(
            name=self.cleaned_data["name"],
            phone=known.phone,
            address=known.address,
            payee=known.payee,
        )


class AwardForm(TermsForm):
    """An award or judgment: what it orders, when it was made, and the paper."""

    decided_on = day_field(_("裁决或判决的日期"))
    findings = text_field(_("裁决或判决的主要内容"), rows=5)
    paper = forms.FileField(
        label=_("裁决书或判决书"), required=False, help_text=_("PDF 或照片，按原样保存")
    )

    def texts(self) -> dict[str, Any]:
        return {"findings": self.cleaned_data["findings"]}
