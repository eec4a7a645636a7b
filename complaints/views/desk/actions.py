"""The shape that every such page shares: a form, one service, and back to the case.

Answers: 303 to the case when it is done, 422 when the form or the service refuses, 409 when
somebody else changed the case meanwhile; what was typed is kept each time.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.permissions import Permission, check_step
from complaints.presenters import EVENT_TEXTS
from complaints.selectors.steps import step_is_possible, step_obstacle
from complaints.selectors.timeline import changes_since
from complaints.states import Stage
from complaints.views.desk.comparing import WAS, compared_rows, was_fields


def to_case(case: Case, tab: str = "") -> HttpResponseRedirect:
    """Go back to the case's page."""
    if tab:
        return HttpResponseRedirect(
            reverse("desk:case_tab", args=[case.reference, tab]), status=303
        )
    return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)


@method_decorator(login_required, name="dispatch")
class CaseAction(View):
    """Do one thing with one case. Subclasses say which and call the service in `act`."""

    http_method_names = ["get", "head", "post"]
    template_name = "complaints/desk/action.html"
    form_class: type[forms.Form]
    permission: str = Permission.HANDLE_CASE
    verb = ""
    title: Any = ""
    lead: Any = ""
    submit: Any = ""
    done: Any = ""
    danger = False
    shows_story = False
    tab = ""
    compares: tuple[str, ...] = ()
    """Fields that are facts of the case: saved too late, they are compared one by one."""

    def initial(self, case: Case) -> dict[str, Any]:
        """Return what the form begins with."""
        return {}

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        """Make the form."""
        return self.form_class(**kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        """Call the one service."""
        raise NotImplementedError

    @cached_property
    def actor(self) -> Actor:
        """The member of staff who asks."""
        return Actor.staff(current_user(self.request))

    def _case(self, reference: str) -> Case:
        case = get_case(current_user(self.request), reference, self.permission)
        if self.verb:
            check_step(self.actor, self.verb)
        return case

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        case = self._case(reference)
        form = self.new_form(case, initial=self.initial(case))
        return self._page(case, form)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        case = self._case(reference)
        form = self.new_form(case, data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self._page(case, form, status=422)
        try:
            self.act(case, self.actor, form.cleaned_data, self._seen())
        except StaleCase as stale:
            return self._page(case, form, status=409, stale=stale)
        except CaseError as error:
            add_case_error(form, error)
            return self._page(case, form, status=422)
        if self.done:
            messages.success(request, self.done)
        return to_case(case, self.tab)

    def _seen(self) -> int | None:
        return number_seen(self.request.POST)

    def _page(
        self, case: Case, form: forms.Form, *, status: int = 200, stale: StaleCase | None = None
    ) -> HttpResponse:
        facts = {name: getattr(case, name) for name in self.compares}
        rows = compared_rows(form, facts, self.request.POST, self.compares) if stale else []
        context = {
            "case": case,
            "form": form,
            "page": self,
            "now": now(),
            "was": self._was(facts, stale=stale),
            "compared": rows,
            "compared_names": [row["name"] for row in rows],
            "obstacle": self._obstacle(case),
            "seen": case.version if stale or not form.is_bound else self._seen() or case.version,
            "changes": change_lines(case, seen=stale.seen) if stale else [],
            **self.more_context(case),
        }
        return render(self.request, self.template_name, context, status=status)

    def _was(self, facts: dict[str, Any], *, stale: StaleCase | None) -> list[dict[str, str]]:
        posted = {} if stale else self.request.POST
        kept = {name: posted.get(WAS + name, fact) for name, fact in facts.items()}
        return was_fields(kept, self.compares)

    def more_context(self, case: Case) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}

    def _obstacle(self, case: Case) -> Any:
        if not self.verb:
            return ""
        if not step_is_possible(case, self.verb):
            return wrong_stage(case)
        return step_obstacle(case, self.verb, self.actor)


def wrong_stage(case: Case) -> str:
    """Say that a case is past (or before) the stage in which a page makes sense."""
    return _("案件现在的阶段是「%(stage)s」，不能做这一步。") % {"stage": case.get_stage_display()}


def change_lines(case: Case, *, seen: int) -> list[dict[str, Any]]:
    """Return what others did since a version, as lines for the page."""
    return [
        {
            "at": event.at,
            "who": event.actor.display_name if event.actor else event.get_actor_kind_display(),
            "what": _what(event.kind, event.new_stage, event.old_stage),
        }
        for event in changes_since(case, seen=seen)
    ]


def _what(kind: str, new_stage: str, old_stage: str) -> Any:
    if kind in EVENT_TEXTS:
        return EVENT_TEXTS[kind].staff
    if new_stage and new_stage != old_stage:
        return _("阶段变为「%(stage)s」") % {"stage": Stage(new_stage).label}
    return _("案件有新的进展")
