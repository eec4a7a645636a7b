"""The shape of a triage rule, and of the reason that it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a reason stands for; see proposing.py for what follows from it."""

    HARM = "harm"
    """Somebody was hurt or fell ill, or a fire, a shock, unsafe food happened: an emergency."""
    DANGER = "danger"
    """A safety hazard that hurt nobody yet: severe; an emergency when it meets a PERSON."""
    CONCERN = "concern"
    """Somebody calls it unsafe, no more: severe, for a person to judge."""
    PERSON = "person"
    """Somebody who needs care is there; means nothing alone."""
    OUTSIDE = "outside"
    """A regulator or the media is in it: an emergency, though not for safety."""
    FAULT = "fault"
    """It doesn't work, money was lost, or an authority referred it (whose term has a clock of its
    own): moderate."""
    NOTE = "note"
    """Something about the reading itself; proposes nothing."""


@dataclass(frozen=True)
class Reason:
    """Why a proposal says what it says, in both languages."""

    code: str
    kind: Kind
    zh: str
    en: str


SAME_CLAUSE = "[^,。!?;:\\n没不未]{0,6}"
SAME_SENTENCE = "[^。!?\\n]{0,14}"


def expanded(pattern: str) -> str:
    """Return a pattern of the tables as a regular expression.

    `…` stands for a few characters of the same clause without a "not", `……` for some more of the
    same sentence.
    Both are bounded, so that the time taken grows with the length of the text and no faster.
    """
    return pattern.replace("……", SAME_SENTENCE).replace("…", SAME_CLAUSE)


@dataclass(frozen=True)
class Rule:
    """One row of a table: these words give this reason, unless something takes it back.

    `cues`: characters of which the text must hold at least one (a quick way out).
    `unless`: something in the same clause that gives the words another meaning.
    `unless_text`: something anywhere in the text that does.
    `as_written`: neither negation nor supposition takes these words back.
    """

    code: str
    reason: str
    pattern: str
    cues: str = ""
    unless: str = ""
    unless_text: str = ""
    as_written: bool = False
    found_by: re.Pattern[str] = field(init=False, repr=False, compare=False)
    taken_back_by: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    elsewhere: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "found_by", re.compile(expanded(self.pattern)))
        for name, source in (("taken_back_by", self.unless), ("elsewhere", self.unless_text)):
            object.__setattr__(self, name, re.compile(expanded(source)) if source else None)
