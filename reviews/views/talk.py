"""Staff pages of a mediation: referring, who leads, and the mediator's own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction
from reviews.forms.mediation import InviteForm, NameForm, ReferForm
from reviews.models import Mediation
from reviews.selectors.mediations import open_mediation
from reviews.selectors.pages import desk_obstacle
from reviews.selectors.talks import possible_mediators, talk_shown
from reviews.services.mediating import Guest, invite_mediator, name_mediator, refer_to_mediation
from reviews.views import deeds

TAB = "reviews"


def _mediation(case: Case) -> Mediation:
    mediation = open_mediation(case)
    if mediation is None:
        raise Http404(case.reference)
    mediation.case = case
    return mediation


@login_required
@never_cache
@require_safe
def talk(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the mediation to those who may mediate; private notes only to whoever leads it."""
    user = current_user(request)
    case = get_case(user, reference, Permission.MEDIATE)
    actor = Actor.staff(user)
    context = {
        "case": case,
        "now": now(),
        "may_handle": not desk_obstacle(actor),
        **talk_shown(_mediation(case), actor),
    }
    return render(request, "reviews/talk.html", context)


class Refer(CaseAction):
    """Refer a case to mediation."""

    form_class = ReferForm
    verb = "refer_to_mediation"
    title = gettext_lazy("提请调解")
    lead = gettext_lazy("方案和期限先停下。负责人先主持，之后可以换人，或者邀请第三方调解员。")
    submit = gettext_lazy("提请调解")
    done = gettext_lazy("案件已进入调解")
    tab = TAB

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        refer_to_mediation(case, by=actor, wish=data["wish"], seen=seen)


class _OfMediation(CaseAction):
    """A page of the mediation that is going on; 404 when there is none. Back to the talk."""

    tab = TAB
    ends_talk = False

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        response = super().post(request, reference)
        if response.status_code == 303 and not self.ends_talk:
            return HttpResponseRedirect(reverse("reviews:talk", args=[reference]), status=303)
        return response


class NameMediator(_OfMediation):
    """Let one of us lead."""

    title = gettext_lazy("确定调解员")
    lead = gettext_lazy("之前邀请的第三方调解员不能再打开这个案件。")
    submit = gettext_lazy("确定")
    done = gettext_lazy("调解员已确定")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return NameForm(people=possible_mediators(), **kwargs)

    def initial(self, case: Case) -> dict[str, Any]:
        return {"mediator": _mediation(case).mediator_user_id}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        name_mediator(_mediation(case), by=actor, mediator=data["mediator"])


class InviteMediator(_OfMediation):
    """Invite somebody from outside."""

    form_class = InviteForm
    title = gettext_lazy("邀请第三方调解员")
    lead = gettext_lazy(
        "对方会收到一封邮件，里面的链接只能打开这一个案件。再次邀请时，之前的链接不能再用。"
    )
    submit = gettext_lazy("发出邀请")
    done = gettext_lazy("邀请已发出")

    def initial(self, case: Case) -> dict[str, Any]:
        return dict(_mediation(case).guest)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        invite_mediator(_mediation(case), by=actor, guest=Guest(**data))


class _DeskDeed(_OfMediation, deeds.Deed):
    permission = Permission.MEDIATE
    form: forms.Form

    def initial(self, case: Case) -> dict[str, Any]:
        return self.begins_with(_mediation(case))

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        self.form = self.form_for(_mediation(case), self.actor, **kwargs)
        return self.form

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        self.do(_mediation(case), actor, self.form, seen)


class DeskPositions(deeds.RecordPositions, _DeskDeed):
    """The positions, from the desk."""


class DeskMeeting(deeds.PlanMeeting, _DeskDeed):
    """The meeting, from the desk."""


class DeskNote(deeds.WriteNote, _DeskDeed):
    """A private note, from the desk."""


class DeskEnd(deeds.EndMediation, _DeskDeed):
    """The end, from the desk."""

    ends_talk = True


class DeskDraft(deeds.DraftAgreement, _DeskDeed):
    """The agreement's text, from the desk."""

    template_name = "reviews/terms.html"


class DeskOffer(deeds.OfferAgreement, _DeskDeed):
    """The agreement goes to its signers, from the desk."""


class DeskSign(deeds.SignAgreement, _DeskDeed):
    """The mediator's signature, by account."""

    template_name = "reviews/sign.html"

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        return CaseAction.post(self, request, reference)

    def more_context(self, case: Case) -> dict[str, Any]:
        return self.text_shown(_mediation(case), self.actor)


class DeskRefuse(deeds.RefuseAgreement, _DeskDeed):
    """The mediator doesn't sign, by account."""
