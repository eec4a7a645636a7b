"""Pages that only inform, the choice of the theme, and the pages of errors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from complaints.moments import now
from complaints.numbers import whole_number
from complaints.selectors.policies import policy_in_force
from complaints.selectors.public_pages import page_text, published_versions
from complaints.selectors.public_performance import DAYS, public_performance
from complaints.states import PRIVACY_NOTICE, BudgetUnit, ClockKind
from config.performance import performance_rows, weekly_bars
from config.templatetags.shell import THEME_COOKIE, THEMES

THEME_SECONDS = 365 * 86400
PROMISES = (
    ClockKind.EMERGENCY,
    ClockKind.ACKNOWLEDGEMENT,
    ClockKind.SOLUTION,
    ClockKind.INVESTIGATION,
    ClockKind.OFFER,
    ClockKind.AGREEMENT_DRAFT,
    ClockKind.FOLLOW_UP,
    ClockKind.REVIEW,
    ClockKind.MEDIATION,
)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what personal information is used for, how long, and what one may ask."""
    return render(request, "pages/privacy.html", {"version": PRIVACY_NOTICE})


@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """Show the steps of a complaint and the time promised for each, by the policies in force."""
    today = now().date()
    policies = [policy_in_force(kind, on=today) for kind in PROMISES]
    rows = [
        {
            "label": ClockKind(policy.kind).label,
            "amount": int(policy.amount),
            "unit": policy.unit,
            "working": policy.unit == BudgetUnit.WORKING_DAYS,
            "hours": policy.unit == BudgetUnit.ELAPSED_HOURS,
        }
        for policy in policies
    ]
    return _public(request, "process", {"rows": rows})


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """Say by which rules compensation is worked out."""
    return _public(request, "standards", {})


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Say what consumers may ask of us, and where else they can go."""
    return _public(request, "rights", {})


def _public(request: HttpRequest, code: str, more: dict[str, Any]) -> HttpResponse:
    """Show a page that managers keep: the version in force, or the earlier one asked for."""
    versions = published_versions(code)
    asked = request.GET.get("version", "")
    shown = versions[:1]
    if asked.isdecimal():
        shown = [each for each in versions if each.number == whole_number(asked)]
    if not shown:
        raise Http404(code)
    context = {
        "text": page_text(shown[0], get_language() or "zh-hans"),
        "current": versions[0],
        "version": shown[0],
        "versions": versions,
        **more,
    }
    return render(request, "pages/public.html", context)


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """Show how well we kept our time limits, from the clocks' own moments."""
    found = public_performance()
    context = {"found": found, "bars": weekly_bars(found), "rows": performance_rows(found)}
    return render(request, "pages/performance.html", {**context, "days": DAYS})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how these pages can be used by everybody, and what is not there yet."""
    return render(request, "pages/accessibility.html")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the device has it, and go back to where one was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target, status=303)
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        response.delete_cookie(THEME_COOKIE)
        return response
    response.set_cookie(
        THEME_COOKIE,
        theme,
        max_age=THEME_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """Offer the look-up; a case that exists and one that doesn't are alike."""
    return _error(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    """Say that this is not theirs to do, and where to go."""
    return _error(request, "403.html", 403)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """Say that the request could not be read."""
    return _error(request, "400.html", 400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token doesn't fit: the page was open for long, or cookies are off."""
    return _error(request, "form_expired.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; asks nothing of the database."""
    return render(request, "500.html", status=500)


def _error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    for_staff = request.path.startswith(("/desk/", "/admin/"))
    context = {"for_staff": for_staff, "path": request.path}
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
