"""Pages of an outside mediator, who was let in to one case by a link.

The link's secret is in no later address; nobody stores these pages; any other case is a 404, like
one that doesn't exist.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View

from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, TooManyAttempts
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.services.entrance import count_attempt
from complaints.states import Stage
from complaints.views.doors import caller_address
from reviews.access import let_in, let_out, opened
from reviews.models import Mediation
from reviews.selectors.mediations import mediation_of_guest, mediation_of_secret
from reviews.selectors.talks import talk_shown
from reviews.services.mediating import note_entry
from reviews.views import deeds

LINKS_A_WINDOW = 20


@never_cache
@require_GET
def guest_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the one case of a mediator's link and go on without the secret in the address."""
    try:
        mediation = mediation_of_secret(secret)
        if mediation is None:
            count_attempt(f"mediation:{caller_address(request)}", most=LINKS_A_WINDOW)
    except TooManyAttempts as closed:
        context = {"problem": str(closed)}
        return render(request, "reviews/guest/unknown.html", context, status=429)
    if mediation is None:
        return render(request, "reviews/guest/unknown.html", status=404)
    if not mediation.is_open:
        return _over(request)
    note_entry(mediation)
    url = reverse("reviews:guest_case", args=[mediation.case.reference])
    response = HttpResponseRedirect(url, status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    let_in(response, mediation)
    return response


@never_cache
@require_POST
def guest_leave(request: HttpRequest) -> HttpResponse:
    """Forget the case that this browser had opened."""
    response = render(request, "reviews/guest/left.html")
    let_out(response)
    return response


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "reviews/guest/over.html", status=410)


def _mediation(request: HttpRequest, reference: str) -> Mediation:
    pk, digest = opened(request)
    mediation = mediation_of_guest(pk, digest) if pk else None
    if mediation is None or mediation.case.reference != reference:
        raise Http404(reference)
    return mediation


class GuestPage(View):
    """What every page of a guest does first: find the one mediation, or say that it is over."""

    http_method_names = ["get", "head", "post"]
    mediation: Mediation

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.mediation = _mediation(request, kwargs["reference"])
        if not self.mediation.is_open:
            return _over(request)
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        """The mediator whom the link let in."""
        return Actor.guest_mediator()

    def back(self) -> str:
        """Return the address of the guest's page of the case."""
        return reverse("reviews:guest_case", args=[self.mediation.case.reference])


class GuestCase(GuestPage):
    """What a mediator has to know, and what they can do."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        case = self.mediation.case
        context = {
            "case": case,
            "now": now(),
            "talking": case.stage == Stage.MEDIATING,
            **talk_shown(self.mediation, self.actor),
        }
        return render(request, "reviews/guest/case.html", context)


class _GuestDeed(GuestPage, deeds.Deed):
    template_name = "reviews/guest/action.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        begun = self.begins_with(self.mediation)
        return self._page(self.form_for(self.mediation, self.actor, initial=begun))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form_for(self.mediation, self.actor, data=request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            self.do(self.mediation, self.actor, form, self._seen())
        except StaleCase as stale:
            return self._page(form, status=409, stale=stale)
        except CaseError as refusal:
            add_case_error(form, refusal)
            return self._page(form, status=422)
        messages.success(request, self.done)
        return self.onward()

    def onward(self) -> HttpResponse:
        """Go where the deed leads: back to the case."""
        return HttpResponseRedirect(self.back(), status=303)

    def _seen(self) -> int | None:
        return number_seen(self.request.POST)

    def _page(
        self, form: forms.Form, *, status: int = 200, stale: StaleCase | None = None
    ) -> HttpResponse:
        case = self.mediation.case
        kept = None if stale or not form.is_bound else self._seen()
        context = {
            "case": case,
            "form": form,
            "page": self,
            "back": self.back(),
            "seen": kept or (stale.current if stale else case.version),
            "stale": stale,
            "now": now(),
            **self.more_context(),
        }
        return render(self.request, self.template_name, context, status=status)

    def more_context(self) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}


class GuestPositions(deeds.RecordPositions, _GuestDeed):
    """The positions, by the guest."""


class GuestMeeting(deeds.PlanMeeting, _GuestDeed):
    """The meeting, by the guest."""


class GuestNote(deeds.WriteNote, _GuestDeed):
    """A private note, by the guest."""


class GuestEnd(deeds.EndMediation, _GuestDeed):
    """The end, by the guest; there is nothing more to see afterwards."""

    def onward(self) -> HttpResponse:
        return render(self.request, "reviews/guest/over.html")


class GuestDraft(deeds.DraftAgreement, _GuestDeed):
    """The agreement's text, by the guest."""

    template_name = "reviews/guest/terms.html"


class GuestOffer(deeds.OfferAgreement, _GuestDeed):
    """The agreement goes to its signers, by the guest."""


class GuestSign(deeds.SignAgreement, _GuestDeed):
    """The mediator's signature, through the link."""

    template_name = "reviews/guest/sign.html"

    def more_context(self) -> dict[str, Any]:
        return self.text_shown(self.mediation, self.actor)


class GuestRefuse(deeds.RefuseAgreement, _GuestDeed):
    """The mediator doesn't sign, through the link."""
