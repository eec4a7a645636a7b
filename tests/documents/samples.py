"""Believable data for every kind of document, kept as JSON as the callers would send it."""

import json
from copy import deepcopy
from pathlib import Path

_FOLDER = Path(__file__).parent / "contexts"


def _loaded(name):
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


agreement = _loaded("agreement")
agreement_en = _loaded("agreement_en")
CONTEXTS = {
    "agreement": agreement,
    "finding_letter": _loaded("finding_letter"),
    "result_notice": _loaded("result_notice"),
    "review_decision": _loaded("review_decision"),
    "intake_receipt": _loaded("intake_receipt"),
    "clock_certificate": _loaded("clock_certificate"),
    "investigation_report": _loaded("investigation_report"),
}


def changed(name, path, value):
    """Return a copy of a context with one datum changed: `path` is like "lines.0.amount"."""
    context = deepcopy(CONTEXTS[name])
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = context
    for part in way:
        inner = inner[part]
    inner[last] = value
    return context
