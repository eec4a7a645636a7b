"""What each app has for the consumer to do or read now."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from complaints.models import Case

APPS = ("agreements", "compensation", "reviews", "liability")


def consumer_panels(request: HttpRequest, case: Case, *, now: datetime) -> list[SafeString]:
    """Return the rendered panels of the apps that have something to show, the next step first."""
    shown = []
    for app in APPS:
        panel = _panel(app, case)
        if panel is not None:
            context: dict[str, Any] = {**panel, "panel": panel, "case": case, "now": now}
            template = f"{app}/_consumer_panel.html"
            shown.append(render_to_string(template, context, request))
    return shown


def _panel(app: str, case: Case) -> dict[str, Any] | None:
    if find_spec(f"{app}.selectors") is None:
        return None
    selector = getattr(import_module(f"{app}.selectors"), "consumer_panel", None)
    return selector(case) if selector else None
