"""A case's page: head, conversation, facts; and one tab for each app's panel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from accounts.models import User
from complaints.access import get_case
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.numbers import whole_number
from complaints.permissions import Permission, has_permission
from complaints.selectors.composing import written_here
from complaints.selectors.counting import capped_counts
from complaints.selectors.duplicates import likely_duplicates, links_of
from complaints.selectors.facts import (
    cases_of_batch,
    cases_of_consumer,
    evidence_of,
    telling_clocks,
    unread_notices,
)
from complaints.selectors.outside import Body, as_bodies, bodies_here
from complaints.selectors.paging import queue_page
from complaints.selectors.steps import needs_safety_action
from complaints.selectors.timeline import conversation, log_lines
from complaints.states import Stage
from config.desk import composer, facts, panels, stages, talk
from config.desk.rows import case_row

TABS = [
    ("talk", _("沟通")),
    ("evidence", _("证据")),
    ("liability", _("责任认定")),
    ("compensation", _("补偿方案")),
    ("agreement", _("协议")),
    ("reviews", _("复议和调解")),
    ("log", _("操作记录")),
]


@login_required
@never_cache
@require_safe
def case_page(request: HttpRequest, reference: str, tab: str = "talk") -> HttpResponse:
    """Show one case."""
    if tab not in dict(TABS):
        raise Http404(tab)
    case = get_case(current_user(request), reference)
    return case_response(request, case, tab)


def case_response(
    request: HttpRequest,
    case: Case,
    tab: str = "talk",
    refused: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show one case; `refused` is what a post that was not taken puts into the composer."""
    actor, moment = Actor.staff(current_user(request)), now()
    query = _list_query(request, case)
    head = _head(case, current_user(request), tab, query)
    context = {
        "case": case,
        "now": moment,
        "tab": tab,
        "query": query,
        **head,
        **_facts(case, actor, moment, head["bodies"]),
        **_body(request, case, actor, tab, moment),
    }
    if tab == "talk":
        context |= composer.composer(
            case,
            context["counts"]["written"],
            user=current_user(request),
            now=moment,
            query=query,
            asked=request.GET.get("compose", ""),
            refused=refused,
        )
    return TemplateResponse(request, "desk/case.html", context, status=status)


def _list_query(request: HttpRequest, case: Case) -> str:
    """Return the list that the case was opened from; opened directly, one that holds it."""
    query = request.GET.copy()
    query.pop("before", None)
    if "view" not in query:
        mine = case.owner_id == current_user(request).pk
        query["view"] = "ended" if not case.is_open else "mine" if mine else "all"
    return query.urlencode()


def _head(case: Case, user: User, tab: str, query: str) -> dict[str, Any]:
    actor = Actor.staff(user)
    also: dict[str, Any] = {"bodies": bodies_here(case)} if case.external_ref else {}
    if tab == "talk":
        also["written"] = written_here(case, user)
    counts = capped_counts(
        user,
        {
            "unread": unread_notices(actor),
            "evidence": evidence_of(case),
            "consumer": cases_of_consumer(case, actor),
            "batch": cases_of_batch(case, actor),
            "merged": case.merged_cases.all(),
            "linked": links_of(case),
        },
        also=also,
    )
    may_handle = has_permission(actor, Permission.HANDLE_CASE)
    bodies = as_bodies(case, counts.get("bodies"))
    return {
        "bodies": bodies,
        "notification_count": counts["unread"],
        "counts": counts,
        "order_rows": facts.order_rows(case, siblings=counts["batch"]),
        "case_rows": facts.case_rows(
            case,
            merged=counts["merged"],
            linked=counts["linked"],
            bodies=bodies,
        ),
        "tabs": [_tab(case, key, label, tab, query, counts) for key, label in TABS],
        "stages": stages.stage_strip(case),
        "primary": panels.primary_action(case, actor),
        "actions": panels.other_actions(case, actor),
        "may_handle": may_handle,
        "likely_count": _likely_count(case, actor) if may_handle else 0,
        "needs_safety": needs_safety_action(case),
    }


def _likely_count(case: Case, actor: Actor) -> int:
    """Count likely duplicates while the case is new; later they stand on their own page."""
    is_new = case.stage in (Stage.RECEIVED, Stage.ACCEPTED)
    return len(likely_duplicates(case, actor)) if is_new else 0


def _tab(
    case: Case, key: str, label: Any, current: str, query: str, counts: dict[str, int]
) -> dict[str, Any]:
    args = [case.reference] if key == "talk" else [case.reference, key]
    address = reverse("desk:case" if key == "talk" else "desk:case_tab", args=args)
    return {
        "href": f"{address}?{query}" if query else address,
        "label": label,
        "count": counts["evidence"] if key == "evidence" else 0,
        "current": key == current,
    }


def _facts(case: Case, actor: Actor, moment: datetime, bodies: list[Body]) -> dict[str, Any]:
    return {
        "clocks": facts.clock_facts(
            case,
            telling_clocks(case),
            now=moment,
            may_handle=has_permission(actor, Permission.HANDLE_CASE),
            bodies=bodies,
        ),
        "checklist": stages.checklist(case),
        "consumer_rows": facts.consumer_rows(case, actor),
    }


def _body(
    request: HttpRequest, case: Case, actor: Actor, tab: str, moment: datetime
) -> dict[str, Any]:
    if tab == "talk":
        timeline = conversation(case, before=_moment_from(request.GET.get("before", "")))
        return {
            "items": talk.conversation_items(case, timeline, now=moment),
            "earlier": timeline.earlier,
        }
    if tab == "log":
        asked = request.GET.get("before", "")
        lines, earlier = log_lines(case, before=whole_number(asked))
        return {"lines": talk.log_items(lines, now=moment), "earlier": earlier}
    template, panel = panels.tab_panel(case, actor, tab)
    return {"panel_template": template, "panel": panel, **panel}


def _moment_from(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@login_required
@never_cache
@require_safe
def case_updates(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how much happened since the page was made; 204 when nothing did."""
    case = get_case(current_user(request), reference)
    asked = request.GET.get("version", "")
    seen = whole_number(asked, 0)
    if case.version <= seen:
        return HttpResponse(status=204)
    address = reverse("desk:case", args=[case.reference])
    context = {"case": case, "fresh": case.version - seen, "href": address}
    return render(request, "desk/case.html#updates", context)


@login_required
@require_safe
def related_cases(request: HttpRequest, reference: str, by: str) -> HttpResponse:
    """List the same person's other cases, or those about the same batch."""
    user = current_user(request)
    case, actor = get_case(user, reference), Actor.staff(user)
    lists = {"consumer": cases_of_consumer, "batch": cases_of_batch}
    if by not in lists:
        raise Http404(by)
    rows = queue_page(lists[by](case, actor), size=100, newest_first=True).rows
    context = {"case": case, "by": by, "rows": [case_row(row) for row in rows], "now": now()}
    return render(request, "desk/related.html", context)
