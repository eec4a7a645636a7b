"""A clock certificate as people read it, in the active language: for a page and for print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.clock_arithmetic import is_warning
from complaints.selectors.certificate_words import plain
from complaints.states import (
    BudgetUnit,
    LedgerAction,
    PauseCause,
    Rung,
    SourceStatus,
    TimerStatus,
)

CauseText = Callable[[str], str]
"""Gives the words for what happened: a verb, an event, or a reason of the clocks themselves."""
MOST_ROWS = 200


def sheet(certificate: dict[str, Any], *, cause_text: CauseText) -> dict[str, Any]:
    """Return a certificate's contents in words; moments are local, in the company's zone.

    Of more than 200 clocks, lines or rungs, the latest 200 are shown, and of timers none that was
    cancelled; the record has all.
    """
    return {
        "case_number": certificate["case"],
        "issued_at": _local(certificate["issued_at"]),
        "zone": certificate["zone"],
        "sha256": certificate["sha256"],
        "chain_sequence": certificate["chain"]["sequence"],
        "chain_hash": certificate["chain"]["hash"],
        "calendars": [
            {
                "version": version,
                "key": data["key"],
                "zone": data["zone"],
                "published_to": data["published_to"] or "",
            }
            for version, data in certificate["calendars"].items()
        ],
        "clocks": [
            _clock(clock, certificate["policies"], cause_text)
            for clock in certificate["clocks"][-MOST_ROWS:]
        ],
    }


def _clock(
    clock: dict[str, Any], policies: dict[str, Any], cause_text: CauseText
) -> dict[str, Any]:
    language = "en" if get_language() == "en" else "zh-hans"
    policy = policies[clock["policy"]]
    return {
        "name": clock["name"][language],
        "verdict": clock["verdict_words"][language],
        "due": _local(clock["due_at"]) if clock["due_at"] else "",
        "rule": _rule(clock, policy),
        "policy": clock["policy"],
        "calendar": clock["calendar"],
        "source": _(policy["source"]),
        "source_status": str(SourceStatus(policy["source_status"]).label),
        "words": clock["reckoning_words"][language],
        "lines": [_line(line, cause_text) for line in clock["ledger"][-MOST_ROWS:]],
        "rungs": [_rung(timer) for timer in _kept(clock["timers"])[-MOST_ROWS:]],
    }


def _kept(timers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what had or will have its effect; what a later reckoning replaced is in the record."""
    return [timer for timer in timers if timer["status"] != TimerStatus.CANCELLED]


def _rule(clock: dict[str, Any], policy: dict[str, Any]) -> str:
    if clock["fixed_due_at"]:
        return _("约定的日期")
    amount = {
        "amount": plain(Decimal(policy["amount"])),
        "unit": BudgetUnit(policy["unit"]).label,
    }
    return _("规定 %(amount)s %(unit)s") % amount


def _line(line: dict[str, Any], cause_text: CauseText) -> dict[str, str]:
    return {
        "at": _local(line["at"]),
        "what": str(LedgerAction(line["action"]).label),
        "why": _why(line, cause_text),
        "policy": line["policy"],
        "calendar": line["calendar"],
        "due": _local(line["due_at"]) if line["due_at"] else "",
    }


def _why(line: dict[str, Any], cause_text: CauseText) -> str:
    pause = line["detail"].get("pause")
    if not pause:
        return cause_text(line["cause"])
    words = {
        "cause": PauseCause(pause).label,
        "until": _local(line["detail"]["until"]),
    }
    if line["detail"].get("after_reply"):
        return _("%(cause)s，最晚到 %(until)s；消费者刚刚回复过") % words
    return _("%(cause)s，最晚到 %(until)s") % words


def _rung(timer: dict[str, Any]) -> dict[str, str]:
    fired = timer["fired_at"]
    return {
        "what": rung_text(timer["rung"]),
        "at": _local(timer["due_at"]),
        "effect": _("%(at)s 已触发") % {"at": _local(fired)}
        if fired
        else str(TimerStatus(timer["status"]).label),
    }


def rung_text(rung: str) -> str:
    """Return what a rung is called."""
    number = rung.rpartition("_")[2]
    if rung == Rung.BREACH:
        return str(Rung.BREACH.label)
    if is_warning(rung):
        return _("用去 %(percent)s%%") % {"percent": number}
    return _("超时后第 %(level)s 次升级") % {"level": number}


def _local(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{moment:%Y-%m-%d %H:%M}"
