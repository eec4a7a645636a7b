"""Importing a file: upload, say what its columns are, try it out, let it run, read what is bad."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.importing import MappingForm, UploadForm
from complaints.importing.mapping import check_mapping
from complaints.importing.refusals import FileRefused
from complaints.models import ImportJob
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.imports import (
    import_jobs,
    one_import,
    problems_of,
    samples,
    saved_mapping,
    saved_mappings,
)
from complaints.services.exporting import CSV, FORMS, export_problems
from complaints.services.import_jobs import (
    Trial,
    receive_upload,
    resume_import,
    save_mapping,
    set_mapping,
    start_import,
    stop_import,
    try_out,
)
from complaints.states import ImportState
from documents.text import clean_name

SHOWN_PROBLEMS = 20


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.IMPORT_CASES)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """List uploaded files and take another one."""
    actor, posted = _actor(request), request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if form.is_valid():
        try:
            return _to(_received(form.cleaned_data, actor))
        except FileRefused as refusal:
            form.add_error("file", refusal.reason)
        except CaseError as error:
            add_case_error(form, error)
    context = {"form": form, "jobs": import_jobs(), "now": now()}
    status = 422 if form.is_bound else 200
    return render(request, "complaints/desk/imports.html", context, status=status)


def _received(data: dict[str, Any], actor: Actor) -> ImportJob:
    upload: UploadedFile = data["file"]
    with tempfile.NamedTemporaryFile(prefix="redress-import-") as kept:
        for piece in upload.chunks():
            kept.write(piece)
        kept.flush()
        return receive_upload(
            Path(kept.name),
            name=clean_name(upload.name or ""),
            source_name=data["source_name"],
            channel=data["channel"],
            language=data["language"],
            by=actor,
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """One file: its columns and a trial while it waits, its progress once it runs."""
    actor, job = _actor(request), one_import(job_id)
    if job.state != ImportState.MAPPING:
        if request.method == "POST":
            return _to(job)
        region = "#progress" if request.htmx else ""
        context = {"job": job, "problems": _some(job), "now": now()}
        return render(request, f"complaints/desk/import_run.html{region}", context)
    if request.method == "POST":
        return _mapped(request, actor, job)
    mapping, refusal = job.mapping, ""
    if wanted := request.GET.get("saved", ""):
        mapping, refusal = _saved(job, wanted)
    form = MappingForm(job=job, mapping=mapping)
    return _mapping_page(request, job, form, refusal=refusal, status=422 if refusal else 200)


def _saved(job: ImportJob, name: str) -> tuple[dict[str, str], str]:
    """Return a kept mapping, or what the file has of it and why the rest does not fit."""
    found = saved_mapping(name)
    if found is None:
        return job.mapping, _("没有这个名字的对应关系。")
    try:
        check_mapping(found.mapping, job.columns)
    except FileRefused as refusal:
        fitting = {name: target for name, target in found.mapping.items() if name in job.columns}
        return fitting, refusal.reason
    return found.mapping, ""


def _mapped(request: HttpRequest, actor: Actor, job: ImportJob) -> HttpResponse:
    form = MappingForm(request.POST, job=job, mapping=job.mapping)
    refusal, trial = "", None
    if form.is_valid():
        try:
            job = _kept(form, job, actor)
            if "start" in request.POST:
                return _to(start_import(job, by=actor))
            trial = try_out(job, by=actor)
            job = one_import(job.pk)
        except FileRefused as refused:
            refusal = refused.reason
        except CaseError as error:
            add_case_error(form, error)
    status = 200 if trial else 422
    return _mapping_page(request, job, form, refusal=refusal, trial=trial, status=status)


def _kept(form: MappingForm, job: ImportJob, actor: Actor) -> ImportJob:
    data, mapping = form.cleaned_data, form.mapping()
    job = set_mapping(
        job,
        mapping=mapping,
        date_format=data["date_format"],
        is_live=bool(data["is_live"]),
        by=actor,
    )
    if data["save_as"]:
        save_mapping(data["save_as"], mapping=mapping, by=actor)
    return job


def _mapping_page(
    request: HttpRequest,
    job: ImportJob,
    form: MappingForm,
    *,
    refusal: str = "",
    trial: Trial | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = samples(job)
    context = {
        "job": job,
        "form": form,
        "rows": [(field, shown[field.label]) for field in form.column_fields()],
        "refusal": refusal,
        "trial": trial,
        "problems": _some(job) if trial else [],
        "saved": saved_mappings(),
        "now": now(),
    }
    return render(request, "complaints/desk/import_map.html", context, status=status)


def _some(job: ImportJob) -> list[dict[str, Any]]:
    return list(problems_of(job, most=SHOWN_PROBLEMS)) if job.bad else []


@login_required
@require_POST
def import_stop(request: HttpRequest, job_id: int) -> HttpResponse:
    """Import no further."""
    return _to(stop_import(one_import(job_id), by=_actor(request)))


@login_required
@require_POST
def import_resume(request: HttpRequest, job_id: int) -> HttpResponse:
    """Go on where it stopped."""
    job = one_import(job_id)
    try:
        resume_import(job, by=_actor(request))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("接着导入，已有的不会重复"))
    return _to(job)


@login_required
@require_safe
def import_problems(request: HttpRequest, job_id: int) -> StreamingHttpResponse:
    """Give the bad rows as a table, with why; corrected, it can be uploaded again."""
    actor, job = _actor(request), one_import(job_id)
    content = export_problems(job, by=actor)
    response = StreamingHttpResponse(content, content_type=FORMS[CSV])
    response["Content-Disposition"] = f'attachment; filename="bad-rows-{job.pk}.csv"'
    return response


def _to(job: ImportJob) -> HttpResponse:
    return HttpResponseRedirect(reverse("complaints:import", args=[job.pk]), status=303)
