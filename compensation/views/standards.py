"""The company's table as pages: the list, and one row with its versions and next draft."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_user
from compensation.forms.standards import StandardForm
from compensation.models import StandardItem
from compensation.selectors.standards import (
    latest_standards,
    standard_draft,
    standards_on,
    versions_of,
)
from compensation.services.standards import (
    discard_standard,
    publish_standard,
    save_standard,
    standard_mark,
)
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.policies import working_calendar


def _manager(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_POLICIES)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standards(request: HttpRequest) -> HttpResponse:
    """List the rows in force with what waits to be published; begin a new row."""
    actor = _manager(request)
    form = StandardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = save_standard(form.cleaned_data["code"], by=actor, new=form.standard())
        except CaseError as error:
            add_case_error(form, error)
        else:
            return _to_row(row.code)
    in_force = standards_on(working_calendar().local_date(now()))
    shown = {row.code: row for row in in_force}
    rows = [shown.get(row.code, row) for row in latest_standards()]
    context = {
        "rows": rows,
        "in_force": set(shown),
        "drafts": {row.code for row in latest_standards() if row.published_at is None},
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "compensation/standards.html", context, status=status)


def _to_row(code: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("compensation:standard", args=[code]), status=303)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: HttpRequest, standard_code: str) -> HttpResponse:
    """Show a row's versions; write, publish or throw away its next one."""
    actor = _manager(request)
    draft, versions = standard_draft(standard_code), versions_of(standard_code)
    row = draft or next(iter(versions), None)
    if row is None:
        raise Http404(standard_code)
    if "publish" in request.POST or "discard" in request.POST:
        return _end_draft(request, actor, row, versions)
    form = StandardForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_standard(standard_code, by=actor, new=form.standard())
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("草稿已保存，由另一位同事发布"))
            return _to_row(standard_code)
    return _row_page(request, actor, row, versions, form)


def _end_draft(
    request: HttpRequest, actor: Actor, row: StandardItem, versions: list[StandardItem]
) -> HttpResponse:
    mark = request.POST.get("mark", "")
    try:
        if "publish" in request.POST:
            publish_standard(row.code, by=actor, mark=mark)
        else:
            discard_standard(row.code, by=actor, mark=mark)
    except CaseError as error:
        form = StandardForm(row=row)
        return _row_page(request, actor, row, versions, form, refused=str(error))
    if "publish" in request.POST or versions:
        return _to_row(row.code)
    return HttpResponseRedirect(reverse("compensation:standards"), status=303)


def _row_page(
    request: HttpRequest,
    actor: Actor,
    row: StandardItem,
    versions: list[StandardItem],
    form: StandardForm,
    *,
    refused: str = "",
) -> HttpResponse:
    draft = row if row.published_at is None else None
    context = {
        "row": row,
        "draft": draft,
        "own": draft is not None
        and actor.user is not None
        and draft.created_by_id == actor.user.pk,
        "mark": standard_mark(draft) if draft else "",
        "versions": versions,
        "form": form,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "compensation/standard.html", context, status=status)
