"""Proposing urgency and severity from a text and the fields beside it, with the reasons.

HARM is an emergency and severe. DANGER is severe, and an emergency when it meets a PERSON close by.
CONCERN is severe. OUTSIDE is an emergency, though no safety case. FAULT is moderate.
A sentence takes no reason away from another; only rules about bare words (an insect, without a
dish) look at the whole text, for whether it is about a hotel room or raw fruit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from complaints.triage_rules.chinese import CHINESE
from complaints.triage_rules.doubts import CHINESE_DOUBTS, ENGLISH_DOUBTS, Language
from complaints.triage_rules.english import ENGLISH
from complaints.triage_rules.reading import Plain, read_plain
from complaints.triage_rules.reasons import REASONS
from complaints.triage_rules.rules import Kind, Rule

VERSION = "2026-11-22.3"
"""Raise it with every change of a table; a stored proposal says which one it came from."""
BATCH_CASES = 3
"""So many similar cases on one batch within seven days are an emergency."""
NEIGHBOURHOOD = 120
"""A person this many characters from a danger is at risk by it."""
MOST_FINDINGS = 40
"""Findings kept of one text; more of the same say nothing new."""
READ_FIRST, READ_LAST = 16_000, 4_000
"""Of a longer text only so many characters at its beginning and its end are read, and the
proposal says so: nobody's text may keep the others waiting."""
_LATIN = re.compile("[a-z]{2}")

EMERGENCY, NORMAL = "emergency", "normal"
SEVERE, MODERATE, MINOR = "severe", "moderate", "minor"


@dataclass(frozen=True)
class Facts:
    """What is known beside the text."""

    danger_reported: bool = False
    issue: str = ""
    channel: str = ""
    needs_care: bool = False
    similar_on_batch: int = 0
    """Cases on the same batch within seven days, this one included."""


@dataclass(frozen=True)
class Finding:
    """A reason, the rule that gave it, and the words that led to it; a fact has no words."""

    reason: str
    rule: str
    start: int = 0
    end: int = 0
    words: str = ""

    @property
    def kind(self) -> Kind:
        """What the reason stands for."""
        return REASONS[self.reason].kind


@dataclass(frozen=True)
class Proposal:
    """What the rules propose, and why; a person confirms or changes it."""

    urgency: str
    severity: str
    safety: bool
    findings: tuple[Finding, ...] = field(default=())

    @property
    def reasons(self) -> list[str]:
        """The reasons' codes, each once, in the order in which they were found."""
        return list(dict.fromkeys(finding.reason for finding in self.findings))


def propose(text: str, facts: Facts = Facts()) -> Proposal:
    """Return what a complaint's text and facts propose."""
    found: list[Finding] = []
    for start, piece in _pieces(text):
        found += [
            replace(finding, start=finding.start + start, end=finding.end + start)
            for finding in _found(read_plain(piece), piece)
        ]
    found.sort(key=lambda finding: (finding.start, finding.end))
    if len(text) > READ_FIRST + READ_LAST:
        found.append(Finding("not_all_read", "text.length"))
    return _judged([*_from_facts(facts), *found])


def _pieces(text: str) -> list[tuple[int, str]]:
    """Return what is read of a text, each piece with where it begins."""
    if len(text) <= READ_FIRST + READ_LAST:
        return [(0, text)]
    return [(0, text[:READ_FIRST]), (len(text) - READ_LAST, text[-READ_LAST:])]


def _found(plain: Plain, original: str) -> Iterator[Finding]:
    characters = set(plain.text)
    english = ENGLISH if _LATIN.search(plain.text) else ()
    for rules, language in ((CHINESE, CHINESE_DOUBTS), (english, ENGLISH_DOUBTS)):
        for rule in rules:
            if not rule.cues or not characters.isdisjoint(rule.cues):
                yield from _by_rule(rule, language, plain, original)


def _by_rule(rule: Rule, language: Language, plain: Plain, original: str) -> Iterator[Finding]:
    if rule.elsewhere and rule.elsewhere.search(plain.text):
        return
    kept = 0
    for match in rule.found_by.finditer(plain.text):
        if match.end() == match.start():
            continue
        reason = _reason(rule, language, plain.text, match.start(), match.end())
        if reason is None:
            continue
        start, end = plain.span(match.start(), match.end())
        yield Finding(reason, rule.code, start, end, original[start:end])
        kept += 1
        if kept == MOST_FINDINGS:
            return


def _reason(rule: Rule, language: Language, text: str, start: int, end: int) -> str | None:
    """Return the reason that stands after every doubt, None when the words are taken back."""
    around = language.around(text, start, end)
    if language.named(around):
        return None
    if rule.taken_back_by and rule.taken_back_by.search(language.close_around(around)):
        return None
    if rule.as_written:
        return rule.reason
    harm = REASONS[rule.reason].kind is Kind.HARM
    if harm and language.nearly(around):
        return "near_miss"
    if language.denied(around) or language.supposed(around):
        return None
    return rule.reason


def _from_facts(facts: Facts) -> list[Finding]:
    found = []
    if facts.danger_reported:
        found.append(Finding("danger_reported", "fact.danger_reported"))
    if facts.similar_on_batch >= BATCH_CASES:
        found.append(Finding("batch", "fact.similar_on_batch"))
    if facts.issue == "SAFETY":
        found.append(Finding("safety_issue", "fact.issue"))
    if facts.channel in ("regulator_12315", "consumer_association"):
        found.append(Finding("outside_channel", "fact.channel"))
    if facts.needs_care:
        found.append(Finding("needs_care", "fact.needs_care"))
    return found


def _judged(findings: Sequence[Finding]) -> Proposal:
    kinds = {finding.kind for finding in findings}
    at_risk = Kind.DANGER in kinds and _person_in_danger(findings)
    safety = bool(kinds & {Kind.HARM, Kind.DANGER, Kind.CONCERN})
    emergency = Kind.HARM in kinds or Kind.OUTSIDE in kinds or at_risk
    severity = MODERATE if kinds & {Kind.FAULT, Kind.OUTSIDE} else MINOR
    if safety:
        severity = SEVERE
    return Proposal(
        EMERGENCY if emergency else NORMAL, severity, safety, _telling(findings, safety, at_risk)
    )


def _person_in_danger(findings: Sequence[Finding]) -> bool:
    dangers = [finding for finding in findings if finding.kind is Kind.DANGER]
    people = [finding for finding in findings if finding.kind is Kind.PERSON]
    if any(not finding.words for finding in (*dangers, *people)) and dangers and people:
        return True
    return any(
        danger.start - NEIGHBOURHOOD <= person.start <= danger.end + NEIGHBOURHOOD
        for danger in dangers
        for person in people
    )


def _telling(findings: Sequence[Finding], safety: bool, at_risk: bool) -> tuple[Finding, ...]:
    """Leave out what explains nothing: a person where nothing is dangerous."""
    return tuple(
        finding for finding in findings if finding.kind is not Kind.PERSON or safety or at_risk
    )
