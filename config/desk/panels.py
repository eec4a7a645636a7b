"""What every app adds to a case's page: its panel, and the one next step.

The later an app comes in a case's life, the earlier it is asked for the next step.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import agreements.selectors
import compensation.selectors
import liability.selectors
import reviews.selectors
from complaints.actors import Actor
from complaints.models import Case
from complaints.next_action import NextAction
from complaints.selectors import facts, steps

LATER_APPS: tuple[ModuleType, ...] = (
    agreements.selectors,
    reviews.selectors,
    compensation.selectors,
    liability.selectors,
)
PANELS: dict[str, tuple[str, Any]] = {
    "evidence": ("complaints/_case_panel.html", facts.case_panel),
    "liability": ("liability/_case_panel.html", liability.selectors.case_panel),
    "compensation": ("compensation/_case_panel.html", compensation.selectors.case_panel),
    "agreement": ("agreements/_case_panel.html", agreements.selectors.case_panel),
    "reviews": ("reviews/_case_panel.html", reviews.selectors.case_panel),
}


def primary_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the one next step, from the first app that knows one."""
    for selectors in LATER_APPS:
        action = selectors.next_action(case, actor)
        if action is not None:
            return action
    return steps.next_action(case, actor)


def other_actions(case: Case, actor: Actor) -> list[Any]:
    """Return everything else that may be done now."""
    actions: list[Any] = list(steps.case_actions(case, actor))
    for selectors in reversed(LATER_APPS):
        actions += selectors.case_actions(case, actor)
    return actions


def tab_panel(case: Case, actor: Actor, tab: str) -> tuple[str, dict[str, Any]]:
    """Return the template of a tab's panel and what it shows."""
    template, panel = PANELS[tab]
    return template, panel(case, actor)
