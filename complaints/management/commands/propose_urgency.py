"""`manage.py propose_urgency FILE --text COLUMN [--json]`: try the rules on a history."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from complaints.importing.columns import Cell, read_column
from complaints.importing.refusals import FileRefused
from complaints.states import Severity, Urgency
from complaints.triage_rules import REASONS, Proposal, propose


class Command(BaseCommand):
    """Print, row by row, what the rules propose for a column of texts, and why. Stores nothing."""

    help = "Propose an urgency for each row of a CSV file, with the reasons and the words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .csv.gz file with a header")
        parser.add_argument("--text", required=True, metavar="COLUMN", help="the column to read")
        parser.add_argument("--json", action="store_true", help="print one JSON object a row")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for cell in read_column(options["file"], options["text"]):
                self.stdout.write(_as_json(cell) if options["json"] else _as_line(cell))
        except FileRefused as refusal:
            raise CommandError(refusal.reason, returncode=2) from refusal
        except OSError as error:
            raise CommandError(
                _("打不开文件：%(error)s") % {"error": error}, returncode=2
            ) from error


def _as_json(cell: Cell) -> str:
    if cell.problem:
        return json.dumps(
            {"row": cell.row, "line": cell.line, "problem": cell.problem}, ensure_ascii=False
        )
    proposal = propose(cell.text)
    return json.dumps(
        {
            "row": cell.row,
            "line": cell.line,
            "urgency": proposal.urgency,
            "severity": proposal.severity,
            "safety": proposal.safety,
            "reasons": [
                {"code": code, "zh": REASONS[code].zh, "en": REASONS[code].en}
                for code in proposal.reasons
            ],
            "words": list(dict.fromkeys(f.words for f in proposal.findings if f.words)),
            "findings": [
                {
                    "reason": finding.reason,
                    "rule": finding.rule,
                    "words": finding.words,
                    "span": [finding.start, finding.end],
                }
                for finding in proposal.findings
            ],
        },
        ensure_ascii=False,
    )


def _as_line(cell: Cell) -> str:
    if cell.problem:
        return _("第 %(row)d 行：%(problem)s") % {"row": cell.row, "problem": cell.problem}
    proposal = propose(cell.text)
    return _("第 %(row)d 行：%(urgency)s，%(severity)s。%(why)s") % {
        "row": cell.row,
        "urgency": Urgency(proposal.urgency).label,
        "severity": Severity(proposal.severity).label,
        "why": _why(proposal),
    }


def _why(proposal: Proposal) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    told = []
    for code in proposal.reasons:
        reason = REASONS[code]
        words = [f"「{f.words}」" for f in proposal.findings if f.reason == code and f.words]
        told.append((reason.zh if chinese else reason.en) + "".join(dict.fromkeys(words)))
    return pgettext("list separator", "；").join(told)
