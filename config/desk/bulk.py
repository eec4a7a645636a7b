"""What an order for many cases says in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from complaints.models import BulkJob
from complaints.states import BulkKind, MergeCause, Severity

_SLOW = 500


def job_words(job: BulkJob) -> str:
    """Say what was ordered, for how many cases."""
    words = {"count": job.total, "what": _what(job.undo_of or job)}
    if job.kind == BulkKind.UNDO:
        return (
            ngettext("撤销「%(what)s」，%(count)d 件", "撤销「%(what)s」，%(count)d 件", job.total)
            % words
        )
    return ngettext("%(what)s，%(count)d 件", "%(what)s，%(count)d 件", job.total) % words


def _what(job: BulkJob) -> str:
    params: dict[str, Any] = job.params
    if job.kind == BulkKind.ASSIGN:
        owner = User.objects.filter(pk=params["owner"]).first()
        return _("转交给%(name)s") % {"name": owner or ""}
    if job.kind == BulkKind.TAG:
        return _("加标签「%(name)s」") % params
    if job.kind == BulkKind.UNTAG:
        return _("去掉标签「%(name)s」") % params
    if job.kind == BulkKind.SEVERITY:
        label = Severity(params["severity"]).label
        return _("严重程度定为「%(label)s」") % {"label": label}
    cause = MergeCause(params["cause"]).label
    return _("并入 %(reference)s（%(cause)s）") % {"reference": params["reference"], "cause": cause}


def next_poll(total: int) -> str:
    """Return how often the page asks: seldom where there is much to do."""
    return "every 3s" if total > _SLOW else "every 1s"
