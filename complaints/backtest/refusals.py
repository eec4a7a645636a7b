"""Why a log or a policy can't be used, in words for the person who wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

MOST_FAULTS = 20


class PolicyRefused(Exception):
    """The policy says something that can't be meant; `where` names the place in it."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        text = _("试算规则的 %(where)s：%(reason)s") % {"where": where, "reason": reason}
        super().__init__(text if where else reason)


@dataclass(frozen=True)
class Fault:
    """One place of the log that can't be read: the physical line and, if it is one, the column.

    Line 0 is the file as a whole.
    """

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        if not self.line:
            return self.reason
        facts = {"line": self.line, "column": self.column, "reason": self.reason}
        if self.column:
            return _("第 %(line)d 行，「%(column)s」列：%(reason)s") % facts
        return _("第 %(line)d 行：%(reason)s") % facts


class LogRefused(Exception):
    """The log can't be trusted, and nothing of it was counted; `faults` names the first places."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(pgettext("list separator", "；").join(str(fault) for fault in faults))
