"""Working calendars as pages: the list, one calendar, its editor that shows the effect first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Team
from complaints.actors import Actor
from complaints.clock_arithmetic import WorkingCalendar
from complaints.errors import DraftChanged
from complaints.forms.calendars import CalendarForm, hours_text
from complaints.models import BusinessCalendar
from complaints.moments import now
from complaints.numbers import whole_number
from complaints.selectors.policy_pages import (
    calendar_called,
    calendar_versions,
    calendar_years,
    calendars,
    teams_called,
)
from complaints.services.calendars import preview_calendar, preview_resting_by, put_calendar
from complaints.services.recalculating import Change, recalculate_open, recalculate_soon
from complaints.views.desk.policies import manager
from complaints.views.desk.policy_preview import (
    MOST_AT_ONCE,
    change_summary,
    later_words,
    moved_words,
)


@login_required
@never_cache
@require_safe
def calendar_list(request: HttpRequest) -> HttpResponse:
    """List the working calendars."""
    manager(request)
    rows = []
    for row in calendars():
        rules = WorkingCalendar.from_data(row.current.data)
        today = rules.local_date(now())
        years = [year.year for year in calendar_years(rules, today=today) if year.provisional]
        rows.append({"row": row, "zone": rules.zone, "provisional": years})
    return render(request, "complaints/desk/calendars.html", {"rows": rows})


@login_required
@never_cache
@require_safe
def calendar_page(request: HttpRequest, calendar: str) -> HttpResponse:
    """Show one calendar as it stands, or as a version of it stood."""
    manager(request)
    row = _row(calendar)
    versions = list(calendar_versions(row.key))
    asked = request.GET.get("version", "")
    shown = next((v for v in versions if v.version == asked), row.current)
    rules = WorkingCalendar.from_data(shown.data)
    context = {
        "row": row,
        "rules": rules,
        "shown": shown,
        "week": [
            {"day": WEEKDAYS[number], "hours": hours_text(hours)}
            for number, hours in enumerate(rules.week)
        ],
        "years": calendar_years(rules, today=rules.local_date(now())),
        "versions": versions,
    }
    return render(request, "complaints/desk/calendar.html", context)


def _row(key: str) -> BusinessCalendar:
    row = calendar_called(key)
    if row is None:
        raise Http404(key)
    return row


@dataclass(frozen=True)
class _Wanted:
    """A calendar as it was written, with its teams, and what it would do to open cases."""

    rules: WorkingCalendar
    name: str
    teams: list[Team]
    changes: Sequence[Change]

    @property
    def mark(self) -> str:
        """A name of exactly this, to tell whether it is what was shown."""
        raw = ":".join([self.rules.version, self.name, *(str(team.pk) for team in self.teams)])
        return hashlib.sha256(raw.encode()).hexdigest()[:16]

    @property
    def moving(self) -> int:
        """How many clocks move."""
        return sum(not change.stays for change in self.changes)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_new(request: HttpRequest) -> HttpResponse:
    """Write a new calendar."""
    return _edit(request, manager(request), None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_edit(request: HttpRequest, calendar: str) -> HttpResponse:
    """Change a calendar: first its effect on open cases, then publishing it."""
    actor = manager(request)
    return _edit(request, actor, _row(calendar))


def _edit(request: HttpRequest, actor: Actor, row: BusinessCalendar | None) -> HttpResponse:
    if request.method != "POST":
        year = request.GET.get("year", "")
        form = CalendarForm(row=row, year=whole_number(year, 0))
        return _page(request, form)
    form = CalendarForm(request.POST, request.FILES, row=row)
    _refuse_taken(form)
    if not form.is_valid():
        return _page(request, form, status=422)
    rules, teams = form.calendar(), teams_called(form.cleaned_data["team_ids"])
    wanted = _Wanted(rules, form.cleaned_data["name"], teams, preview_calendar(rules, teams=teams))
    if "publish" not in request.POST:
        return _page(request, form, wanted=wanted)
    if request.POST.get("previewed") != wanted.mark:
        words = _("内容和看过的不一样了。请再看一遍影响，然后发布。")
        return _page(request, form, wanted=wanted, refused=words, status=409)
    try:
        words = _published(wanted, actor, seen=request.POST.get("seen", "") if row else None)
    except DraftChanged as error:
        return _page(request, form, wanted=wanted, refused=str(error), status=409)
    messages.success(request, words)
    return HttpResponseRedirect(
        reverse("complaints:calendar", args=[form.calendar_key]), status=303
    )


def _refuse_taken(form: CalendarForm) -> None:
    """A new calendar's key must be nobody's."""
    key = form.data.get("key", "")
    if form.row is None and key and calendar_called(key) is not None:
        form.add_error("key", _("这个代号已经有了，请换一个。"))


def _published(wanted: _Wanted, actor: Actor, *, seen: str | None) -> str:
    key, data = wanted.rules.key, wanted.rules.as_data()
    with transaction.atomic():
        put_calendar(key, data, by=actor, name=wanted.name, teams=wanted.teams, seen=seen)
        if wanted.moving > MOST_AT_ONCE:
            recalculate_soon(by=actor, cause="calendar_published")
            return later_words(wanted.moving)
    return moved_words(recalculate_open(by=actor, cause="calendar_published"))


def _page(
    request: HttpRequest,
    form: CalendarForm,
    *,
    wanted: _Wanted | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "row": form.row,
        "seen": request.POST.get("seen") or (form.row.current_id if form.row else ""),
        "refused": refused,
    }
    if wanted is not None:
        resting = preview_resting_by(wanted.rules, teams=wanted.teams)
        changes = change_summary(wanted.changes, resting=resting)
        context |= {"changes": changes, "mark": wanted.mark}
        context["form"] = _shown_again(request, form)
    return render(request, "complaints/desk/calendar_edit.html", context, status=status)


def _shown_again(request: HttpRequest, form: CalendarForm) -> CalendarForm:
    """Return the form with the uploaded days in place of the file, which can't be kept."""
    data = request.POST.copy()
    data["days"] = form.days_written()
    return CalendarForm(data, row=form.row)
