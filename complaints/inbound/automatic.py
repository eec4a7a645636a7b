"""Mails that no person wrote: they make no case and get no answer (RFC 3834)."""

from __future__ import annotations

import re

from complaints.inbound.parsing import ParsedMail

MOST_HOPS = 40
_ABSENCE = re.compile(
    r"((re|回复|答复)\s*[:：])?\s*[\[【(（]?\s*(自动回复|自动答复|自動回覆|休假自动回复|外出自动回复|"
    r"不在办公室|out of (the )?office|automatic reply|auto(matic)?[- ]?(reply|response)|autoreply|"
    r"on vacation|vacation reply|abwesenheit(snotiz)?|undeliver(ed|able)( mail)?|"
    r"mail delivery (failed|subsystem)|delivery status notification|returned mail|系统退信)"
    r"\s*($|[:：\]】)）(（—–-])",
    re.IGNORECASE,
)
_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_ANSWERS_BY_MACHINE = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponse")
_NOT_A_PERSON = ("mailer-daemon@", "noreply@", "no-reply@", "donotreply@", "do-not-reply@")


def reason_automatic(mail: ParsedMail) -> str:
    """Return why a mail is taken for automatic, as a code, or "" for a person's."""
    heads = mail.headers
    submitted = heads.get("auto-submitted", "no").split(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return "auto_submitted"
    if any(name in heads for name in _ANSWERS_BY_MACHINE):
        return "auto_reply"
    if heads.get("return-path", "-").replace(" ", "") == "<>":
        return "no_return_path"
    if heads.get("precedence", "").strip().lower() in _BULK or "list-id" in heads:
        return "bulk"
    if _suppresses_answers(heads.get("x-auto-response-suppress", "")):
        return "wants_no_answer"
    if mail.sender.startswith(_NOT_A_PERSON):
        return "no_person"
    return ""


def sounds_automatic(mail: ParsedMail) -> bool:
    """Say whether only the subject sounds like a machine's: a person may write so, too."""
    return _ABSENCE.match(mail.subject) is not None


def _suppresses_answers(value: str) -> bool:
    """Exchange marks its own machine mails so; a mere "no receipts, please" is a person's."""
    words = {word.strip().lower() for word in value.split(",")}
    return bool(words & {"all", "autoreply"})


def is_going_round(mail: ParsedMail) -> bool:
    """Say whether a mail has passed more servers than any honest way has."""
    return mail.hops > MOST_HOPS
