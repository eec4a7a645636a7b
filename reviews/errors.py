"""Errors of reviews, mediation and outside proceedings."""

from __future__ import annotations

from complaints.errors import CaseError


class OutOfTime(CaseError):
    """A review can't be asked for any more; the sentence names the other ways."""


class Ineligible(CaseError):
    """Somebody who handled the case may not decide its review."""
