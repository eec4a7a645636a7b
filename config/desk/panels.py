"""What every app adds to a case's page: its panel, and the one next step.

The later an app comes in a case's life, the earlier it is asked for the next step.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver

from complaints.actors import Actor
from complaints.models import Case
from complaints.next_action import NextAction
from complaints.selectors import facts, steps

LATER_APPS = ("agreements", "reviews", "compensation", "liability")
APP_OF_TAB = {
    "liability": "liability",
    "compensation": "compensation",
    "agreement": "agreements",
    "reviews": "reviews",
}


def _found(app: str, name: str) -> Any:
    if find_spec(f"{app}.selectors") is None or app not in get_resolver().namespace_dict:
        return None
    return getattr(import_module(f"{app}.selectors"), name, None)


def primary_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the one next step, from the first app that knows one."""
    for app in LATER_APPS:
        propose = _found(app, "next_action")
        action = propose(case, actor) if propose else None
        if action is not None:
            return action
    return steps.next_action(case, actor)


def other_actions(case: Case, actor: Actor) -> list[Any]:
    """Return everything else that may be done now."""
    actions = list(steps.case_actions(case, actor))
    for app in reversed(LATER_APPS):
        list_actions = _found(app, "case_actions")
        actions += list_actions(case, actor) if list_actions else []
    return actions


def tab_panel(case: Case, actor: Actor, tab: str) -> tuple[str, dict[str, Any]]:
    """Return the template of a tab's panel and what it shows; "" where there is none yet."""
    if tab == "evidence":
        return "complaints/_case_panel.html", facts.case_panel(case, actor)
    app = APP_OF_TAB[tab]
    panel, template = _found(app, "case_panel"), f"{app}/_case_panel.html"
    if panel is None:
        return "", {}
    try:
        get_template(template)
    except TemplateDoesNotExist:
        return "", {}
    return template, panel(case, actor)
