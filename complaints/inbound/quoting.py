"""Cutting what a mail quotes, by its lines: what the sender wrote anew stays.

Rules look at single lines, so that a mail of a megabyte is read in one go. When nothing but history
would be left, nothing is cut: better a long message than a lost one.
"""

from __future__ import annotations

import re

_SEPARATOR = re.compile(
    r"\s*[-_*—]{2,}\s*(original message|original email|forwarded message|原始邮件|原邮件|邮件原件|"
    r"转发的邮件|转发邮件|回复的原邮件|回复的邮件|Begin forwarded message)\s*[-_*—]*\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{20,}\s*")
_WROTE = (
    re.compile(r"\s*(on|le|am)\b.{5,300}\b(wrote|a écrit|schrieb)\s*[:：]?\s*", re.IGNORECASE),
    re.compile(r"\s*(在|于)?\s*\d{2,4}\D{1,3}\d{1,2}.{0,260}(写道|寫道|写到|编写)\s*[:：]?\s*"),
    re.compile(
        r"\s*.{0,200}<[^<>@\s]{1,100}@[^<>\s]{1,200}>\s*(于.{0,80})?(写道|寫道)\s*[:：]?\s*"
    ),
    re.compile(r"\s*At \d{4}-\d\d-\d\d.{0,200}(wrote|写道)\s*[:：]\s*", re.IGNORECASE),
)
_FIELD = re.compile(
    r"[\s*]*(from|sent|to|date|subject|cc|发件人|寄件者|发送时间|發送時間|发送日期|日期|时间|收件人|"
    r"抄送|主题|主旨|回复)\s*\*?\s*[:：].*",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"\s*(sent from my |get outlook for |发自我的|来自我的|从我的.{0,20}发送|发送自).{0,80}",
    re.IGNORECASE,
)
_FIELDS_IN_A_ROW = 3
_LONGEST = 600
_LONGEST_SIGNATURE = 10


def without_history(text: str) -> str:
    """Return the text above the first quoted mail, without quoted lines and device signatures."""
    lines = text.split("\n")
    end = next((n for n in range(len(lines)) if _begins_history(lines, n)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith((">", "|>"))]
    while kept and (not kept[-1].strip() or _matches(_SENT_FROM, kept[-1])):
        kept.pop()
    new = "\n".join(_without_signature(kept)).strip()
    return new or text.strip()


def _begins_history(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _matches(_SEPARATOR, line):
        return True
    if _matches(_RULE, line):
        return _is_block(lines, at + 1)
    if _is_block(lines, at):
        return True
    following = [each.strip() for each in lines[at + 1 : at + 4] if each.strip()]
    if _is_wrote(line, following):
        return True
    begins = line.lstrip().lower().startswith(("on ", "在", "于"))
    joined = [" ".join([line.rstrip(), *following[:more]]) for more in (1, 2)]
    return begins and any(_is_wrote(each, following[n:]) for n, each in enumerate(joined, 1))


def _is_wrote(line: str, following: list[str]) -> bool:
    """Say whether a line opens a quotation: it names an address, or quoted lines follow it."""
    if not any(_matches(pattern, line) for pattern in _WROTE):
        return False
    return "@" in line or bool(following and following[0].startswith(">"))


def _is_block(lines: list[str], at: int) -> bool:
    """Say whether lines look like the head of a mail: From, Sent, To, one below the other."""
    seen = 0
    for line in lines[at : at + 6]:
        if not line.strip() and not seen:
            return False
        if _matches(_FIELD, line):
            seen += 1
        elif line.strip():
            break
    return seen >= _FIELDS_IN_A_ROW


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.fullmatch(line) is not None


def _without_signature(lines: list[str]) -> list[str]:
    """Cut what stands below the standard mark of a signature, "-- ", if it is short."""
    for number, line in enumerate(lines):
        if line.rstrip() == "--" and 0 < number >= len(lines) - _LONGEST_SIGNATURE:
            return lines[:number]
    return lines
