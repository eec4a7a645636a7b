"""A case's conversation as the parts of the page take it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Case, CaseEvent, Evidence, Message
from complaints.selectors.facts import has_picture
from complaints.selectors.timeline import Entry, LogLine, Timeline
from complaints.states import ActorKind, Channel, ClockKind, MergeCause, MessageKind, Stage
from config.desk.delivery import delivery_of
from config.presenters import event_icon, staff_text
from config.templatetags.present import mask_name, moment

TOGETHER = timedelta(minutes=2)
_STAMPS = {"consumer_wrote_at", "staff_wrote_at"}


def _when(at: datetime, now: datetime) -> dict[str, str]:
    return {"at": moment(at, now), "at_iso": timezone.localtime(at).isoformat()}


def conversation_items(case: Case, timeline: Timeline, *, now: datetime) -> list[dict[str, Any]]:
    """Return messages, notes, files and events; a file goes with the words it came with."""
    items: list[dict[str, Any]] = []
    if timeline.earlier is None:
        items.append(_first_words(case, now))
    for entry in timeline.entries:
        words = _words_of(items, entry) if entry.kind == "file" else None
        if words is not None:
            words["attachments"].append(attachment(case, entry.what))
        else:
            items.append({"entry": entry, **_shown(case, entry, now)})
    return items


def _first_words(case: Case, now: datetime) -> dict[str, Any]:
    words = {
        "author": mask_name(case.consumer.name),
        "role": f"{_('消费者')} · {case.get_channel_display()}",
        "text": case.description,
        "kind": "consumer",
        "attachments": [],
        **_when(case.received_at, now),
    }
    return {"message": words, "author": (ActorKind.CONSUMER, None), "moment": case.received_at}


def _words_of(items: list[dict[str, Any]], entry: Entry) -> dict[str, Any] | None:
    who = (entry.what.uploaded_by_kind, entry.what.uploaded_by_id)
    said = next((item for item in reversed(items) if "message" in item), None)
    if said is None or said["author"] != who or entry.at - said["moment"] > TOGETHER:
        return None
    return said["message"]


def _shown(case: Case, entry: Entry, now: datetime) -> dict[str, Any]:
    if entry.kind == "message":
        return _message(case, entry.what, now)
    if entry.kind == "file":
        return {"line": _file_line(case, entry.what, now)}
    event = entry.what
    text = _event_words(event)
    if event.actor is not None:
        text = _("%(who)s：%(what)s") % {"who": event.actor.display_name, "what": text}
    return {"line": {"text": text, "icon": event_icon(event), **_when(entry.at, now)}}


def _event_words(event: CaseEvent) -> str:
    text, clock = staff_text(event), event.data.get("clock")
    cause = event.data.get("cause")
    if event.kind == "merge" and cause in MergeCause.values:
        return _("%(what)s：%(cause)s") % {"what": text, "cause": MergeCause(cause).label}
    if clock in ClockKind.values:
        return _("%(what)s：%(clock)s") % {"what": text, "clock": ClockKind(clock).label}
    return text


def _message(case: Case, message: Message, now: datetime) -> dict[str, Any]:
    kinds = {ActorKind.CONSUMER: "consumer", ActorKind.MEDIATOR: "consumer"}
    kind = (
        "internal" if message.kind == MessageKind.NOTE else kinds.get(message.author_kind, "staff")
    )
    shown = {"text": message.body, "kind": kind, "attachments": [], **_when(message.at, now)}
    if kind == "staff":
        shown["delivery"] = delivery_of(message, now=now)
    if message.author is not None:
        team = message.author.team
        shown |= {
            "author": message.author.display_name,
            "role": team.department.name if team else "",
        }
    elif message.author_kind == ActorKind.CONSUMER:
        channel = Channel(message.channel).label
        shown |= {"author": mask_name(case.consumer.name), "role": f"{_('消费者')} · {channel}"}
    else:
        shown |= {"author": message.get_author_kind_display(), "role": ""}
    who = (message.author_kind, message.author_id)
    return {"message": shown, "author": who, "moment": message.at}


def _file_line(case: Case, evidence: Evidence, now: datetime) -> dict[str, Any]:
    who = (
        evidence.uploaded_by.display_name
        if evidence.uploaded_by
        else evidence.get_uploaded_by_kind_display()
    )
    shown = attachment(case, evidence)
    return {
        "text": _("%(who)s 上传了材料") % {"who": who},
        "href": shown["href"],
        "link": shown["name"],
        "icon": "paperclip",
        **_when(evidence.at, now),
    }


def attachment(case: Case, evidence: Evidence) -> dict[str, Any]:
    """Return a file as a small card with its picture, where there is one."""
    stored, key = evidence.file, [case.reference, evidence.pk]
    thumb = reverse("complaints:evidence_thumb", args=key) if has_picture(evidence) else ""
    return {
        "name": stored.original_name,
        "href": reverse("complaints:evidence", args=key),
        "thumb": thumb,
        "icon": "video" if stored.is_video else "file-text",
    }


def log_items(lines: list[LogLine], *, now: datetime) -> list[dict[str, Any]]:
    """Return the log as lines: who, what, from where to where, and the words that belong to it."""
    return [
        {
            "sequence": line.event.sequence,
            "who": line.event.actor or line.event.get_actor_kind_display(),
            "what": _event_words(line.event),
            "icon": event_icon(line.event),
            "old": _stage(line.event.old_stage),
            "new": _stage(line.event.new_stage),
            "words": [str(word) for word in (line.text or {}).values() if word],
            "changes": [
                _field_name(name)
                for name in line.event.data.get("changes", {})
                if name not in _STAMPS
            ],
            "hash": line.event.hash,
            **_when(line.event.at, now),
        }
        for line in lines
    ]


def _field_name(name: str) -> str:
    return str(Case._meta.get_field(name).verbose_name)


def _stage(stage: str) -> Any:
    return Stage(stage).label if stage else ""
