"""Public pages, kept by managers: a draft in both languages, looked at, compared, published."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged
from complaints.forms import add_case_error
from complaints.forms.public_pages import PageForm, PublishPageForm
from complaints.models import PublicPage, PublicPageVersion
from complaints.numbers import number_seen, whole_number
from complaints.permissions import Permission
from complaints.selectors.public_pages import (
    draft_of,
    page_called,
    page_lines,
    page_text,
    published_versions,
)
from complaints.services import public_pages as service
from complaints.views.desk.phrases import sides


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_PAGES)


def _page_or_404(code: str) -> PublicPage:
    page = page_called(code)
    if page is None:
        raise Http404(code)
    return page


def _to(name: str, page: PublicPage) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"complaints:{name}", args=[page.pk]), status=303)


@login_required
@require_safe
def page_list(request: HttpRequest) -> HttpResponse:
    """All public pages, with the version in force and the draft."""
    _actor(request)
    return render(request, "complaints/desk/public_pages.html", {"lines": page_lines()})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page_edit(request: HttpRequest, page: str) -> HttpResponse:
    """Write the draft of a page; it begins with what is published."""
    actor, found = _actor(request), _page_or_404(page)
    draft = draft_of(found.pk)
    if request.method != "POST":
        versions = published_versions(found.pk)
        begun = draft or (versions[0] if versions else None)
        count = len(begun.sections) if begun else 1
        initial = service.as_form_data(begun) if begun else {}
        return _form_page(request, found, draft, PageForm(initial=initial, count=count))
    form = PageForm(request.POST, count=_count(request))
    if not form.is_valid():
        return _form_page(request, found, draft, form, status=422)
    try:
        _save(request, found, form, actor)
    except DraftChanged as error:
        form.add_error(None, str(error))
        return _form_page(request, found, draft, form, status=409)
    except CaseError as error:
        add_case_error(form, error)
        return _form_page(request, found, draft, form, status=422)
    if request.POST.get("act") == "more":
        return HttpResponseRedirect(
            reverse("complaints:public_page_edit", args=[found.pk]) + "?more=1#more", status=303
        )
    return _to("public_page", found)


def _count(request: HttpRequest) -> int:
    return whole_number(request.POST.get("count"), 1)


def _save(request: HttpRequest, page: PublicPage, form: PageForm, actor: Actor) -> None:
    service.save_page_draft(
        page,
        titles=form.titles(),
        sections=form.sections(),
        by=actor,
        seen=number_seen(request.POST, default=0),
    )


def _form_page(
    request: HttpRequest,
    page: PublicPage,
    draft: PublicPageVersion | None,
    form: PageForm,
    *,
    status: int = 200,
) -> HttpResponse:
    if not form.is_bound and request.GET.get("more"):
        form = PageForm(initial=form.initial, count=form.count + 1)
    seen = request.POST.get("seen") if status == 422 else None
    context = {
        "page": page,
        "form": form,
        "count": form.count,
        "seen": seen if seen is not None else draft.revision if draft else 0,
    }
    return render(request, "complaints/desk/public_page_edit.html", context, status=status)


@login_required
@never_cache
@require_safe
def page_show(request: HttpRequest, page: str) -> HttpResponse:
    """A page in both languages: the draft or what is in force, its versions, and a comparison."""
    _actor(request)
    return _shown(request, _page_or_404(page), PublishPageForm())


def _shown(
    request: HttpRequest, page: PublicPage, form: PublishPageForm, *, status: int = 200
) -> HttpResponse:
    draft, versions = draft_of(page.pk), published_versions(page.pk)
    shown = draft or (versions[0] if versions else None)
    older = _older(versions, request.GET.get("with", ""), shown)
    context: dict[str, Any] = {
        "page": page,
        "draft": draft,
        "versions": versions,
        "texts": [page_text(shown, language) for language in ("zh-hans", "en")] if shown else [],
        "missing": service.missing_in(draft) if draft else [],
        "older": older,
        "compared": _compared(older, shown) if older and shown else [],
        "form": form,
    }
    return render(request, "complaints/desk/public_page.html", context, status=status)


def _older(
    versions: list[PublicPageVersion], asked: str, shown: PublicPageVersion | None
) -> PublicPageVersion | None:
    if asked.isdecimal():
        return next((each for each in versions if each.number == whole_number(asked)), None)
    is_draft = shown is not None and shown.published_at is None
    return versions[0] if is_draft and versions else None


def _compared(old: PublicPageVersion, new: PublicPageVersion) -> list[dict[str, Any]]:
    """Every part that differs, in both languages, with what changed marked."""
    rows = []
    for language, end in (("zh-hans", "zh"), ("en", "en")):
        for before, after in zip_longest(_parts(old, end), _parts(new, end), fillvalue=""):
            if before != after:
                rows.append({"language": language, **sides(before, after)})
    return rows


def _parts(version: PublicPageVersion, end: str) -> list[str]:
    head = [getattr(version, f"title_{end}"), getattr(version, f"lead_{end}")]
    return head + [
        f"{each.get(f'heading_{end}', '')}\n{each.get(f'body_{end}', '')}"
        for each in version.sections
    ]


@login_required
@require_POST
def page_publish(request: HttpRequest, page: str) -> HttpResponse:
    """Publish the draft that was looked at, or throw it away."""
    actor, found = _actor(request), _page_or_404(page)
    form = PublishPageForm(request.POST)
    if request.POST.get("act") == "drop":
        return _dropped(request, found, actor)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    try:
        service.publish_page(found, by=actor, **form.cleaned_data)
    except DraftChanged as error:
        form.add_error(None, str(error))
        return _shown(request, found, form, status=409)
    except CaseError as error:
        add_case_error(form, error)
        return _shown(request, found, form, status=422)
    messages.success(request, _("已发布，大家现在看到的就是这一版"))
    return _to("public_page", found)


def _dropped(request: HttpRequest, page: PublicPage, actor: Actor) -> HttpResponse:
    seen = number_seen(request.POST, default=0)
    try:
        service.drop_page_draft(page, by=actor, seen=seen)
    except DraftChanged as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("草稿已丢掉"))
    return _to("public_page", page)
