"""What the desk fills in on the way from a draft to a closed case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.forms.duties import agreed_duties, agreed_parts, duty_fields, faults_of_duties
from agreements.forms.fields import day, line, moment, proof, rating, resolved, text, yes_or_no
from agreements.models import LibraryClause, Obligation
from agreements.states import CallOutcome, WordingKind
from agreements.terms import AgreementTerms, Clause, PartyData

_PARTICULARS = ("name", "phone", "address", "id_type", "id_number", "payee")


class DraftForm(forms.Form):
    """The consumer's particulars and what the offer leaves open; the money is the offer's.

    Particulars that are known already are not shown: left empty they are taken over.
    """

    name = line(_("消费者姓名"))
    phone = line(_("联系电话"), most=60)
    address = line(_("地址"), most=200)
    id_type = line(_("证件类型"), most=40, hint=_("例如：居民身份证"))
    id_number = line(_("证件号码"), most=60, hint=_("加密保存，只印在协议上"))
    payee = line(_("收款方式或账户"), most=120, hint=_("加密保存，列表里只显示后四位"))
    method = line(_("怎样到账或办理"), most=200, required=True)
    goods_return = line(_("退回商品和运费"), most=200, hint=_("例如：由我们上门取件，运费我们付"))
    invoice = line(_("发票"), most=200)
    gives_up = text(_("消费者放弃的权利"), rows=2, hint=_("没有就写「无」；人身损害的权利不能放弃"))
    penalty_rate = forms.DecimalField(
        label=_("我们逾期时每天的违约金（%）"),
        required=False,
        min_value=0,
        max_value=1,
        max_digits=4,
        decimal_places=3,
        error_messages={"invalid": _("写成 0.05 这样")},
    )
    grace_days = forms.IntegerField(
        label=_("逾期几天以内不计违约金"),
        required=False,
        min_value=0,
        max_value=30,
        help_text=_("留空表示从第一天起计"),
        error_messages={"invalid": _("写成 3 这样的整数")},
    )
    penalty_cap = forms.DecimalField(
        label=_("违约金最多是逾期金额的百分之几"),
        required=False,
        min_value=1,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
        help_text=_("留空表示没有上限"),
        error_messages={"invalid": _("写成 30 这样")},
    )
    effective_on = day(_("生效日期"), required=False, hint=_("留空表示最后一方签署时生效"))
    confidential = forms.BooleanField(
        label=_("双方对金额保密"), required=False, help_text=_("不影响消费者投诉、举报、起诉")
    )
    wording = forms.ChoiceField(
        label=_("用哪份文本"),
        required=False,
        choices=[choice for choice in WordingKind.choices if choice[0] != WordingKind.MEDIATION],
    )
    library = forms.MultipleChoiceField(
        label=_("条款库"), required=False, widget=forms.CheckboxSelectMultiple
    )
    clause_title = line(_("补充约定的标题"), most=60)
    clause_text = text(_("补充约定"), rows=3)
    minimum_waiver = text(
        _("低于法定标准时，消费者为什么这样选"), rows=2, hint=_("只在低于法定标准时填写")
    )

    change_reason = text(
        _("为什么改文本"),
        rows=2,
        required=True,
        hint=_("已经有一方签了上一版。保存以后那些签名全部作废，各方会看到改了什么和这个原因"),
    )

    def __init__(
        self,
        *args: Any,
        terms: AgreementTerms,
        known: PartyData,
        signed: bool = False,
        library: Sequence[LibraryClause] = (),
        language: str = "zh-hans",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.known, self.language = terms, known, language
        self.library = {row.code: row for row in library}
        self.fields["library"].choices = [
            (row.code, row.title(get_language() or "")) for row in library
        ]
        if not library:
            del self.fields["library"]
        if not signed:
            del self.fields["change_reason"]
        for name in _PARTICULARS:
            if getattr(known, name):
                self.fields[name].help_text = _("已经登记，留空就用登记的；有变化才填")
        for number, duty in enumerate(terms.undertakings):
            label = _("最晚日期：%(text)s") % {"text": duty.description}
            self.fields[f"due_{number}"] = day(label)
            self.fields[f"due_{number}"].initial = duty.due_on
        self.fields |= duty_fields(terms.undertakings)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("clause_title")) != bool(data.get("clause_text")):
            self.add_error("clause_text", _("补充约定要有标题和内容。"))
        for field, sentence in faults_of_duties(data, self.terms.undertakings):
            self.add_error(field, sentence)
        return data

    def _clauses(self) -> tuple[Clause, ...]:
        data, language = self.cleaned_data, self.language
        chosen = [self.library[code] for code in data.get("library", [])]
        clauses = [Clause(row.title(language), row.text(language)) for row in chosen]
        if data["clause_text"]:
            clauses.append(Clause(data["clause_title"], data["clause_text"]))
        return tuple(clauses)

    def agreed_terms(self) -> AgreementTerms:
        """Return the offer's terms with what was filled in, clauses in the agreement's language."""
        data = self.cleaned_data
        rate, cap = data.get("penalty_rate"), data.get("penalty_cap")
        return replace(
            self.terms,
            undertakings=agreed_duties(data, self.terms.undertakings, language=self.language),
            method=data["method"],
            goods_return=data["goods_return"],
            invoice=data["invoice"],
            gives_up=data["gives_up"],
            penalty_rate=f"{rate.normalize():f}" if rate else "",
            grace_days=data.get("grace_days") or 0,
            penalty_cap=f"{cap.normalize():f}" if cap else "",
            confidential=data["confidential"],
            clauses=self._clauses(),
            **agreed_parts(data),
        )

    def party(self) -> PartyData:
        """Return the consumer's particulars."""
        given = {name: self.cleaned_data[name] for name in _PARTICULARS}
        return replace(self.known, **{name: value for name, value in given.items() if value})


