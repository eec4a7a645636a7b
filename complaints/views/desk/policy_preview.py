"""Before a time limit is published: what it would change; publishing it or throwing it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from complaints.errors import CaseError, DraftChanged
from complaints.models import ClockPolicy
from complaints.selectors.policy_pages import draft_of
from complaints.services.policies import (
    discard,
    draft_mark,
    preview,
    preview_resting,
    publish,
    put_in_force,
)
from complaints.services.recalculating import Change, recalculate_soon
from complaints.views.desk.policies import manager, rules_in_words

MOST_SHOWN = 200
MOST_AT_ONCE = 500
"""Above so many clocks a worker moves them, while the person goes on."""


def change_summary(changes: Sequence[Change], *, resting: int = 0) -> dict[str, Any]:
    """Return what new rules would do, ready for `_rule_changes.html`: counts and first rows."""
    rows = [
        {
            "clock": change.clock,
            "case": change.clock.case,
            "before": change.clock.due_at,
            "after": change.due_at,
            "stays": change.stays,
            "shift": abs(change.due_at - change.clock.due_at) if change.clock.due_at else None,
            "earlier": change.clock.due_at is not None and change.due_at < change.clock.due_at,
            "later": change.clock.due_at is not None and change.due_at > change.clock.due_at,
        }
        for change in changes
    ]
    moving = [row for row in rows if not row["stays"]]
    earlier = [row["shift"] for row in moving if row["earlier"]]
    later = [row["shift"] for row in moving if row["later"]]
    return {
        "moving": len(moving),
        "staying": len(rows) - len(moving),
        "resting": resting,
        "same": len(moving) - len(earlier) - len(later),
        "earlier": len(earlier),
        "earlier_most": max(earlier, default=None),
        "later": len(later),
        "later_most": max(later, default=None),
        "rows": rows[:MOST_SHOWN],
        "more": max(0, len(rows) - MOST_SHOWN),
    }


def moved_words(count: int) -> str:
    """Say how many clocks a publication moved."""
    if not count:
        return _("已发布，没有未结的期限因此改变")
    text = ngettext(
        "已发布，%(count)d 个未结的期限按新规则重新计算了",
        "已发布，%(count)d 个未结的期限按新规则重新计算了",
        count,
    )
    return text % {"count": count}


def later_words(count: int) -> str:
    """Say that a worker moves the clocks."""
    text = ngettext(
        "已发布。%(count)d 个未结的期限正在后台重新计算，几分钟后完成",
        "已发布。%(count)d 个未结的期限正在后台重新计算，几分钟后完成",
        count,
    )
    return text % {"count": count}


def _draft(code: str) -> ClockPolicy:
    draft = draft_of(code)
    if draft is None:
        raise Http404(code)
    return draft


@login_required
@never_cache
@require_safe
def policy_preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show what publishing the draft would do to open cases now."""
    manager(request)
    return _page(request, _draft(code))


def _page(
    request: HttpRequest, draft: ClockPolicy, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "policy": draft,
        "mark": draft_mark(draft),
        "refused": refused,
        "changes": change_summary(preview(draft), resting=preview_resting(draft)),
        **rules_in_words(draft),
    }
    return render(request, "complaints/desk/policy_preview.html", context, status=status)


@login_required
@never_cache
@require_POST
def policy_publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft as it was shown; with many open cases a worker moves their clocks."""
    actor, draft = manager(request), _draft(code)
    seen = request.POST.get("seen", "")
    moving = sum(not change.stays for change in preview(draft))
    try:
        if moving > MOST_AT_ONCE:
            with transaction.atomic():
                put_in_force(draft, by=actor, seen=seen)
                recalculate_soon(by=actor, cause="policy_published", kinds=[draft.kind])
            words = later_words(moving)
        else:
            words = moved_words(publish(draft, by=actor, seen=seen))
    except DraftChanged as error:
        return _page(request, _draft(code), refused=str(error), status=409)
    except CaseError as error:
        return _page(request, draft, refused=str(error), status=422)
    messages.success(request, words)
    return HttpResponseRedirect(reverse("complaints:policy", args=[code]), status=303)


@login_required
@never_cache
@require_POST
def policy_discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the draft away."""
    actor = manager(request)
    draft = _draft(code)
    discard(draft, by=actor)
    messages.success(request, _("草稿已删除"))
    only_draft = draft.version == 1
    address = (
        reverse("complaints:policies") if only_draft else reverse("complaints:policy", args=[code])
    )
    return HttpResponseRedirect(address, status=303)
