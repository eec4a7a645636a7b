"""Cutting what a mail quotes, by its lines: what the sender wrote anew stays.

Rules look at single lines, so that a mail of a megabyte is read in one go. When nothing but history
would be left, nothing is cut: better a long message than a lost one.
"""

from __future__ import annotations

import re

_SEPARATOR = re.compile(
    r"[-_*—]{2,}\s*(original message|original email|forwarded message|原始邮件|原邮件|邮件原件|"
    r"转发的邮件|转发邮件|回复的原邮件|回复的邮件|Begin forwarded message)\s*[-_*—]*",
    re.IGNORECASE,
)
_RULE = re.compile(r"_{20,}")
_WROTE = (
    re.compile(r"(on|le|am)\b.{5,300}\b(wrote|a écrit|schrieb) ?[:：]?", re.IGNORECASE),
    re.compile(r"(在|于)? ?\d{2,4}\D{1,3}\d{1,2}.{0,260}(写道|寫道|写到|编写) ?[:：]?"),
    re.compile(r".{0,200}<[^<>@\s]{1,100}@[^<>\s]{1,200}> ?(于.{0,80})?(写道|寫道) ?[:：]?"),
    re.compile(r"At \d{4}-\d\d-\d\d.{0,200}(wrote|写道) ?[:：]", re.IGNORECASE),
)
_CAN_BEGIN = re.compile("[-_*—:：<@]|wrote|crit|schrieb|[写寫]|^(on |在|于)", re.IGNORECASE)
_FIELD = re.compile(
    r"\*?(from|sent|to|date|subject|cc|发件人|寄件者|发送时间|發送時間|发送日期|日期|时间|收件人|"
    r"抄送|主题|主旨|回复)\s*\*?\s*[:：].*",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(sent from my |get outlook for |发自我的|来自我的|从我的.{0,20}发送|发送自).{0,80}",
    re.IGNORECASE,
)
_FROM = frozenset({"from", "发件人", "寄件者"})
_SENT = frozenset({"sent", "发送时间", "發送時間", "发送日期"})
_SUBJECT = frozenset({"subject", "主题", "主旨"})
_FIELDS_IN_A_ROW = 3
_LONGEST = 600
_MOST_LINES = 20_000  # no person writes more above what they answer
_LONGEST_SIGNATURE = 10


def without_history(text: str) -> str:
    """Return the text above the first quoted mail, without quoted lines and device signatures."""
    lines = text.split("\n")
    read = range(min(len(lines), _MOST_LINES))
    end = next((n for n in read if _begins_history(lines, n)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith((">", "|>"))]
    while kept and (not kept[-1].strip() or _matches(_SENT_FROM, kept[-1])):
        kept.pop()
    new = "\n".join(_without_signature(kept)).strip()
    return new or text.strip()


def _begins_history(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    if len(line) > _LONGEST or not _CAN_BEGIN.search(line):
        return False
    if _matches(_SEPARATOR, line):
        return True
    if _matches(_RULE, line):
        return _is_block(lines, at + 1, ruled=True)
    if _is_block(lines, at):
        return True
    following = [each.strip() for each in lines[at + 1 : at + 4] if each.strip()]
    if _is_wrote(line, following):
        return True
    begins = line.lower().startswith(("on ", "在", "于"))
    joined = [" ".join([line, *following[:more]]) for more in (1, 2)]
    return begins and any(_is_wrote(each, following[n:]) for n, each in enumerate(joined, 1))


def _is_wrote(line: str, following: list[str]) -> bool:
    """Say whether a line opens a quotation: it names an address, or quoted lines follow it."""
    if not any(_matches(pattern, line) for pattern in _WROTE):
        return False
    return "@" in line or bool(following and following[0].startswith(">"))


def _is_block(lines: list[str], at: int, *, ruled: bool = False) -> bool:
    """Say whether lines look like the head of a mail: From, Sent, To, one below the other.

    People write dates and subjects below each other, too: without a rule above, the head names
    whom the mail is from, by address or together with its subject.
    """
    names: list[str] = []
    has_address = False
    for line in lines[at : at + 6]:
        if not line.strip() and not names:
            return False
        if field := _field(line):
            names.append(field.group(1).lower())
            has_address |= names[-1] in _FROM and "@" in line
        elif line.strip():
            break
    if len(names) < _FIELDS_IN_A_ROW:
        return False
    dated = bool(_SUBJECT.intersection(names) and _SENT.intersection(names))
    return ruled or has_address or (bool(_FROM.intersection(names)) and dated)


def _field(line: str) -> re.Match[str] | None:
    return _FIELD.match(line.strip()) if len(line) <= _LONGEST else None


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    """Match a whole line, runs of white space taken as one space; longer ones match nothing."""
    line = line.strip()
    return len(line) <= _LONGEST and pattern.fullmatch(" ".join(line.split())) is not None


def _without_signature(lines: list[str]) -> list[str]:
    """Cut what stands below the standard mark of a signature, "-- ", if it is short."""
    for number, line in enumerate(lines):
        if line.rstrip() == "--" and 0 < number >= len(lines) - _LONGEST_SIGNATURE:
            return lines[:number]
    return lines
