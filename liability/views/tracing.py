"""Staff pages of the supply chain: from a serial, batch or supplier to all that belongs to it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.forms import add_case_error
from complaints.importing.refusals import FileRefused
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from liability.forms.tracing import TraceForm, TraceImportForm
from liability.selectors.tracing import (
    Found,
    Trace,
    batch_called,
    found_by,
    in_force,
    serial_of,
    trace_of,
)
from liability.services.trace_imports import TraceReport, import_trace_file

SHOWN_PROBLEMS = 50


@login_required
@require_safe
def trace(request: HttpRequest) -> HttpResponse:
    """Look up a serial number, a batch or a supplier; show the batch if there is only one."""
    actor = require_permission(current_user(request), Permission.VIEW_CASE)
    form = TraceForm(request.GET)
    asked = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = found_by(asked)
    shown = trace_of(found.batches[0], actor, serial=found.serial) if _one(found) else None
    return _page(request, actor, form=form, asked=asked, found=found, shown=shown)


def _one(found: Found) -> bool:
    return len(found.batches) == 1


@login_required
@require_safe
def trace_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show one batch with its chain."""
    actor = require_permission(current_user(request), Permission.VIEW_CASE)
    batch = batch_called(batch_id)
    if batch is None:
        raise Http404(batch_id)
    return _page(request, actor, form=TraceForm(), shown=trace_of(batch, actor))


@login_required
@require_safe
def case_trace(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what belongs to a case's article: by its serial number, else by its batch."""
    user = current_user(request)
    case, actor = get_case(user, reference, Permission.VIEW_CASE), Actor.staff(user)
    serial = serial_of(case)
    batch = case.batch or (serial.batch if serial else None)
    shown = trace_of(batch, actor, serial=serial) if batch else None
    mismatch = bool(serial and case.batch_id and serial.batch_id != case.batch_id)
    return _page(request, actor, form=TraceForm(), shown=shown, case=case, mismatch=mismatch)


def _page(
    request: HttpRequest, actor: Actor, *, form: TraceForm, shown: Trace | None, **more: Any
) -> HttpResponse:
    today = timezone.localdate(now())
    papers = [(paper, in_force(paper, today)) for paper in shown.papers] if shown else []
    may_import = has_permission(actor, Permission.INVESTIGATE)
    context = {"form": form, "trace": shown, "papers": papers, "may_import": may_import}
    return render(request, "liability/trace.html", {**context, **more, "now": now()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trace_import(request: HttpRequest) -> HttpResponse:
    """Take in a table of the supply chain, and say which rows could not be used and why."""
    actor = require_permission(current_user(request), Permission.INVESTIGATE)
    posted = request.method == "POST"
    form = TraceImportForm(request.POST, request.FILES) if posted else TraceImportForm()
    report = None
    if form.is_valid():
        try:
            report = _imported(form.cleaned_data, actor)
        except FileRefused as refusal:
            form.add_error("file", refusal.reason)
        except StepForbidden:
            raise
        except CaseError as error:
            add_case_error(form, error)
    context = {
        "form": form,
        "report": report,
        "problems": report.bad[:SHOWN_PROBLEMS] if report else [],
        "hidden": max(0, len(report.bad) - SHOWN_PROBLEMS) if report else 0,
    }
    status = 422 if form.is_bound and report is None else 200
    return render(request, "liability/trace_import.html", context, status=status)


def _imported(data: dict[str, Any], actor: Actor) -> TraceReport:
    with tempfile.NamedTemporaryFile(prefix="redress-trace-") as kept:
        for piece in data["file"].chunks():
            kept.write(piece)
        kept.flush()
        return import_trace_file(
            data["table"], Path(kept.name), by=actor, date_format=data["date_format"]
        )
