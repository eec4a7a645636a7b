"""Figures for Prometheus at /metrics, in its text format; for machines that are let in only."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints.selectors.measuring import Sample, clock_figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "timers_armed": "Timers that wait for their moment.",
    "timers_backing_off": "Timers that raised and will be tried again.",
    "timers_quarantined": "Timers that raised five times and wait for a person.",
    "oldest_due_seconds": "How long the longest waiting due timer has waited.",
    "last_sweep_age_seconds": "How old the last sweep of any process is.",
    "sweeps_total": "Sweeps of a process since it started.",
    "sweep_errors_total": "Timers that raised, by process since it started.",
    "timers_fired_total": "Timers carried out, by process since it started and by rung.",
    "clock_skew_seconds": "How far a sweeper's host clock is ahead of the database's.",
    "outbox_messages": "Notices by state.",
    "open_cases": "Open cases by stage.",
    "unowned_cases": "Open cases that nobody owns.",
    "oldest_unowned_seconds": "How old the oldest open case without an owner is.",
}
LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def is_let_in(request: HttpRequest) -> bool:
    """Tell whether a request may read figures.

    With REDRESS_METRICS_TOKEN set it must carry that token; without, it must come from this very
    machine and not through a proxy, whose visitors all seem to.
    """
    if settings.METRICS_TOKEN:
        given, wanted = request.headers.get("Authorization", ""), settings.METRICS_TOKEN
        return secrets.compare_digest(given.encode(), f"Bearer {wanted}".encode())
    forwarded = settings.BEHIND_PROXY or any(name in request.headers for name in FORWARDED)
    return not forwarded and request.META.get("REMOTE_ADDR") in LOOPBACK


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all figures; 404 for those who are not let in."""
    if not is_let_in(request):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    lines: list[str] = []
    for name, samples in clock_figures().items():
        kind = "counter" if name.endswith("_total") else "gauge"
        lines += [f"# HELP redress_{name} {HELP[name]}", f"# TYPE redress_{name} {kind}"]
        lines += [sample_line(name, sample) for sample in samples]
    return HttpResponse("\n".join(lines) + "\n", content_type=CONTENT_TYPE)


def sample_line(name: str, sample: Sample) -> str:
    """Write one sample: name{label="value"} number."""
    labels, value = sample
    words = ",".join(f'{label}="{escaped(text)}"' for label, text in labels.items())
    return f"redress_{name}{{{words}}} {value}" if words else f"redress_{name} {value}"


def escaped(text: str) -> str:
    """Escape a label's value as the format wants."""
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
