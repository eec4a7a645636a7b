"""What each app has for the consumer to do or read now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

import agreements.selectors
import compensation.selectors
import liability.selectors
import reviews.selectors
from compensation.selectors.instant import instant_panel
from compensation.selectors.screening import appeal_panel
from complaints.models import Case

Panel = dict[str, Any]
SELECTORS: dict[str, Callable[[Case], Panel | None]] = {
    "instant": instant_panel,
    "agreements": agreements.selectors.consumer_panel,
    "compensation": compensation.selectors.consumer_panel,
    "screening": appeal_panel,
    "reviews": reviews.selectors.consumer_panel,
    "liability": liability.selectors.consumer_panel,
}


def open_panels(case: Case) -> dict[str, Panel]:
    """Return the panel of each app that has something to show, the next step first."""
    panels = {app: selector(case) for app, selector in SELECTORS.items()}
    return {app: panel for app, panel in panels.items() if panel is not None}


def drawn_panels(
    request: HttpRequest, case: Case, panels: dict[str, Panel], *, now: datetime
) -> list[SafeString]:
    """Return the panels as HTML, each by its app's own template."""
    return [
        render_to_string(
            f"{app}/_consumer_panel.html",
            {**panel, "panel": panel, "case": case, "now": now},
            request,
        )
        for app, panel in panels.items()
    ]
