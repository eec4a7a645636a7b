"""What an order for many cases says in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from complaints.models import BulkJob, Macro
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
    if job.kind == BulkKind.MACRO:
        return _("快捷操作「%(name)s」") % params
    cause = MergeCause(params["cause"]).label
    return _("并入 %(reference)s（%(cause)s）") % {"reference": params["reference"], "cause": cause}


def macro_words(macro: Macro) -> dict[str, Any]:
    """Say what a macro does to every case, and what of it nobody can take back."""
    acts = macro.acts
    does: list[Any] = []
    if macro.template is not None:
        does.append(_("回复消费者"))
    if acts.get("accept_in_days"):
        days = acts["accept_in_days"]
        does.append(
            ngettext("受理，%(days)d 天内办结", "受理，%(days)d 天内办结", days) % {"days": days}
        )
    for act, words in (("category", _("定类别")), ("issue", _("定问题")), ("owner", _("换负责人"))):
        if acts.get(act):
            does.append(words)
    if acts.get("severity"):
        label = Severity(acts["severity"]).label
        does.append(_("严重程度定为「%(label)s」") % {"label": label})
    does += [_("加标签「%(name)s」") % {"name": name} for name in acts.get("add_tags", [])]
    does += [_("去掉标签「%(name)s」") % {"name": name} for name in acts.get("remove_tags", [])]
    if acts.get("emergency"):
        does.append(_("升为紧急"))
    if acts.get("note"):
        does.append(_("写内部备注"))
    return {"name": macro.name, "does": does, "stays": list(_staying(macro))}


def _staying(macro: Macro) -> Iterator[Any]:
    if macro.acts.get("accept_in_days"):
        yield _("受理会马上告诉消费者，撤销不了。")
    elif macro.template is not None:
        seconds = settings.BULK_UNDO_SECONDS
        yield (
            ngettext(
                "回复 %(seconds)d 秒后发出；发出以后收不回。",
                "回复 %(seconds)d 秒后发出；发出以后收不回。",
                seconds,
            )
            % {"seconds": seconds}
            if seconds
            else _("回复马上发出，收不回。")
        )
    if macro.acts.get("emergency"):
        yield _("升为紧急以后，要由两个人才能降。")
    if macro.acts.get("note"):
        yield _("备注会留下。")


def next_poll(total: int) -> str:
    """Return how often the page asks: seldom where there is much to do."""
    return "every 3s" if total > _SLOW else "every 1s"
