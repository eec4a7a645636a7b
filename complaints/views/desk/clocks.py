"""Pausing a clock and letting it run on, telling of a finding by other ways, the list of pauses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.clocks import FindingToldForm, PauseFilterForm, PauseForm
from complaints.models import Case, Clock, ClockEntry
from complaints.moments import now
from complaints.permissions import Permission
from complaints.presenters import clock_words
from complaints.selectors.facts import evidence_of
from complaints.selectors.pauses import clock_of, may_be_paused, pauses_listed
from complaints.services.finding_notices import record_finding_told
from complaints.services.outbox import has_address
from complaints.services.pausing import PauseChoice, pause_choices, pause_clock, resume_clock
from complaints.states import PauseCause
from complaints.views.desk.accountability import page_link
from complaints.views.desk.actions import CaseAction, to_case

PAGE = 50


class PauseClock(CaseAction):
    """Rest one running clock for a listed cause, and tell the consumer why."""

    form_class = PauseForm
    lead = gettext_lazy("消费者会收到通知，看到原因、说明和最晚的时间。暂停的时间不算在期限里。")
    submit = gettext_lazy("暂停并通知消费者")
    done = gettext_lazy("已暂停，消费者会收到通知")

    def get(self, request: HttpRequest, reference: str, clock_id: int = 0) -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, clock_id: int = 0) -> HttpResponse:
        return super().post(request, reference)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        clock = clock_of(case, self.kwargs["clock_id"])
        words = {"clock": clock_words(clock.kind, clock.policy.name)}
        self.title = _("暂停计时：%(clock)s") % words
        return PauseForm(
            choices=_choices(clock),
            evidence=evidence_of(case),
            reachable=has_address(case),
            **kwargs,
        )

    def _obstacle(self, case: Case) -> Any:
        clock = clock_of(case, self.kwargs["clock_id"])
        return "" if _choices(clock) else _("这个期限现在不能暂停。")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        proof = data.pop("proof")
        pause_clock(
            case,
            self.kwargs["clock_id"],
            by=actor,
            seen=seen,
            proof_id=proof.pk if proof else None,
            **data,
        )


def _choices(clock: Clock) -> list[PauseChoice]:
    return pause_choices(clock) if may_be_paused(clock, now()) else []


@login_required
@require_POST
def resume(request: HttpRequest, reference: str, clock_id: int) -> HttpResponse:
    """Let a paused clock run on at once."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    try:
        resume_clock(case, clock_id, by=Actor.staff(user))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已继续计时，消费者会收到通知"))
    return to_case(case)


class FindingTold(CaseAction):
    """Record that somebody told the consumer of the finding by telephone, letter or in person."""

    form_class = FindingToldForm
    title = gettext_lazy("登记已告知认定结果")
    lead = gettext_lazy(
        "有邮箱或手机的消费者由系统通知，送达后自动登记；这里登记用其他方式告知的。"
    )
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        record_finding_told(case, by=actor, seen=seen, **data)


@login_required
@never_cache
@require_safe
def pauses(request: HttpRequest) -> HttpResponse:
    """List the pauses of every case, for managers; those just after a reply stand out."""
    actor = require_permission(current_user(request), Permission.DECIDE_ACCOUNTABILITY)
    form = PauseFilterForm(request.GET)
    page = Paginator(pauses_listed(actor, **form.filters()), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "rows": [_row(entry) for entry in page],
        "count": page.paginator.count,
        "now": now(),
        "previous_href": page_link(request, page.number - 1) if page.has_previous() else "",
        "next_href": page_link(request, page.number + 1) if page.has_next() else "",
    }
    return render(request, "complaints/desk/pauses.html", context)


def _row(entry: ClockEntry) -> dict[str, Any]:
    cause = entry.detail.get("pause", "")
    return {
        "entry": entry,
        "case": entry.clock.case,
        "clock": clock_words(entry.clock.kind, entry.clock.policy.name),
        "cause": PauseCause(cause).label if cause in PauseCause.values else cause,
        "until": parse_datetime(entry.detail.get("until") or ""),
        "after_reply": bool(entry.detail.get("after_reply")),
    }
