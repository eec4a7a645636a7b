"""What an investigator writes in the report; the rest is taken from the case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from liability.forms.investigation import text_field
from liability.reports import ReportData
from liability.selectors.facts import investigations_of
from liability.states import RiskLevel


class ReportForm(forms.Form):
    """The texts of the report; a new line is a new paragraph or a new point."""

    independence = text_field(_("独立性"), rows=2, hint=_("负责调查的人和双方有没有关系"))
    method = text_field(_("调查方法"), rows=3, hint=_("听取了谁、查了哪些记录、做了什么检测"))
    facts_found = text_field(_("查明的事实"), rows=4, hint=_("一行一条"))
    facts_not_proved = text_field(_("不能认定的事实"), rows=2, required=False)
    cause = text_field(_("原因"), rows=2, required=False)
    batch_scope = text_field(_("批次范围"), rows=2, required=False)
    losses = text_field(_("损失"), rows=3, required=False, hint=_("一行一项：项目 | 金额 | 凭证"))
    remedies = text_field(_("补救办法"), rows=3, required=False, hint=_("一行一个"))
    risk = forms.ChoiceField(
        label=_("风险等级"), choices=RiskLevel.choices, initial=RiskLevel.MEDIUM
    )
    recall = text_field(_("召回检查"), rows=2, required=False)
    limits = text_field(_("局限"), rows=2, required=False, hint=_("例如：样品只有一件"))

    def report(self) -> ReportData:
        """Return what was entered as the service takes it."""
        return ReportData(**self.cleaned_data)


def first_words(case: Case) -> dict[str, Any]:
    """Return what a first report begins with: the notes of the investigation."""
    notes = [note.text for each in investigations_of(case) for note in each.notes.all()]
    return {
        "independence": _("负责调查的人和双方都没有利害关系。"),
        "method": _("听取双方陈述，核对订单和材料，检测商品。"),
        "facts_found": "\n".join(reversed(notes)),
    }
