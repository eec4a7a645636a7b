"""What a mediator does, one class each: the form and the one service, whichever door they came by.

Pages of the desk and of an invited mediator mix these in; the service decides who may.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from agreements.errors import AgreementBlocked
from agreements.selectors import proposed_party
from agreements.selectors.full_text import full_text
from agreements.selectors.proposals import default_waiver, liability_statement
from agreements.services.reading import note_opened
from agreements.states import SignerRole
from agreements.views.evidence import sign_evidence
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.desk import ConfirmForm
from complaints.models import Case
from liability.selectors import current_finding
from reviews.forms.mediation import (
    CompanyPositionForm,
    EndForm,
    MeetingForm,
    NoteForm,
    PositionsForm,
    ReasonForm,
    SignForm,
)
from reviews.forms.terms import MediationTermsForm
from reviews.models import Mediation
from reviews.selectors.mediations import leads, signing_agreement
from reviews.selectors.talks import talk_shown
from reviews.services.mediating import (
    Positions,
    end_mediation,
    plan_meeting,
    record_positions,
    write_private_note,
)
from reviews.services.settling import (
    draft_mediation_agreement,
    offer_mediation_agreement,
    refuse_mediation_agreement,
    sign_mediation_agreement,
)
from reviews.states import MediationMode


class Deed:
    """One thing to do with a mediation."""

    form_class: type[forms.Form]
    title: Any = ""
    lead: Any = ""
    submit: Any = ""
    done: Any = ""
    danger = False
    request: HttpRequest

    def begins_with(self, mediation: Mediation) -> dict[str, Any]:
        """Return what the form begins with."""
        return {}

    def form_for(self, mediation: Mediation, actor: Actor, **kwargs: Any) -> forms.Form:
        """Make the form."""
        return self.form_class(**kwargs)

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        """Call the one service."""
        raise NotImplementedError


class RecordPositions(Deed):
    """Write down what each side wants; who doesn't lead writes the company's side only."""

    title = gettext_lazy("双方的主张")
    lead = gettext_lazy("调解员和双方都会看到这里写的内容。")
    submit = gettext_lazy("保存")
    done = gettext_lazy("双方的主张已保存")

    def begins_with(self, mediation: Mediation) -> dict[str, Any]:
        return {
            "consumer": mediation.consumer_position,
            "company": mediation.company_position,
            "common": mediation.common_ground,
        }

    def form_for(self, mediation: Mediation, actor: Actor, **kwargs: Any) -> forms.Form:
        writes_all = leads(mediation, actor) or mediation.mode == MediationMode.AGENT
        return PositionsForm(**kwargs) if writes_all else CompanyPositionForm(**kwargs)

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        words = {**self.begins_with(mediation), **form.cleaned_data}
        record_positions(mediation, by=actor, positions=Positions(**words))


class PlanMeeting(Deed):
    """Fix when and where both sides meet."""

    form_class = MeetingForm
    title = gettext_lazy("约定会谈")
    lead = gettext_lazy("消费者会收到通知。")
    submit = gettext_lazy("确定会谈时间")
    done = gettext_lazy("会谈时间已确定，消费者会收到通知")

    def begins_with(self, mediation: Mediation) -> dict[str, Any]:
        return {"meeting_at": mediation.meeting_at, "place": mediation.meeting_place}

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        data = form.cleaned_data
        plan_meeting(mediation, by=actor, at=data["meeting_at"], place=data["place"])


class WriteNote(Deed):
    """Keep a private note about one side's talk."""

    form_class = NoteForm
    title = gettext_lazy("写私密记录")
    lead = gettext_lazy("两方的谈话分开记，只有主持调解的人能看到。")
    submit = gettext_lazy("保存记录")
    done = gettext_lazy("私密记录已保存")

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        write_private_note(mediation, by=actor, **form.cleaned_data)


class EndMediation(Deed):
    """End the talk without an agreement."""

    form_class = EndForm
    title = gettext_lazy("结束调解")
    lead = gettext_lazy("没有达成协议时用。案件回到调解之前的一步，达成协议的请起草调解协议。")
    submit = gettext_lazy("结束调解")
    done = gettext_lazy("调解已结束，案件回到之前的一步")
    danger = True

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        end_mediation(mediation, by=actor, seen=seen, **form.cleaned_data)


