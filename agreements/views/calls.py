"""Follow-up calls: whom to call, and what came of a call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import current_user
from agreements.days import today
from agreements.forms import FollowUpForm, TryForm
from agreements.periods import TRIES_NEEDED
from agreements.selectors.calls import as_calls, calls_waiting
from agreements.selectors.care_calls import again_at, care_calls_waiting, care_sums
from agreements.selectors.performance import obligations_in_force, unanswered_tries
from agreements.services.following_up import (
    close_case,
    record_follow_up,
    record_unanswered_try,
)
from agreements.states import FollowUpChannel
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.forms.desk import ConfirmForm
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.states import Stage
from complaints.views.desk.actions import CaseAction, wrong_stage

PAGE = 30


@login_required
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Show whom to call, what was tried, and when to try again."""
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    own = request.GET.get("own") == "1"
    page = Paginator(calls_waiting(actor, own=own), PAGE).get_page(request.GET.get("page"))
    care = care_calls_waiting(actor, own=own)[:PAGE]
    context = {
        "page": page,
        "calls": as_calls(list(page)),
        "care": [(call, again_at(call)) for call in care],
        "care_sums": care_sums(),
        "may_rule": has_permission(actor, Permission.MANAGE_POLICIES),
        "own": own,
        "today": today(),
        "now": now(),
    }
    return render(request, "agreements/calls.html", context)


class _FollowingUp(CaseAction):
    tab = "agreement"

    def _obstacle(self, case: Case) -> Any:
        return "" if case.stage == Stage.FOLLOWING_UP else wrong_stage(case)


class RecordFollowUp(_FollowingUp):
    """Record what the consumer said."""

    form_class = FollowUpForm
    template_name = "agreements/call.html"
    title = gettext_lazy("登记回访")
    lead = gettext_lazy("都收到了，案件就结案；有没收到的，那一项重新履行。")
    submit = gettext_lazy("登记回访")
    done = gettext_lazy("回访已登记")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return FollowUpForm(duties=list(obligations_in_force(case)), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        record_follow_up(
            case,
            by=actor,
            arrived=data["arrived"],
            rating=data["rating"],
            comment=data["comment"],
            channel=FollowUpChannel.CALL,
            missing=tuple(data["missing"]),
            resolved=data["resolved"],
            change=data["change"],
            seen=seen,
        )


class RecordTry(_FollowingUp):
    """Record a try that nobody answered."""

    form_class = TryForm
    title = gettext_lazy("登记没有接通")
    lead = gettext_lazy("隔两小时以上再试；两次没有接通可以结案。号码不对的，先找到对的。")
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        record_unanswered_try(case, by=actor, seen=seen, **data)


class CloseCase(_FollowingUp):
    """Close a case whose consumer could not be reached."""

    form_class = ConfirmForm
    title = gettext_lazy("联系不上，结案")
    lead = gettext_lazy("两次回访都没有接通。结案后消费者在期限内仍可申请复议。")
    submit = gettext_lazy("结案")
    done = gettext_lazy("案件已结案")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        close_case(case, by=actor, seen=seen)

    def _obstacle(self, case: Case) -> Any:
        obstacle = super()._obstacle(case)
        if obstacle or unanswered_tries(case).count() >= TRIES_NEEDED:
            return obstacle
        return _("至少回访两次都没有接通，才能这样结案。")
