"""Legal rules as pages: the list, and one rule with its versions and the draft of its next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from compensation.forms.rules import RuleForm
from compensation.models import LegalRuleVersion
from compensation.selectors.rules import (
    back_run,
    days_of_draft,
    draft_of,
    drafted_rules,
    in_force,
    published_rules,
    rule_versions,
)
from compensation.services.rules import (
    discard_rule,
    mark_of,
    may_publish,
    publish_rule,
    save_rule_draft,
)
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.policies import working_calendar


def _manager(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_POLICIES)


@login_required
@never_cache
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List all rules, each with the version in force today."""
    _manager(request)
    today = working_calendar().local_date(now())
    by_rule: dict[str, LegalRuleVersion] = {}
    for row in sorted(published_rules(), key=lambda one: str(one.effective_from or "")):
        if row.rule not in by_rule or row.version.holds_on(today):
            by_rule[row.rule] = row
    context = {"rules": [by_rule[name] for name in sorted(by_rule)], "drafts": drafted_rules()}
    return render(request, "compensation/rules.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """Show a rule's versions; write, try, publish or throw away its next one."""
    actor = _manager(request)
    versions = rule_versions(rule)
    if not versions:
        raise Http404(rule)
    if request.method != "POST":
        return _page(request, versions, None)
    if "publish" in request.POST or "discard" in request.POST:
        return _end_draft(request, actor, versions)
    form = RuleForm(request.POST, base=_base(versions))
    if form.is_valid():
        try:
            save_rule_draft(rule, by=actor, new=form.version())
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("草稿已保存，发布以前先看影响"))
            return _to(rule)
    return _page(request, versions, form, status=422)


def _base(versions: list[LegalRuleVersion]) -> LegalRuleVersion:
    today = working_calendar().local_date(now())
    return in_force(versions[0].rule, today) or versions[0]


def _to(rule: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("compensation:rule", args=[rule]), status=303)


def _end_draft(
    request: HttpRequest, actor: Actor, versions: list[LegalRuleVersion]
) -> HttpResponse:
    name, mark = versions[0].rule, request.POST.get("mark", "")
    try:
        if "publish" in request.POST:
            publish_rule(name, by=actor, mark=mark)
            messages.success(request, _("新的一版已发布"))
        else:
            discard_rule(name, by=actor, mark=mark)
            messages.success(request, _("草稿已删除"))
    except StepForbidden as error:
        return _page(request, versions, None, status=403, refused=str(error))
    except CaseError as error:
        return _page(request, versions, None, status=409, refused=str(error))
    return _to(name)


def _page(
    request: HttpRequest,
    versions: list[LegalRuleVersion],
    form: RuleForm | None,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    base, draft = _base(versions), draft_of(versions[0].rule)
    today = working_calendar().local_date(now())
    context: Mapping[str, Any] = {
        "base": base,
        "versions": versions,
        "draft": draft,
        "mark": mark_of(draft) if draft else "",
        "may_publish": draft is not None and may_publish(draft, current_user(request)),
        "run": back_run(draft) if draft else None,
        "days": days_of_draft(draft, today=today) if draft else None,
        "form": form or RuleForm(base=base, draft=draft),
        "refused": refused,
    }
    return render(request, "compensation/rule.html", context, status=status)
