"""A macro run over many cases, and what of it can be taken back in each.

Every case gets what the macro's preview says for it, in one transaction; what would be asked of a
person on the single page (a blank variable, a stage that does not fit) refuses the case instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.models import Case, CaseEvent, CaseTag, ReplyDraft, Tag
from complaints.selectors.macros import macro_by_id, preview
from complaints.services.bulk_done import Done, Params
from complaints.services.conversation import was_said
from complaints.services.locking import locked_case
from complaints.services.macros import CLASSIFYING, run_macro
from complaints.services.tagging import tag_case
from complaints.services.triage import assign, classify, clear_severity, unassign

FOR_OPEN = (*CLASSIFYING, "owner", "emergency")


def run_in_bulk(case: Case, params: Params, by: Actor, seen: int) -> Done:
    """Run a macro on one case as its preview says. Raises CaseError for what it can't do there."""
    macro = macro_by_id(params["macro"])
    if macro is None or macro.retired_at is not None:
        raise CaseError(_("这个快捷操作已经停用。"))
    case = locked_case(case, seen=seen)
    plan = preview(macro, case, by)
    if plan.obstacles:
        raise CaseError(plan.obstacles[0])
    if not case.is_open and any(macro.acts.get(name) for name in FOR_OPEN):
        raise CaseError(_("案件已经结束。"))
    before = _facts(case)
    if not plan.does_something:
        return Done(case.version, before, changed=False)
    run_macro(
        case,
        macro,
        by=by,
        reply=plan.reply.text if plan.reply else "",
        note=plan.note.text if plan.note else "",
        version=params["version"],
        seen=seen,
        nonce=params["mark"],
        wait=settings.BULK_UNDO_SECONDS,
    )
    case = locked_case(case)
    tags = set(_tags_of(case))
    left: Params = {
        "added": sorted(tags - set(before["tags"])),
        "removed": sorted(set(before["tags"]) - tags),
        "accepted": case.stage != before["stage"],
        "raised": case.urgency != before["urgency"],
        "replied": plan.reply is not None and plan.expected_on is None,
        "noted": plan.note is not None,
        "events": case.event_count,
        "actor": by.person.pk,
    }
    return Done(case.version, before | left)


def _tags_of(case: Case) -> list[int]:
    return list(CaseTag.objects.filter(case=case).values_list("tag_id", flat=True))


def _facts(case: Case) -> Params:
    names = (*CLASSIFYING, "stage", "urgency")
    facts: dict[str, Any] = {name: str(getattr(case, name) or "") for name in names}
    return facts | {"owner": case.owner_id, "team": case.team_id, "tags": _tags_of(case)}


# --- Taking back ----------------------------------------------------------------------------------
def withdraw_replies(params: Params, author: User) -> int:
    """Let none of an order's waiting replies go out; return how many there were.

    Done in the moment in which somebody asks to undo, so that none leaves while the cases wait for
    their turn. A reply that is being sent this instant is one that went out.
    """
    waiting = ReplyDraft.objects.filter(
        author=author, nonce=params["mark"], goes_at__isnull=False, files=None
    )
    return waiting.delete()[0]


def take_back(case: Case, params: Params, before: Params, by: Actor, seen: int) -> Done:
    """Undo of a macro what can be undone in one case, and say what stays.

    A reply that went out in its own time is no change by anybody: the rest is undone all the same.
    Raises StaleCase when somebody changed the case, CaseError when nothing can be taken back.
    """
    case = locked_case(case)
    author = Actor.staff(User.objects.get(pk=before["actor"]))
    if case.version != seen and not _only_its_reply_since(case, params, before, author):
        raise StaleCase(_("期间有变化，没有动"), seen=seen, current=case.version)
    undone, stays = [], _what_stays(before)
    if before["replied"]:
        if was_said(case, by=author, nonce=params["mark"]):
            stays.insert(0, _("回复已经发出，收不回。"))
        else:
            undone.append("reply")
    for part in (_classification_back, _owner_back, _tags_back):
        try:
            with transaction.atomic():
                if part(case, before, by):
                    undone.append(part.__name__)
        except CaseError as refusal:
            stays.append(str(refusal.message))
    if not undone:
        raise CaseError("".join(stays) or _("没有可以撤销的内容。"))
    return Done(locked_case(case).version, {}, told="".join(stays))


def _what_stays(before: Params) -> list[str]:
    """Return, in words, what nobody can take back."""
    said: list[tuple[Any, Callable[[], str]]] = [
        (before["accepted"], lambda: _("案件已经受理，消费者也收到了通知。")),
        (before["raised"], lambda: _("紧急程度要由两个人降。")),
        (before["noted"], lambda: _("备注留在记录里。")),
    ]
    return [words() for is_so, words in said if is_so]


def _only_its_reply_since(case: Case, params: Params, before: Params, author: Actor) -> bool:
    """Say whether nothing happened since but that the macro's own reply went out."""
    since = CaseEvent.objects.filter(case=case, sequence__gt=before["events"])
    events = list(since.values_list("kind", "actor_id")[:2])
    sent = bool(before["replied"]) and was_said(case, by=author, nonce=params["mark"])
    return sent and events == [("message", author.person.pk)]


def _classification_back(case: Case, before: Params, by: Actor) -> bool:
    """Put category, issue and severity back; an accepted case was accepted as it is graded."""
    if before["accepted"]:
        return False
    case = locked_case(case)
    former = {name: before[name] for name in CLASSIFYING if getattr(case, name) != before[name]}
    if "severity" in former and not former["severity"]:
        del former["severity"]
        case = clear_severity(case, by=by)
        if not former:
            return True
    if former:
        classify(case, by=by, **former)
    return bool(former)


def _owner_back(case: Case, before: Params, by: Actor) -> bool:
    case = locked_case(case)
    if case.owner_id == before["owner"]:
        return False
    owner = User.objects.filter(pk=before["owner"]).first()
    if owner is None:
        unassign(case, by=by, team=before["team"])
    else:
        assign(case, owner=owner, by=by, team=Team.objects.filter(pk=before["team"]).first())
    return True


def _tags_back(case: Case, before: Params, by: Actor) -> bool:
    removed = Tag.objects.filter(pk__in=before["removed"])
    added = Tag.objects.filter(pk__in=before["added"])
    version = locked_case(case).version
    return tag_case(case, add=removed, remove=added, by=by).version != version