class DraftAgreement(Deed):
    """Write down what both sides agreed on."""

    title = gettext_lazy("调解协议")
    lead = gettext_lazy("写双方都同意的内容。金额、要做的事和日期会成为公司必须履行的义务。")
    submit = gettext_lazy("保存草稿")
    done = gettext_lazy("调解协议草稿已保存")

    def form_for(self, mediation: Mediation, actor: Actor, **kwargs: Any) -> forms.Form:
        return MediationTermsForm(**kwargs)

    def begins_with(self, mediation: Mediation) -> dict[str, Any]:
        agreement = signing_agreement(mediation)
        if agreement is None:
            return _first_words(mediation.case)
        text = agreement.text
        kept = ("findings", "liability", "method", "gives_up")
        return {
            **{name: getattr(text, name) for name in kept},
            "name": agreement.party.name,
            "minimum_waiver": agreement.minimum_waiver,
            "lines": [asdict(line) for line in text.lines],
            "duties": [asdict(duty) for duty in text.undertakings],
        }

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        if not isinstance(form, MediationTermsForm):
            raise TypeError("the terms come by their own form")
        try:
            draft_mediation_agreement(
                mediation,
                by=actor,
                terms=form.terms(),
                party=form.party(proposed_party(mediation.case)),
                minimum_waiver=form.cleaned_data["minimum_waiver"],
            )
        except AgreementBlocked as blocked:
            raise all_reasons(blocked) from blocked


def _first_words(case: Case) -> dict[str, Any]:
    finding = current_finding(case)
    return {
        "name": proposed_party(case).name,
        "findings": finding.reasons_consumer if finding else "",
        "liability": liability_statement(finding) if finding else "",
        "gives_up": default_waiver(),
    }


def all_reasons(blocked: AgreementBlocked) -> CaseError:
    """Return one error that names every reason why a text may not be issued."""
    if len(blocked.reasons) == 1:
        return blocked
    return CaseError(" ".join(str(sentence) for _field, sentence in blocked.reasons))


class OfferAgreement(Deed):
    """Put the draft before everybody who signs."""

    form_class = ConfirmForm
    title = gettext_lazy("提交各方签署")
    lead = gettext_lazy("提交后文字不能再改。消费者、公司和调解员三方都签了，协议才生效。")
    submit = gettext_lazy("提交签署")
    done = gettext_lazy("调解协议已提交，等待三方签署")

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        try:
            offer_mediation_agreement(mediation, by=actor)
        except AgreementBlocked as blocked:
            raise all_reasons(blocked) from blocked


class SignAgreement(Deed):
    """Sign as the mediator."""

    form_class = SignForm
    title = gettext_lazy("签署调解协议")
    lead = gettext_lazy("你以调解员的身份签署。")
    submit = gettext_lazy("签署")
    done = gettext_lazy("你已签署调解协议")

    def begins_with(self, mediation: Mediation) -> dict[str, Any]:
        """The form begins empty; that the text lay open is written down."""
        agreement = signing_agreement(mediation)
        if agreement is not None:
            note_opened(agreement, SignerRole.MEDIATOR)
        return {}

    def text_shown(self, mediation: Mediation, actor: Actor) -> dict[str, Any]:
        """Return what stands above the form: the talk, and the whole text."""
        whole = full_text(signing_agreement(mediation))
        return {**talk_shown(mediation, actor), "whole": whole}

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        data = form.cleaned_data
        sign_mediation_agreement(
            mediation,
            by=actor,
            name=data["name"],
            signature_path=data["signature"],
            evidence=sign_evidence(self.request),
            read_number=data["number"],
        )


class RefuseAgreement(Deed):
    """Withhold the mediator's signature."""

    form_class = ReasonForm
    title = gettext_lazy("不签这份协议")
    lead = gettext_lazy("协议作废，双方都会知道原因，可以重新起草。")
    submit = gettext_lazy("不签")
    done = gettext_lazy("协议已作废，可以重新起草")
    danger = True

    def do(self, mediation: Mediation, actor: Actor, form: forms.Form, seen: int | None) -> None:
        refuse_mediation_agreement(mediation, by=actor, reason=form.cleaned_data["reason"])
