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
from complaints.models import Case

Panel = dict[str, Any]
SELECTORS: dict[str, Callable[[Case], Panel | None]] = {
    "agreements": agreements.selectors.consumer_panel,
    "compensation": compensation.selectors.consumer_panel,
    "reviews": reviews.selectors.consumer_panel,
    "liability": liability.selectors.consumer_panel,
}
WAYS = "ways_out"


def open_panels(case: Case) -> dict[str, Panel]:
    """Return the panel of each app that has something to show, the next step first.

    A way out that one panel offers is not offered again by those below it.
    """
    panels: dict[str, Panel] = {}
    offered: set[str] = set()
    for app, selector in SELECTORS.items():
        panel = selector(case)
        if panel is None:
            continue
        ways = panel.get(WAYS, [])
        fresh = [way for way in ways if way["href"] not in offered]
        offered.update(way["href"] for way in ways)
        if fresh or not ways or any(value for name, value in panel.items() if name != WAYS):
            panels[app] = {**panel, WAYS: fresh} if ways else panel
    return panels


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