class OfferForm(forms.Form):
    """Until when the agreement can be signed."""

    sign_by = moment(_("签署期限"), hint=_("至少留 24 小时阅读"))


class PerformForm(forms.Form):
    """What was done, with a proof."""

    note = text(_("怎么履行的"), hint=_("例如：已寄出，快递单号 SF1234567890"))
    proof = proof(_("凭证"), required=False)
    performed_on = day(_("履行日期"), required=False)


class BreachForm(forms.Form):
    """Why something is overdue."""

    reason = text(_("为什么没有按期办到"), required=True)


class RemedyForm(forms.Form):
    """How a breach is mended, with a new day for each overdue thing."""

    remedy = text(_("怎样补救"), required=True, hint=_("消费者会看到新的日期"))

    def __init__(self, *args: Any, overdue: Sequence[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.overdue = list(overdue)
        for duty in self.overdue:
            label = _("新的日期：%(text)s") % {"text": duty.description}
            self.fields[f"due_{duty.pk}"] = day(label)

    def new_dates(self) -> dict[int, date]:
        """Return the new day of each obligation."""
        return {duty.pk: self.cleaned_data[f"due_{duty.pk}"] for duty in self.overdue}


class FollowUpForm(forms.Form):
    """What the consumer said on the telephone."""

    arrived = yes_or_no(_("约定的都收到了吗"), yes=_("都收到了"), no=_("还有没收到的"))
    missing = forms.TypedMultipleChoiceField(
        label=_("没有收到的"),
        choices=(),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rating = rating()
    resolved = resolved()
    comment = text(_("消费者的评价"), rows=3)
    change = text(_("消费者觉得我们哪里该改"), rows=2)

    def __init__(self, *args: Any, duties: Sequence[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"].choices = [(duty.pk, duty.description) for duty in duties]


class TryForm(forms.Form):
    """A call in which nothing could be asked."""

    outcome = forms.ChoiceField(
        label=_("电话打得怎么样"),
        choices=CallOutcome.choices,
        initial=CallOutcome.NO_ANSWER,
        widget=forms.RadioSelect,
    )
    again_at = moment(_("什么时候再打"), hint=_("约好再打时填写"), required=False)
    note = line(_("说明"), most=200, hint=_("例如：无人接听，已留言"))
